//go:build browser

package main

import "testing"

func TestBrowserRunInEnglish(t *testing.T) {
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
