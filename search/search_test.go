package search_test

import (
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"opsbook/search"
	"opsbook/search/webindex"
)

// site answers queries over a few records.
func site(t *testing.T, synonyms [][]string, records ...search.Record) func(search.Query) search.Answer {
	t.Helper()
	var entries []webindex.Entry
	for _, r := range records {
		entries = append(entries, webindex.Analyze(r))
	}
	files, err := webindex.Write(entries, webindex.Options{Synonyms: synonyms})
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(files, webindex.Texts(records))
	reader, err := webindex.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	return func(q search.Query) search.Answer {
		t.Helper()
		a, err := reader.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func body(text string) []search.Section { return []search.Section{{Text: text}} }

func pages(a search.Answer) string {
	var all []string
	for _, h := range a.Hits {
		all = append(all, h.URL)
	}
	return strings.Join(all, " ")
}

func TestWordsFindTheirPages(t *testing.T) {
	ask := site(t, [][]string{{"昇格", "promotion"}},
		search.Record{URL: "failover", Title: "RDSフェイルオーバー", Alerts: []string{"RDSFailover"}, Sections: body("データベース (database) への接続を止める。レプリカを昇格する。サーバーを再起動した。")},
		search.Record{URL: "keys", Title: "秘密鍵の交換", Sections: body("つながらないときは戻す。arn:aws:iam::123456789012:role/OrdersDeploy を使う。")},
		search.Record{URL: "crash", Title: "A pod restarts", Alerts: []string{"KubePodCrashLooping"}, Sections: body("ＡＷＳ Café configuration was restarting.")},
	)
	for query, want := range map[string]string{
		"サーバ": "failover", "サーバー": "failover", "ｻｰﾊﾞｰ": "failover", "ーバー": "failover",
		"止める": "failover", "止め": "failover", "databse": "failover", "promotion": "failover", "系切替": "failover",
		"鍵": "keys", "つながらない": "keys", "がらな": "keys", "密鍵の": "keys",
		"arn:aws:iam::123456789012:role/OrdersDeploy": "keys", "OrdersDeploy": "keys", "deploy orders": "keys",
		"KubePodCrashLooping": "crash", "kubepodcrashlooping": "crash", "crash looping": "crash", "kubepodcr": "crash",
		"aws": "crash keys", "ＡＷＳ": "crash keys", "cafe": "crash", "CAFÉ": "crash", "restarted": "crash failover",
		"再起動": "failover crash", "reboots": "crash failover", "xylophone": "", "restart xylophone": "",
	} {
		if got := pages(ask(search.Query{Text: query})); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestIncidentOrder(t *testing.T) {
	same := body("The queue is full and consumers are slow.")
	ask := site(t, nil,
		search.Record{URL: "a-archived", Title: "Full queue", Status: "archived", Severity: "SEV1", Sections: same},
		search.Record{URL: "b-stale", Title: "Full queue again", Severity: "SEV2", Due: "2026-01-01", Sections: same},
		search.Record{URL: "c-fresh", Title: "Full queue here", Severity: "SEV2", Due: "2027-01-01", Sections: same},
		search.Record{URL: "d-worst", Title: "Full queue there", Severity: "SEV1", Due: "2027-01-01", Sections: same},
		search.Record{URL: "e-named", Title: "Consumers", Alerts: []string{"cloudwatch:queue-5xx"}, Sections: body("See the dashboard.")},
		search.Record{URL: "f-talks", Title: "queue-5xx queue-5xx", Sections: body("queue-5xx queue-5xx queue-5xx")},
	)
	for query, want := range map[string]string{
		"queue full": "d-worst c-fresh b-stale a-archived",
		"queue-5xx":  "e-named f-talks",
		"ALARM: \"queue-5xx\" in Asia Pacific (Tokyo) at 2026-11-01T03:04:05Z": "e-named",
		"severity:sev2 queue full":            "c-fresh b-stale",
		"state:stale queue full":              "b-stale",
		"status:archived":                     "a-archived",
		"https://kb.example.com/x/e-named/#s": "e-named",
	} {
		a := ask(search.Query{Text: query, Clock: "2026-11-01"})
		if got := pages(a); !strings.HasPrefix(got, want) {
			t.Errorf("%q finds %q, want %q first", query, got, want)
		}
	}
}

func TestAWordWithAColonIsAFilterOnlyForKnownValues(t *testing.T) {
	ask := site(t, nil,
		search.Record{URL: "a", Title: "Pods", Type: "runbook", Owner: "dba", Sections: body("type:Warning reason:BackOff")},
		search.Record{URL: "b", Title: "Pods", Type: "note", Owner: "sre", Sections: body("nothing")},
	)
	for query, want := range map[string]string{
		"type:Warning reason:BackOff": "a", "type:note pods": "b", "TYPE：note，": "", "owner:dba,sre pods": "a b", "type:note": "b",
	} {
		if got := pages(ask(search.Query{Text: query})); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	a := ask(search.Query{Text: "pods", Filters: map[string][]string{"owner": {"dba"}}})
	if pages(a) != "a" || a.Facets["owner"]["sre"] != 1 || a.Facets["type"]["note"] != 0 {
		t.Errorf("hits %q, facets %v: a facet's own filter must not hide its other values", pages(a), a.Facets)
	}
}

func TestHitOpensAtTheSectionThatAnswers(t *testing.T) {
	ask := site(t, nil, search.Record{URL: "p", Title: "RDS", Sections: []search.Section{
		{Text: "概要です。切り戻しもあります。"},
		{Anchor: "steps", Heading: "手順", Text: strings.Repeat("確認する。", 60) + "最後に昇格コマンドを実行する。" + strings.Repeat("終わり。", 60)},
		{Anchor: "rollback", Heading: "切り戻し", Text: "戻す。"},
	}})
	for query, want := range map[string][2]string{"昇格": {"steps", "昇格"}, "切り戻し": {"rollback", ""}} {
		a := ask(search.Query{Text: query})
		if len(a.Hits) != 1 || a.Hits[0].Anchor != want[0] {
			t.Fatalf("%q opens %+v", query, a.Hits)
		}
		h := a.Hits[0]
		if want[1] == "" {
			continue
		}
		if len(h.Marks) != 1 || string([]rune(h.Snippet)[h.Marks[0][0]:h.Marks[0][1]]) != want[1] {
			t.Errorf("%q marks %v in %q", query, h.Marks, h.Snippet)
		}
		if !strings.HasPrefix(h.Snippet, "…") || !strings.HasSuffix(h.Snippet, "…") {
			t.Errorf("a snippet from the middle is %q", h.Snippet)
		}
	}
}

func TestNothingFoundIsHonest(t *testing.T) {
	ask := site(t, nil, search.Record{URL: "p", Title: "Certificate renewal", Sections: body("Renew it.")})
	a := ask(search.Query{Text: "certificate zeppelin"})
	if len(a.Hits) != 0 || len(a.Nearest) != 1 || a.Nearest[0].URL != "p" {
		t.Errorf("hits %v, nearest %v", a.Hits, a.Nearest)
	}
	a = ask(search.Query{Text: "certifcate"})
	if len(a.Hits) != 1 || len(a.Corrected) != 1 || a.Corrected[0].To[0] != "certificate" {
		t.Errorf("hits %v, corrected %v", a.Hits, a.Corrected)
	}
}

func TestDamagedEntriesAreErrors(t *testing.T) {
	e := search.Describe(search.Record{Title: "A title", Alerts: []string{"Name"}, Sections: body("some text")})
	for cut := range len(e.Terms) {
		damaged := search.Entry{Terms: e.Terms[:cut]}
		n := 0
		if err := damaged.Each(func([]byte, search.Term) { n++ }); err == nil && n == 6 {
			t.Errorf("%d of %d bytes give %d terms and no error", cut, len(e.Terms), n)
		}
	}
}

// Whatever is analysed, tokens lie inside of it and are not empty.
func FuzzAnalyze(f *testing.F) {
	for _, seed := range []string{
		"", "KubePodCrashLooping", "ｻｰﾊﾞｰ", "か\u3099", "a\u0301\u0302", "\xff\xfe", "\x00", "arn:aws:s3:::x", "\u202e\u200d", "葛\U000E0100城",
		"--- : ---", "ーーーー", "https://例え.jp/パス?q=１", strings.Repeat("a.", 100), strings.Repeat("ア", 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, token := range search.Analyze(text) {
			if token.Start < 0 || token.End > len(text) || token.Start >= token.End {
				t.Fatalf("%q: token %+v lies outside", text, token)
			}
			if token.Term == "" || !utf8.ValidString(token.Term) || strings.ContainsAny(token.Term, " \n") {
				t.Fatalf("%q: token %+v cannot be written", text, token)
			}
		}
		search.Describe(search.Record{Title: text, URL: text, Alerts: []string{text}, Sections: body(text)})
	})
}

// Whatever is asked, there is an answer.
func FuzzQuery(f *testing.F) {
	var entries []webindex.Entry
	for _, r := range []search.Record{{URL: "a/", Title: "RDS 再起動", Sections: body("restart the database")}, {URL: "b/", Title: "障害", Type: "note"}} {
		entries = append(entries, webindex.Analyze(r))
	}
	files, err := webindex.Write(entries, webindex.Options{})
	if err != nil {
		f.Fatal(err)
	}
	reader, err := webindex.Open(files)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", " ", "再", "type:note", "type:", "：", "://", "http://%zz/%", "https://x/a/b/", "databse restrat", "a\nb", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := reader.Search(search.Query{Text: text, Clock: "2026-11-01"}); err != nil {
			t.Fatal(err)
		}
	})
}

// A reader finds their own language first, and a page with the very title that
// was asked for in any language.
func TestTheReadersLanguageComesFirst(t *testing.T) {
	ask := site(t, nil,
		search.Record{URL: "ja", Lang: "ja", Title: "注文サービスの再起動", Sections: body("止めてから再起動する。")},
		search.Record{URL: "en", Lang: "en", Title: "The order service", Sections: body("Stop, then restart the order service.")},
		search.Record{URL: "kubelet", Lang: "en", Title: "Drain a node", Sections: body("Drain the node.")},
		search.Record{URL: "drain", Lang: "ja", Title: "メンテナンス", Sections: body("kubectl drain でノードを空にする。node の状態を見る。a")},
	)
	for _, c := range []struct{ text, lang, want string }{{"restart", "ja", "ja en"}, {"restart", "en", "en ja"}, {"drain a node", "ja", "kubelet drain"}} {
		if got := pages(ask(search.Query{Text: c.text, Lang: c.lang})); got != c.want {
			t.Errorf("%q for readers of %s finds %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}

// A page is found by every address it has or had, and by its file.
func TestAPastedAddressOpensItsPage(t *testing.T) {
	ask := site(t, nil,
		search.Record{URL: "runbooks/rds/", Title: "フェイルオーバー", Paths: []string{"old/db/", "alerts/RDSFailover"}, Sections: body("手順")},
		search.Record{URL: "other/", Title: "runbooks rds old db", Sections: body("https://kb.example.com/runbooks/rds/ を見る。")},
	)
	for _, address := range []string{
		"https://kb.example.com/runbooks/rds/", "http://x/pre/fix/runbooks/rds/index.html?x=1#手順", "see https://kb.example.com/old/db/ now",
		"https://kb.example.com/alerts/rdsfailover/", "https://git.example.com/kb/blob/main/runbooks/rds.md",
	} {
		if a := ask(search.Query{Text: address}); len(a.Hits) == 0 || a.Hits[0].URL != "runbooks/rds/" {
			t.Errorf("%s finds %q first", address, pages(a))
		}
	}
}

func TestAPartOfAKnownNameIsNoTypo(t *testing.T) {
	ask := site(t, nil,
		search.Record{URL: "crash", Title: "A pod restarts", Alerts: []string{"KubePodCrashLooping"}, Sections: body("Why?")},
		search.Record{URL: "a", Title: "A", Sections: body("looking")},
		search.Record{URL: "b", Title: "B", Sections: body("looking")},
	)
	if a := ask(search.Query{Text: "KubePodCrashLooping"}); len(a.Corrected) > 0 || pages(a) != "crash" {
		t.Errorf("finds %q, corrected %v", pages(a), a.Corrected)
	}
	if a := ask(search.Query{Text: "KubePodCrashLookin"}); len(a.Corrected) == 0 {
		t.Errorf("a part of an unknown name is not corrected: %q", pages(a))
	}
}

func TestASnippetAtTheEndOfATextUsesItsRoom(t *testing.T) {
	text := strings.Repeat("before it much is said ", 20) + "and the failover is last."
	ask := site(t, nil, search.Record{URL: "a", Title: "A", Sections: body(text)})
	snippet := ask(search.Query{Text: "failover"}).Hits[0].Snippet
	if n := utf8.RuneCountInString(snippet); n < 140 || n > 162 || !strings.HasPrefix(snippet, "…") || !strings.HasSuffix(snippet, "failover is last.") {
		t.Errorf("of %d columns: %q", n, snippet)
	}
}
