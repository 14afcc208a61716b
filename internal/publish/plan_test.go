package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestTheSameBuildAgainWritesNothing(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		w := newWorld(t, open(t))
		first := w.must(version(1))
		if first.Code != Published || first.Counts.Uploaded != len(version(1)) {
			t.Errorf("first: %+v", first)
		}
		m := &mortal{Target: w.target, cdn: w.cdn, left: -1}
		again, err := w.publish(m, m, version(1))
		if err != nil || again.Code != Unchanged || m.done != 0 {
			t.Errorf("again: %s, %d writes, %v", again.Code, m.done, err)
		}
	})
}

func TestOrderOfWrites(t *testing.T) {
	w := newWorld(t, newDirectory(t))
	w.must(version(1))
	state, err := Look(t.Context(), w.target, Looking{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReadBuild(t.Context(), version(2).build(Facts{}), DefaultCache())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, write := range Make(b, state, Asked{Now: w.clock.now()}).Writes {
		got = append(got, write.Key)
		if long := strings.Contains(write.Headers.Cache, "immutable"); long != hashed(write.Key) {
			t.Errorf("%s may be kept for %q", write.Key, write.Headers.Cache)
		}
	}
	want := []string{
		"assets/app.2.css", "search/shard.2.js", "only/in/2/index.html", "a/b/index.html", "a/index.html", "images/図.png",
		"障害対応/index.html", "404.html", "alerts.json", "search/index.js", "sw.js", "index.html", "offline.json",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestHeadersAlone(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		w := newWorld(t, open(t))
		w.must(version(1))
		cache := DefaultCache()
		cache.Pages = "private, no-cache"
		b, err := ReadBuild(t.Context(), version(1).build(Facts{}), cache)
		if err != nil {
			t.Fatal(err)
		}
		state, err := Look(t.Context(), w.target, Looking{})
		if err != nil {
			t.Fatal(err)
		}
		p := Make(b, state, Asked{Now: w.clock.now(), Tell: true})
		if len(p.Writes) == 0 || p.Writes[0].Why != Header {
			t.Fatalf("changed headers were not seen: %v", p.Writes)
		}
		if _, err := w.runner(w.target, w.cdn).Apply(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		o, err := w.target.Get(t.Context(), "障害対応/index.html")
		if err != nil {
			t.Fatal(err)
		}
		o.Body.Close()
		if o.Headers != (Headers{}) && o.Cache != "private, no-cache" {
			t.Errorf("headers are %+v", o.Headers)
		}
	})
}

func TestGuardRails(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	many := func(n int) site {
		s := version(1)
		for i := range n {
			s[fmt.Sprintf("p/%d/index.html", i)] = fmt.Sprint("<html>", i)
		}
		return s
	}
	without := func(s site, key string) site { s = maps.Clone(s); delete(s, key); return s }
	with := func(s site, key, body string) site { s = maps.Clone(s); s[key] = body; return s }
	for _, c := range []struct {
		name         string
		before, next site
		was, facts   Facts
		want         Guard // "" passes
	}{
		{"eleven of a hundred pages go", many(93), many(82), Facts{}, Facts{}, GuardDeletes},
		{"ten of a hundred pages go", many(90), many(80), Facts{}, Facts{}, ""},
		{"half of the pages go", many(8), version(1), Facts{}, Facts{}, GuardHalved},
		{"no home page", version(1), without(version(1), "index.html"), Facts{}, Facts{}, GuardMissing},
		{"no 404 page", version(1), without(version(1), "404.html"), Facts{}, Facts{}, GuardMissing},
		{"no search", version(1), without(version(1), "search/index.js"), Facts{}, Facts{}, GuardMissing},
		{"drafts", version(1), version(2), Facts{}, Facts{Drafts: true}, GuardDrafts},
		{"an older commit", version(1), version(2), Facts{Commit: "b", CommitTime: now}, Facts{Commit: "a", CommitTime: now.Add(-time.Hour)}, GuardOlder},
		{"a newer commit", version(1), version(2), Facts{Commit: "a", CommitTime: now}, Facts{Commit: "b", CommitTime: now.Add(time.Hour)}, ""},
		{"another site", version(1), version(2), Facts{}, Facts{Site: "https://other.example.com/"}, GuardAdopt},
		{"case twins", version(1), with(with(version(2), "x/Ä.html", "1"), "x/a\u0308.html", "2"), Facts{}, Facts{}, GuardTwins},
		{"case twins with the same bytes", version(1), with(with(version(2), "alerts/Disk.html", "1"), "alerts/disk.html", "1"), Facts{}, Facts{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, newDirectory(t))
			if _, err := w.publishAs(c.was, w.target, w.cdn, c.before); err != nil {
				t.Fatal(err)
			}
			m := &mortal{Target: w.target, cdn: w.cdn, left: -1}
			res, err := w.publishAs(c.facts, m, m, c.next)
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			override := Refusal{Guard: c.want}.Override()
			if res.Exit != 13 || !strings.Contains(err.Error(), override) || m.done != 0 {
				t.Fatalf("exit %d, %d writes: %v; want a refusal that names %s", res.Exit, m.done, err, override)
			}
			allow := func(a *Asked) { a.Allow, a.Adopt = []Guard{c.want}, c.want == GuardAdopt }
			if _, err := w.publishAs(c.facts, w.target, w.cdn, c.next, allow); err != nil {
				t.Errorf("overridden: %v", err)
			}
		})
	}
}

func TestBuildsThatAreRefused(t *testing.T) {
	edited := version(1).build(Facts{})
	edited["index.html"].Data = []byte("edited by hand")
	lost := version(1).build(Facts{})
	delete(lost, "a/index.html")
	linked := version(1).build(Facts{})
	linked["link.html"] = &fstest.MapFile{Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink}
	for name, folder := range map[string]fstest.MapFS{
		"no build":        {"index.html": {Data: []byte("x")}},
		"edited since":    edited,
		"a file was lost": lost,
		"a link":          linked,
		"broken encoding": version(1).build(Facts{ErrorRules: map[string]int{"encoding": 1}}),
		"broken YAML":     version(1).build(Facts{ErrorRules: map[string]int{"meta-syntax": 2}}),
		"a secret":        version(1).build(Facts{ErrorRules: map[string]int{"secret": 1}}),
	} {
		if _, err := ReadBuild(t.Context(), folder, DefaultCache()); CodeOf(err, "") != BadBuild {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadBuild(t.Context(), version(1).build(Facts{Errors: 3, ErrorRules: map[string]int{"link-broken": 3}}), DefaultCache()); err != nil {
		t.Errorf("other errors do not keep a site from being published: %v", err)
	}
}

func TestNamesThatStartWithADotStayHome(t *testing.T) {
	folder := version(1).build(Facts{})
	for _, name := range []string{".env", "a/.git/config", ".opsbook/head.json"} {
		folder[name] = &fstest.MapFile{Data: []byte("secret")}
	}
	b, err := ReadBuild(t.Context(), folder, DefaultCache())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range b.Manifest.Files {
		if strings.Contains(e.Key, ".git") || strings.HasPrefix(e.Key, ".") {
			t.Errorf("%s would be published", e.Key)
		}
	}
}

func TestRollbackAndAssetGrace(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		w := newWorld(t, open(t))
		for n := 1; n <= 3; n++ {
			w.must(version(n))
			w.clock.pass(time.Hour)
		}
		if _, ok := w.read()["assets/app.1.css"]; !ok {
			t.Error("a reader of the page before has lost its style at once")
		}
		w.clock.pass(AssetGrace)
		w.must(version(3))
		if _, ok := w.read()["assets/app.1.css"]; ok {
			t.Error("a style that no page needs is still there after its grace")
		}
		for _, want := range []int{2, 1} { // further back each time
			p, err := PlanRollback(t.Context(), w.target, "", Asked{Now: w.clock.now(), Tell: true})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.runner(w.target, w.cdn).Apply(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			if p := slices.Concat(w.problems(common...), w.unfinished(version(want))); len(p) > 0 {
				t.Errorf("rolled back to %d: %v", want, p)
			}
		}
	})
}

func TestARolledBackCommitDoesNotComeBackByItself(t *testing.T) {
	w := newWorld(t, newDirectory(t))
	at := func(n int) Facts {
		return Facts{Commit: fmt.Sprint("c", n), CommitTime: time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC)}
	}
	publish := func(n int) (*Result, error) { return w.publishAs(at(n), w.target, w.cdn, version(n)) }
	for n := 1; n <= 2; n++ {
		if _, err := publish(n); err != nil {
			t.Fatal(err)
		}
	}
	p, err := PlanRollback(t.Context(), w.target, "c1", Asked{Now: w.clock.now()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.runner(w.target, w.cdn).Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if res, err := publish(2); res.Exit != 13 {
		t.Errorf("the nightly run put it up again: %v", err)
	}
	if _, err := publish(3); err != nil {
		t.Errorf("a newer commit: %v", err)
	}
}

func TestOldReleasesArePruned(t *testing.T) {
	w := newWorld(t, newDirectory(t))
	for n := 1; n <= kept+3; n++ {
		w.must(version(n))
		w.clock.pass(AssetGrace + time.Hour)
	}
	head, err := Status(t.Context(), w.target)
	if err != nil || len(head.History) != kept {
		t.Fatalf("%d releases are kept, %v", len(head.History), err)
	}
	manifests := 0
	for l := range w.target.List(t.Context(), manifestFolder) {
		if l.Key != "" {
			manifests++
		}
	}
	if manifests != kept {
		t.Errorf("%d manifests are kept", manifests)
	}
	if _, err := w.target.Get(t.Context(), blobKey(hashOfText("style 1"))); !absent(err) {
		t.Errorf("a body that no release needs is kept: %v", err)
	}
	oldest := head.History[kept-1].Manifest
	p, err := PlanRollback(t.Context(), w.target, oldest, Asked{Now: w.clock.now(), Tell: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.runner(w.target, w.cdn).Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if p := w.unfinished(version(4)); len(p) > 0 {
		t.Errorf("the oldest release: %v", p)
	}
}

func TestManyDeletes(t *testing.T) {
	w := newWorld(t, newS3(t))
	s := version(1)
	for i := range 1500 {
		s[fmt.Sprintf("障害/%d/index.html", i)] = "<html>"
	}
	run := func(s site, allow ...Guard) *Result {
		b, err := ReadBuild(t.Context(), s.build(Facts{}), DefaultCache())
		if err != nil {
			t.Fatal(err)
		}
		state, err := Look(t.Context(), w.target, Looking{})
		if err != nil {
			t.Fatal(err)
		}
		r := w.runner(w.target.(*journaled).Target, w.cdn)
		r.Workers = 16
		res, err := r.Apply(t.Context(), Make(b, state, Asked{Now: w.clock.now(), Allow: allow, Tell: true}))
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	run(s)
	if res := run(version(1), GuardDeletes, GuardHalved); res.Counts.Deleted != 1500 {
		t.Errorf("%d deleted", res.Counts.Deleted)
	}
	if got := list(t, w.target, "障害/"); len(got) > 0 {
		t.Errorf("%d are left", len(got))
	}
}

func TestAdoptAndVerify(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		w := newWorld(t, open(t))
		if _, err := w.target.Put(t.Context(), "old/index.html", upload("made by hand", Condition{})); err != nil {
			t.Fatal(err)
		}
		if res, err := w.publish(w.target, w.cdn, version(1)); res.Exit != 13 || !strings.Contains(err.Error(), "--adopt") {
			t.Fatalf("exit %d: %v", res.Exit, err)
		}
		w.must(version(1), func(a *Asked) { a.Adopt = true })
		if p := w.unfinished(version(1)); len(p) > 0 {
			t.Errorf("adopted: %v", p)
		}
		if _, err := w.target.Put(t.Context(), "a/index.html", upload("defaced", Condition{})); err != nil {
			t.Fatal(err)
		}
		if err := w.target.Delete(t.Context(), []string{"404.html"}); err != nil {
			t.Fatal(err)
		}
		state, err := Look(t.Context(), w.target, Looking{Verify: true})
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"404.html", "a/index.html"}; !slices.Equal(state.Unknown, want) {
			t.Errorf("verify found %v, want %v", state.Unknown, want)
		}
		b, err := ReadBuild(t.Context(), version(1).build(Facts{}), DefaultCache())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.runner(w.target, w.cdn).Apply(t.Context(), Make(b, state, Asked{Now: w.clock.now(), Tell: true})); err != nil {
			t.Fatal(err)
		}
		if p := w.unfinished(version(1)); len(p) > 0 {
			t.Errorf("verified: %v", p)
		}
	})
}

func TestDestroyTouchesNothingElse(t *testing.T) {
	endpointTarget := newS3(t).(*S3)
	at := func(prefix string) Target {
		other := *endpointTarget
		other.prefix = endpointTarget.prefix + prefix
		return &other
	}
	root, one, ten := newWorld(t, at("")), newWorld(t, at("preview/pr-1/")), newWorld(t, at("preview/pr-10/"))
	for _, w := range []*world{one, ten} {
		w.must(version(1))
	}
	root.must(version(2), func(a *Asked) { a.Adopt = true })
	before := list(t, root.target, "")
	if _, err := PlanDestroy(t.Context(), at("preview/"), "preview/"); CodeOf(err, "") != Refused {
		t.Errorf("a folder of sites: %v", err)
	}
	if _, err := PlanDestroy(t.Context(), at(""), ""); CodeOf(err, "") != Refused {
		t.Errorf("the root: %v", err)
	}
	doomed, err := PlanDestroy(t.Context(), one.target, "preview/pr-1/")
	if err != nil {
		t.Fatal(err)
	}
	res, err := one.runner(one.target, one.cdn).Destroy(t.Context(), doomed)
	if err != nil || res.Counts.Deleted != len(version(1)) {
		t.Fatalf("%+v, %v", res, err)
	}
	left := slices.DeleteFunc(before, func(k string) bool { return strings.HasPrefix(k, "preview/pr-1/") })
	if got := list(t, root.target, ""); !slices.Equal(got, left) {
		t.Errorf("left %v\nwant %v", got, left)
	}
}

func TestDestroyThatWasKilled(t *testing.T) {
	for n := 1; n < 12; n++ {
		w := newWorld(t, newDirectory(t))
		w.must(version(1))
		doomed, err := PlanDestroy(t.Context(), w.target, "preview/pr-1")
		if err != nil {
			t.Fatal(err)
		}
		m := &mortal{Target: w.target, cdn: w.cdn, left: n}
		if _, err := w.runner(m, m).Destroy(t.Context(), doomed); err == nil {
			break
		}
		w.clock.pass(Lease + time.Second)
		_, err = w.publish(w.target, w.cdn, version(2))
		if p := w.unfinished(version(2)); err != nil || len(p) > 0 {
			t.Errorf("killed after write %d, then published: %v %v", n, err, p)
		}
	}
}

func TestUnlock(t *testing.T) {
	w := newWorld(t, newDirectory(t))
	m := &mortal{Target: w.target, cdn: w.cdn, left: 5}
	if _, err := w.publish(m, m, version(1)); err == nil {
		t.Fatal("it was killed, and nothing was noticed")
	}
	if res, err := w.publish(w.target, w.cdn, version(1)); res.Exit != 14 || !strings.Contains(err.Error(), "unlock") {
		t.Fatalf("exit %d: %v", res.Exit, err)
	}
	if lock, err := Unlock(t.Context(), w.target); err != nil || lock == nil {
		t.Fatal(lock, err)
	}
	w.must(version(1))
	if p := w.unfinished(version(1)); len(p) > 0 {
		t.Error(p)
	}
}

func TestPlanOutOfDate(t *testing.T) {
	w := newWorld(t, newDirectory(t))
	plan := func(n int) *Plan {
		b, err := ReadBuild(t.Context(), version(n).build(Facts{}), DefaultCache())
		if err != nil {
			t.Fatal(err)
		}
		state, err := Look(t.Context(), w.target, Looking{})
		if err != nil {
			t.Fatal(err)
		}
		return Make(b, state, Asked{Now: w.clock.now()})
	}
	file := plan(1).File("x", "file:x")
	if err := file.Outdated(plan(1)); err != nil {
		t.Errorf("nothing changed: %v", err)
	}
	if err := file.Outdated(plan(2)); CodeOf(err, "") != Locked {
		t.Errorf("another build: %v", err)
	}
	w.must(version(3))
	if err := file.Outdated(plan(1)); CodeOf(err, "") != Locked {
		t.Errorf("another target: %v", err)
	}
}

func TestPaths(t *testing.T) {
	got := Paths(pathsOf([]string{"障害対応/index.html", "index.html", "a b.html"}))
	want := []string{"/", "/%E9%9A%9C%E5%AE%B3%E5%AF%BE%E5%BF%9C/", "/%E9%9A%9C%E5%AE%B3%E5%AF%BE%E5%BF%9C/index.html", "/a%20b.html", "/index.html"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	var many, folders []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("runbooks/%d/index.html", i))
		folders = append(folders, fmt.Sprintf("f%d/index.html", i))
	}
	if got := Paths(pathsOf(many)); !slices.Equal(got, []string{"/runbooks/*"}) {
		t.Errorf("many in one folder: %v", got)
	}
	if got := Paths(pathsOf(folders)); !slices.Equal(got, []string{"/*"}) {
		t.Errorf("many everywhere: %v", got)
	}
}

func TestBodiesAreNotKept(t *testing.T) {
	if _, err := (*Build)(nil).opener(Entry{})(); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a rollback has no build to read from: %v", err)
	}
}
