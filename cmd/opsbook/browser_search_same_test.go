//go:build browser

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"opsbook/search"
)

// asked types a query into the open dialog as an input method would, and returns what the list then shows, each hit once it was explained.
func asked(t *testing.T, b *tab, query string) []string {
	t.Helper()
	text, err := json.Marshal(query)
	if err != nil {
		t.Fatal(err)
	}
	return eval[[]string](t, b, `new Promise((done) => {
		const list = document.querySelector("dialog.seek [role=listbox]"), input = document.querySelector("dialog.seek input");
		let last;
		const untold = () => list.querySelector("[data-untold]");
		const tell = async () => {
			for (let line = untold(); line; line = untold()) {
				line.scrollIntoView();
				await new Promise((r) => setTimeout(r, 20));
			}
			done([...list.querySelectorAll("[role=option]")].map((o) => o.querySelector(".t").textContent + (o.querySelector(".w")?.textContent ?? "")));
		};
		const watcher = new MutationObserver(() => { clearTimeout(last); last = setTimeout(tell, 150); });
		for (const part of [list, document.querySelector("dialog.seek .tell")]) watcher.observe(part, { childList: true }); // an empty list stays as it is
		input.value = `+string(text)+`;
		input.dispatchEvent(new InputEvent("input", { bubbles: true }));
	})`)
}

// lines are an answer's hits as the dialog shows them.
func lines(a search.Answer) []string {
	all := []string{}
	for _, h := range append(a.Hits, a.Nearest...) {
		line := h.Title
		if h.Section != "" && h.Section != h.Title {
			line += " › " + h.Section
		}
		all = append(all, line)
	}
	return all
}

// everyday is what is asked of the example: query -> the words of which one must be in the first line found, "" for nothing found.
var everyday = []struct{ query, want string }{
	{"サーバ", "GuardDuty"},
	{"サーバー", "GuardDuty"},
	{"ｻｰﾊﾞｰ", "GuardDuty"},
	{"ーバー", "GuardDuty"},
	{"AWS", "AWS アカウントの作成"},
	{"ＡＷＳ", "AWS アカウントの作成"},
	{"再起動", "注文サービスの再起動"},
	{"restart", "注文サービスの再起動"},
	{"databse", "データベース"},
	{"つながらない", "サイトが表示されない"},
	{"止める", "アクセスキーの漏えい"},
	{"鍵", "アクセスキー"},
	{"RDSFailover", "注文データベースのフェイルオーバー"},
	{"RUN002", "注文データベースのフェイルオーバー"},
	{"failover orders", "注文データベースのフェイルオーバー"},
	{"type:runbook owner:dba フェイルオーバー", "注文データベースのフェイルオーバー"},
	{"種別:手順書 担当:dba フェイルオーバー", "注文データベースのフェイルオーバー"},
	{"severity:SEV1 state:stale", ""},
	{"証明書の更新", "証明書の更新"},
	{"切り戻し", "デプロイの切り戻し"},
	{"https://ops.example.com/kb/runbooks/rds-failover/?from=chat#手順", "注文データベースのフェイルオーバー › 手順"},
	{"https://git.example.com/anycompany/ops-knowledge/blob/main/content/runbooks/certificate-renewal.md", "証明書の更新"},
	{"[FIRING:1] RDSFailover (orders-db critical) 2026-10-03T03:11:42Z fingerprint=9f8e7d6c5b4a", "注文データベースのフェイルオーバー"},
	{"qqqqzzzzxx", ""},
}

// The terminal, the dev server and the browser answer alike: the same pages, opened at the same sections, in the same order.
func TestBrowserSearchAnswersAlikeEverywhere(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().In(zone).Format(time.DateOnly) // the browser's: what is overdue ranks a little lower
	home, dir := serveCopyOn(t, today)
	b := openTabFor(t, home, 3*time.Minute) // every line that is shown asks for its page
	b.view(t, 1440, false)
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"), chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
	for i, q := range everyday {
		shown := asked(t, b, q.query)
		if first := append(slices.Clone(shown), "")[0]; !strings.Contains(first, q.want) || q.query == "qqqqzzzzxx" && first != "" {
			t.Errorf("%q: the first line is %q, want %q", q.query, first, q.want)
		}
		if i%3 == 0 { // each run reads the whole example
			terminal := inTerminal(t, "search", q.query, "--source", dir, "--json", "--limit", "12", "--clock", today)
			if got := lines(terminal); !slices.Equal(got, shown) {
				t.Errorf("%q: the terminal finds\n%q, the browser\n%q", q.query, got, shown)
			}
		}
		response, err := http.Get(home + "-/search?limit=12&q=" + url.QueryEscape(q.query))
		if err != nil {
			t.Fatal(err)
		}
		var served search.Answer
		err = json.NewDecoder(response.Body).Decode(&served)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := lines(served); !slices.Equal(got, shown) {
			t.Errorf("%q: the dev server finds\n%q, the browser\n%q", q.query, got, shown)
		}
	}
	const listed = "CPUUtilization が 5分間 80%" // says of its symptoms and tools, which are lists beside the text
	asked(t, b, listed)
	said := eval[string](t, b, `document.querySelector("dialog.seek [role=option] .s").textContent`)
	terminal := inTerminal(t, "search", listed, "--source", dir, "--json", "--limit", "1", "--clock", today)
	if len(terminal.Hits) != 1 || said != terminal.Hits[0].Snippet || !strings.Contains(said, "超える 注文の") {
		t.Errorf("%q: the terminal says\n%v, the browser\n%s", listed, terminal.Hits, said)
	}
	b.clean(t)
}

// inTerminal runs a search that prints JSON.
func inTerminal(t *testing.T, arguments ...string) (answer search.Answer) {
	t.Helper()
	var printed bytes.Buffer
	if code := newApp(&printed, io.Discard, func(string) string { return "" }).run(context.Background(), arguments); code != 0 {
		t.Fatalf("%q ended with %d", arguments, code)
	}
	if err := json.Unmarshal(printed.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}
