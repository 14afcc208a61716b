//go:build browser

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestBrowserRunDecidesToTurnBackAndCorrectsItsBeginning(t *testing.T) {
	t.Parallel()
	home := example(t)
	b := runTab(t, home)
	b.open(t, home+"runbooks/rds-failover/")
	b.begin(t, "okada")
	b.press(t, ".ob-bar [data-key=turn]")
	b.until(t, `document.querySelector("dialog [data-verdict=stop]")`)
	if said := b.text(t, "dialog"); !strings.Contains(said, "切り戻し") || !strings.Contains(said, "%") {
		t.Errorf("the criterion is not in the question: %q", said)
	}
	b.accessible(t, "the decision to turn back")
	b.shot(t, "turn")
	b.press(t, "dialog [data-verdict=stop]")
	b.until(t, `document.querySelector(".ob-bar [data-fact=turned]")?.textContent.includes("続ける")`)
	b.until(t, `document.querySelector(".verdicts .turn .ob-decide strong")?.textContent.includes("続ける")`)
	b.press(t, ".verdicts .turn [data-key=go]")
	b.write(t, "dialog input", "上野 花子")
	b.press(t, "dialog [data-verdict=go]")
	b.until(t, `document.querySelector(".verdicts .turn .ob-decide strong")?.textContent.includes("切り戻す (上野 花子")`)
	b.accessible(t, "decisions")

	b.until(t, `!document.querySelector(".ob-now")?.textContent.includes("SRE")`)
	b.press(t, ".ob-call [data-key=since]")
	eval[bool](t, b, `(() => {
		const input = document.querySelector("dialog input");
		const at = new Date(Date.now() + 3600000);
		input.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
		return true;
	})()`)
	b.press(t, "dialog [type=submit]")
	if said := b.text(t, "dialog .ob-fault"); said == "" {
		t.Error("an incident begins in the future")
	}
	b.accessible(t, "the beginning")
	eval[bool](t, b, `(() => {
		const input = document.querySelector("dialog input");
		const at = new Date(Date.now() - 20 * 60000);
		input.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
		return true;
	})()`)
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.querySelector(".ob-now")?.textContent.includes("SRE")`)
	if said := eval[string](t, b, `document.querySelector("p[role=alert].vh").textContent`); !strings.Contains(said, "今すぐ連絡: SRE") {
		t.Errorf("announced is %q", said)
	}

	b.press(t, ".ob-bar [data-key=finish]")
	b.until(t, `document.querySelector("dialog select")?.value === "切り戻し"`)
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.documentElement.dataset.running === "finished"`)
	if eval[bool](t, b, `Boolean(document.querySelector(".ob-decide button"))`) {
		t.Error("a finished run takes decisions")
	}
	b.accessible(t, "a finished run")
	b.press(t, ".ob-bar [data-key=export]")
	b.until(t, `document.querySelector("dialog textarea")`)
	record := eval[string](t, b, `document.querySelector("dialog textarea").value`)
	for _, want := range []string{"切り戻し: 切り戻す (上野 花子", "切り戻し → 切り戻さず続ける", "開始時刻の訂正: 20", `result: "切り戻し"`} {
		if !strings.Contains(record, want) {
			t.Errorf("the record has no %q:\n%s", want, record)
		}
	}
	b.clean(t)
}

// A screen reader hears what is done, also when somebody else does it, and the next step.
func TestBrowserRunIsHeard(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/bullets/")
	b.begin(t, "okada")
	const heard = `document.querySelector(".ob-bar [role=status]").textContent`
	if got := eval[string](t, b, heard); got != "" {
		t.Errorf("a run that begins says %q over the focus", got)
	}
	if got := eval[string](t, b, `document.activeElement.getAttribute("aria-label")`); got != "手順 1 見る を完了にする" {
		t.Errorf("the first box is called %q", got)
	}
	b.run(t, chromedp.KeyEvent(" "))
	b.until(t, heard+` === "1/2。次 2 直す"`)
	if got := eval[string](t, b, `document.activeElement.getAttribute("aria-pressed")`); got != "true" {
		t.Errorf("the box in focus is pressed: %q", got)
	}
	other := b.second(t)
	other.open(t, home+"runbooks/bullets/")
	other.until(t, `document.querySelector(".ob-bar")`)
	eval[bool](t, other, `document.querySelector("#step-2 > .ob-check").click(), true`)
	b.until(t, heard+` === "2/2"`)
	b.clean(t)
	other.clean(t)
}

func TestBrowserRunIsHandedOverByFile(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/?host=web-3")
	b.press(t, "[data-run-start='']")
	b.write(t, ".ob-form input[required]", "okada")
	b.press(t, ".ob-form input[type=checkbox]")
	b.write(t, ".ob-form > .ob-field input", "上野")
	b.press(t, ".ob-form [type=submit]")
	b.press(t, "#step-1 > .ob-check")
	b.press(t, "#step-1 [data-key=confirm]")
	b.accessible(t, "two people")
	b.press(t, ".ob-bar [data-key=export]")
	b.press(t, "dialog [data-kind=json]")
	text := eval[string](t, b, `document.querySelector("dialog textarea").value`)

	other := runTab(t, home)
	other.open(t, home+"runbooks/list/")
	other.press(t, "[data-run-start='']") // wakes the page
	other.press(t, ".ob-form .ob-acts button:last-child")
	give := func(text string) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "run.json")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		other.until(t, `document.querySelector("#ob-file")`)
		other.run(t, chromedp.SetUploadFiles("#ob-file", []string{file}))
	}
	for text, want := range map[string]string{"{": "壊れている", strings.Replace(text, `"schema": 1`, `"schema": 9`, 1): "新しい版", strings.ReplaceAll(text, "runbooks/list/", "runbooks/table/"): "別のページ"} {
		give(text)
		other.until(t, `document.querySelector(".ob-toast p")?.textContent.includes(`+quote(want)+`)`)
	}
	give(text)
	other.until(t, `document.querySelector(".run .ob-form")`)
	other.accessible(t, "a run out of a file")
	other.write(t, ".ob-form input", "上野")
	other.press(t, ".ob-form [type=submit]")
	if said := other.text(t, ".ob-form .ob-fault"); !strings.Contains(said, "別の人") {
		t.Errorf("who confirms takes over: %q", said)
	}
	other.write(t, ".ob-form input", "佐藤")
	other.press(t, ".ob-form [type=submit]")
	other.until(t, `document.querySelector(".ob-bar")`)
	if got := other.checks(t); got != "dtttt" {
		t.Errorf("taken over are %s", got)
	}
	if said := other.text(t, "#step-1"); !strings.Contains(said, "確認 上野") {
		t.Errorf("who confirmed is lost: %q", said)
	}
	other.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	other.until(t, `document.querySelector(".ob-bar")`)
	b.clean(t)
	other.clean(t)
}

func TestBrowserRunIsPrintedAsEvidence(t *testing.T) {
	t.Parallel()
	files := map[string]string{"runbooks/paper.md": strings.Replace(runbook("印刷", "1. 見る (目安 5分)\n2. 直す (目安 10分)\n3. 片付ける\n", "id: OPS-7\napproved_by: ueno\napproved_on: 2026-09-30\n"), "owner: sre\n", "owner: sre\ndocument_number: 運-012\n", 1)}
	for name, text := range small {
		files[name] = text
	}
	files["opsbook.yaml"] += "extra_keys: [document_number]\n"
	_, home, _ := folder(t, files)
	b := runTab(t, home)
	b.open(t, home+"runbooks/paper/")
	b.press(t, "[data-run-start='']")
	b.write(t, ".ob-form input[required]", "岡田")
	b.press(t, ".ob-form input[type=checkbox]")
	b.write(t, ".ob-form > .ob-field input", "上野")
	b.press(t, ".ob-form [type=submit]")
	b.until(t, `document.querySelector(".ob-bar")`)
	eval[bool](t, b, `window.ahead = 7 * 60000, true`)
	b.press(t, "#step-1 > .ob-check")
	b.press(t, "#step-1 [data-key=confirm]")
	b.press(t, "#step-3 [data-key=skip]")
	b.write(t, "dialog input", "不要")
	b.press(t, "dialog [type=submit]")
	b.press(t, ".ob-bar [data-key=finish]")
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.documentElement.dataset.running === "finished"`)
	if eval[bool](t, b, `document.querySelector(".ob-evidence").offsetHeight > 0`) {
		t.Error("the evidence is on the screen")
	}
	b.view(t, 794, false)
	b.media(t, "print", "prefers-color-scheme", "light")
	paper := strings.Join(strings.Fields(b.text(t, ".ob-evidence")), " ")
	for _, want := range []string{"文書番号 運-012", "版 ", "承認 上野 2026-09-30", "実施者 岡田 確認者 上野", "予定 15分 実績 7分", "見る (目安 5分) 5分", "/ 7分 岡田 上野", "スキップ: 不要", "結果 成功"} {
		if !strings.Contains(paper, want) {
			t.Errorf("the paper has no %q:\n%s", want, paper)
		}
	}
	if eval[bool](t, b, `[...document.querySelectorAll(".ob-bar, .ob-row .ob-small, .ob-shelf, .ob-call")].some((e) => e.offsetHeight > 0)`) {
		t.Error("buttons are printed")
	}
	eval[bool](t, b, `document.querySelector(".ob-evidence").scrollIntoView(), true`)
	b.shot(t, "evidence")
	b.clean(t)
}

// Somebody may set their own colours: what is done is then a shape.
func TestBrowserRunIsReadInForcedColours(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.press(t, "#step-3 [data-key=skip]")
	b.write(t, "dialog input", "不要")
	b.press(t, "dialog [type=submit]")
	b.press(t, "[data-preset='0']")
	b.media(t, "", "forced-colors", "active")
	b.until(t, `matchMedia("(forced-colors: active)").matches`)
	looks := eval[string](t, b, `["#step-1", "#step-2-1", "#step-3"].map((s) => {
		const style = getComputedStyle(document.querySelector(s + " > .ob-check"));
		return style.borderTopStyle + style.borderTopWidth;
	}).join(" ")`)
	if got := strings.Fields(looks); len(got) != 3 || got[0] == got[1] || got[1] == got[2] || got[0] == got[2] {
		t.Errorf("done, open and skipped look like %s", looks)
	}
	b.shot(t, "forced")
	for _, v := range b.axe(t) {
		t.Errorf("forced colours: axe: %s", v)
	}
	b.clean(t)
}

// An alert's link carries values through the alert's address to the page that answers it.
func TestBrowserAlertLinksCarryValues(t *testing.T) {
	t.Parallel()
	home := example(t)
	for _, name := range []string{"RDSFailover", "rdsfailover"} {
		b := runTab(t, home)
		b.run(t, chromedp.Navigate(home+"alerts/"+name+"/?cluster=orders-db&target=orders-db-2#手順"))
		b.until(t, `document.querySelector("[data-input=cluster]")?.value === "orders-db" && location.pathname.endsWith("runbooks/rds-failover/")`)
		b.until(t, `document.documentElement.hasAttribute("data-production")`) // these are the values of one environment
		if got := eval[string](t, b, `decodeURIComponent(location.hash)`); got != "#手順" {
			t.Errorf("the section of the link became %q", got)
		}
		b.clean(t)
	}
}
