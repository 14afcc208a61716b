package render

import (
	"testing"

	"opsbook/generator/page"
)

func TestSpans(t *testing.T) {
	words := map[string]map[string]string{
		"ja": {"span.years": "%s年", "span.months": "%sか月", "span.days": "%s日", "span.hours": "%s時間", "span.minutes": "%s分"},
		"en": {
			"span.years": "%s years", "span.years.one": "%s year", "span.months": "%s months", "span.days": "%s days", "span.hours": "%s h",
			"span.minutes": "%s min", "span.join": " ",
		},
	}
	for _, test := range []struct {
		span   page.Span
		ja, en string
	}{
		{page.Span{Minutes: 15}, "15分", "15 min"},
		{page.Span{Minutes: 90}, "1時間30分", "1 h 30 min"},
		{page.Span{Months: 6}, "6か月", "6 months"},
		{page.Span{Months: 12}, "1年", "1 year"},
		{page.Span{Days: 90}, "90日", "90 days"},
		{page.Span{}, "0分", "0 min"},
	} {
		for lang, want := range map[string]string{"ja": test.ja, "en": test.en} {
			w := speaker{lang: lang, words: words[lang]}
			if got, err := w.span(test.span); got != want || err != nil {
				t.Errorf("%v in %s: %q, %v, want %q", test.span, lang, got, err, want)
			}
		}
	}
}

func TestLongNamesMayBreak(t *testing.T) {
	for in, want := range map[string]string{
		"AlertmanagerClusterFailedToSendAlerts": "Alertmanager<wbr>Cluster<wbr>Failed<wbr>To<wbr>Send<wbr>Alerts",
		"RDSFailover":                           "RDSFailover",
		"注文データベースのフェイルオーバーの手順": "注文データベースのフェイルオーバーの手順",
	} {
		if got := breakable(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestCollapseKeepsCode(t *testing.T) {
	in := "<p>a</p>\n\n\n<pre>b\n\nc</pre>\n\n<p>d</p>\n"
	if got, want := string(collapse([]byte(in))), "<p>a</p>\n<pre>b\n\nc</pre>\n<p>d</p>\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
