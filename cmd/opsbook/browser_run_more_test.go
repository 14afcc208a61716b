//go:build browser

package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

func TestBrowserRunInEnglish(t *testing.T) {
	t.Parallel()
	home := example(t)
	for _, width := range []int64{390, 1440} {
		b := runTab(t, home)
		b.view(t, width, true)
		b.open(t, home+"en/runbooks/rds-failover/?drill=1")
		b.begin(t, "okada")
		b.press(t, "#step-1 > .ob-check")
		b.shot(t, "english")
		b.accessible(t, "a drill in English")
		b.press(t, ".ob-bar [data-key=hand]")
		b.until(t, `document.querySelector("dialog textarea")?.value.startsWith("What:")`)
		b.accessible(t, "the handing over in English")
		b.clean(t)
	}
}

// A browser may hold what the first version of the database kept.
func TestBrowserRunMigratesWhatAnOlderVersionKept(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home)
	eval[bool](t, b, `new Promise((resolve, reject) => {
		const asking = indexedDB.open("opsbook-runs-small", 1);
		asking.onerror = () => reject(asking.error);
		asking.onupgradeneeded = () => {
			asking.result.createObjectStore("events", { keyPath: ["run", "id"] }).createIndex("run", "run");
			asking.result.createObjectStore("runs", { keyPath: "id" }).createIndex("page", "page");
		};
		asking.onsuccess = () => {
			const change = asking.result.transaction(["events", "runs"], "readwrite");
			const steps = ["見る", "直す"].map((text, i) => ({ sid: "stepstep" + i, text, print: "x", number: String(i + 1), minutes: 0, depth: 1 }));
			const add = (e) => change.objectStore("events").put({ run: "runrunrun", at: Date.now(), ...e });
			add({ id: "eventone1", n: 1, kind: "start", page: "runbooks/bullets/", title: "箇条書き", operator: "okada", revision: "old", steps });
			add({ id: "eventtwo2", n: 2, kind: "check", sid: "stepstep1" });
			change.objectStore("runs").put({ id: "runrunrun", page: "runbooks/bullets/", title: "箇条書き", started: 1, finished: 0, operator: "okada", drill: false });
			change.oncomplete = () => { asking.result.close(); resolve(true); };
		};
	})`)
	b.open(t, home+"runbooks/bullets/?run=runrunrun")
	b.until(t, `document.querySelector(".ob-bar")`)
	if got := b.checks(t); got != "td" {
		t.Errorf("kept by the older version is %s", got)
	}
	b.press(t, "#step-1 > .ob-check")
	b.until(t, `document.querySelector("#step-1").dataset.runState === "done"`)
	b.clean(t)
}

// A browser may hold what a newer site keeps: an older copy of a page reads it, adds to it and destroys nothing.
func TestBrowserRunSparesWhatANewerVersionKept(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/bullets/")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.open(t, home+"404.html")
	const newer = `(name, version, act) => new Promise((resolve, reject) => {
		const asking = indexedDB.open("opsbook-runs-small", version);
		asking.onerror = () => reject(asking.error);
		asking.onupgradeneeded = () => asking.result.createObjectStore("photos", { keyPath: "id" });
		asking.onsuccess = () => {
			const change = asking.result.transaction([...asking.result.objectStoreNames], "readwrite");
			const got = act(change);
			change.oncomplete = () => { asking.result.close(); resolve(got?.result ?? true); };
		};
	})`
	eval[bool](t, b, `(`+newer+`)("", 9, (change) => {
		change.objectStore("photos").put({ id: "one" });
		change.objectStore("events").index("run").getAll().onsuccess = (event) => {
			const [first] = event.target.result;
			change.objectStore("events").put({ id: "zzzzzzzz", run: first.run, n: 9, at: 1, kind: "photo", of: "one" });
		};
	})`)
	b.open(t, home+"runbooks/bullets/")
	b.until(t, `document.querySelector(".ob-bar")`)
	b.press(t, "#step-2 > .ob-check")
	b.until(t, `Object.keys(localStorage).filter((k) => k.startsWith("opsbook.journal.")).length === 0`)
	if said := b.text(t, ".ob-trouble"); said != "" {
		t.Errorf("the page says %q", said)
	}
	b.open(t, home+"404.html")
	kept := eval[string](t, b, `(`+newer+`)("", undefined, (change) => change.objectStore("events").getAll()).then((all) => all.map((e) => e.kind).sort().join(" "))`)
	if kept != "check check photo start" {
		t.Errorf("kept are %s", kept)
	}
	if got := eval[int](t, b, `indexedDB.databases().then((all) => all.find((d) => d.name === "opsbook-runs-small").version)`); got != 9 {
		t.Errorf("the database is of version %d", got)
	}
	b.clean(t)
}

// A tab that nobody closed may hold an older database open, so that ours cannot be brought up to date.
func TestBrowserRunIsKeptWhileAnotherTabHoldsAnOlderDatabase(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	holder := runTab(t, home)
	holder.open(t, home)
	eval[bool](t, holder, `new Promise((resolve) => {
		const asking = indexedDB.open("opsbook-runs-small", 1);
		asking.onupgradeneeded = () => {
			asking.result.createObjectStore("events", { keyPath: ["run", "id"] }).createIndex("run", "run");
			asking.result.createObjectStore("runs", { keyPath: "id" }).createIndex("page", "page");
		};
		asking.onsuccess = () => { window.held = asking.result; resolve(true); };
	})`)
	b := holder.second(t)
	b.open(t, home+"runbooks/bullets/")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.until(t, `document.querySelector(".ob-trouble p")?.textContent.includes("予備の領域")`)
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `document.querySelector(".ob-bar")`)
	if got := b.checks(t); got != "dt" {
		t.Errorf("after a reload steps are %s", got)
	}
	eval[bool](t, holder, `window.held.close(), true`)
	b.until(t, `!document.querySelector(".ob-trouble p") && Object.keys(localStorage).filter((k) => k.startsWith("opsbook.journal.")).length === 0`)
	b.press(t, "#step-2 > .ob-check")
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `document.querySelector(".ob-bar")`)
	if got := b.checks(t); got != "dd" {
		t.Errorf("in the end steps are %s", got)
	}
	b.clean(t)
}
