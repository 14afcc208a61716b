package publish

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// server is the S3 server of this test run: tools/s3, a real one.
var server = sync.OnceValues(func() (string, error) {
	binary, err := filepath.Abs("../../bin/s3")
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(binary); err != nil {
		return "", errors.New("the S3 server is not built: make setup builds bin/s3")
	}
	root, err := os.MkdirTemp("", "opsbook-s3-")
	if err != nil {
		return "", err
	}
	cleanups = append(cleanups, func() { os.RemoveAll(root); os.RemoveAll(root + ".sidecar") })
	if err := os.Mkdir(filepath.Join(root, "site"), 0o755); err != nil {
		return "", err
	}
	cmd := exec.Command(binary, root)
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	cleanups = append(cleanups, func() { in.Close(); cmd.Wait() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://") {
			return lines.Text(), nil
		}
	}
	return "", errors.New("the S3 server did not start")
})

var cleanups []func()

// inMemory lets temporary folders lie in memory where there is a file system for that: every write is synced to the disk, and the tests
// write tens of thousands of files that nobody needs after them.
func inMemory() {
	dir, err := os.MkdirTemp("/dev/shm", "opsbook-publish-")
	if err != nil {
		return // other systems have none, and are slower
	}
	os.Setenv("TMPDIR", dir)
	cleanups = append(cleanups, func() { os.RemoveAll(dir) })
}

func TestMain(m *testing.M) {
	inMemory()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "opsbook", "AWS_SECRET_ACCESS_KEY": "opsbook-secret", "AWS_REGION": "us-east-1",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		os.Setenv(name, value)
	}
	code := m.Run()
	for _, clean := range slices.Backward(cleanups) {
		clean()
	}
	os.Exit(code)
}

var prefixes struct {
	sync.Mutex
	n int
}

// newS3 is an empty target of its own on the real server.
func newS3(t testing.TB) Target {
	t.Helper()
	endpoint, err := server()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	prefixes.Lock()
	prefixes.n++
	prefix := fmt.Sprintf("t%d", prefixes.n)
	prefixes.Unlock()
	s, err := OpenS3(t.Context(), "site", prefix, S3Options{Endpoint: endpoint})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newDirectory(t testing.TB) Target {
	t.Helper()
	d, err := OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// targets are the two kinds, each through every test that is about targets.
var targets = map[string]func(testing.TB) Target{"directory": newDirectory, "s3": newS3}

func onEvery(t *testing.T, test func(t *testing.T, open func(testing.TB) Target)) {
	for name, open := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

// site is a built site by path.
type site map[string]string

func hashOfText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// build returns the folder of a built site. Files below assets/ and search/shard are named by their hash.
func (s site) build(facts Facts) fstest.MapFS {
	folder := fstest.MapFS{}
	var files []made
	for path, body := range s {
		folder[path] = &fstest.MapFile{Data: []byte(body), Mode: 0o644}
		files = append(files, made{Path: path, SHA256: hashOfText(body), Hashed: hashed(path)})
	}
	if facts.Site == "" {
		facts.Site = "https://ops.example.com/"
	}
	list, err := json.Marshal(listed{Schema: 1, Generator: "test", Facts: facts, Files: files})
	if err != nil {
		panic(err)
	}
	folder[buildList] = &fstest.MapFile{Data: list, Mode: 0o644}
	return folder
}

func hashed(path string) bool {
	return strings.HasPrefix(path, "assets/") || strings.HasPrefix(path, "search/shard")
}

// version returns a small site as of a version. From version to version its style and search change, and with them every page; one page
// changes its text, one comes and one goes. Every page says what it needs: uses= and links=.
func version(n int) site {
	style := fmt.Sprintf("assets/app.%d.css", n)
	shard := fmt.Sprintf("search/shard.%d.js", n)
	s := site{style: fmt.Sprintf("style %d", n), shard: fmt.Sprintf("shard %d", n)}
	come := fmt.Sprintf("only/in/%d/index.html", n)
	page := func(path string, links ...string) {
		body := fmt.Sprintf("<html>page %s of %d\nuses=%s\nuses=search/index.js\n", path, n, style)
		for _, l := range links {
			body += "links=" + l + "\n"
		}
		s[path] = body + "</html>"
	}
	page("index.html", "a/index.html", "障害対応/index.html", come)
	page("404.html")
	page("a/index.html", "a/b/index.html")
	page("a/b/index.html", come)
	page("障害対応/index.html")
	page(come, "index.html")
	s["same/index.html"] = "<html>never changes</html>"
	s["images/図.png"] = fmt.Sprintf("picture %d", n/2)
	s["alerts.json"] = fmt.Sprintf(`{"version":%d}`, n)
	s["search/index.js"] = fmt.Sprintf("index %d\nuses=%s\nlinks=%s", n, shard, come)
	s["sw.js"] = fmt.Sprintf("worker %d\nuses=%s", n, style)
	s["offline.json"] = fmt.Sprintf("list %d\nuses=%s\nlinks=index.html", n, style)
	return s
}

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a target with a CDN, a clock, and a journal of what readers could notice.
type world struct {
	t      testing.TB
	target Target
	clock  *clock
	cdn    *cdn
	runs   int
	seen   map[string]map[string]bool // key -> bodies that some version has
}

func newWorld(t testing.TB, target Target) *world {
	c := &cdn{asked: map[string]string{}}
	return &world{t: t, target: &journaled{Target: target, cdn: c}, clock: newClock(), cdn: c, seen: map[string]map[string]bool{}}
}

// publish plans and applies a version through a target, as a run of its own.
func (w *world) publish(through Target, cdn Invalidator, s site, change ...func(*Asked)) (*Result, error) {
	return w.publishAs(Facts{}, through, cdn, s, change...)
}

func (w *world) publishAs(facts Facts, through Target, cdn Invalidator, s site, change ...func(*Asked)) (*Result, error) {
	w.t.Helper()
	for key, body := range s {
		if w.seen[key] == nil {
			w.seen[key] = map[string]bool{}
		}
		w.seen[key][body] = true
	}
	b, err := ReadBuild(context.Background(), s.build(facts), DefaultCache())
	if err != nil {
		w.t.Fatal(err)
	}
	asked := Asked{Now: w.clock.now(), Tell: true}
	for _, c := range change {
		c(&asked)
	}
	state, err := Look(context.Background(), through, Looking{Adopt: asked.Adopt})
	if err != nil {
		return nil, err
	}
	return w.runner(through, cdn).Apply(context.Background(), Make(b, state, asked))
}

func (w *world) runner(through Target, cdn Invalidator) *Runner {
	w.runs++
	return &Runner{Target: through, CDN: cdn, Now: w.clock.now, Run: fmt.Sprintf("run-%d", w.runs), By: "test", Workers: 1}
}

// must publishes and expects success.
func (w *world) must(s site, change ...func(*Asked)) *Result {
	w.t.Helper()
	res, err := w.publish(w.target, w.cdn, s, change...)
	if err != nil {
		w.t.Fatalf("publish: %v", err)
	}
	return res
}

// read returns everything that lies in the target, without our own state.
func (w *world) read() site {
	w.t.Helper()
	found := site{}
	for l, err := range w.target.List(context.Background(), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		if !strings.HasPrefix(l.Key, stateFolder) {
			found[l.Key] = readBody(w.t, w.target, l.Key)
		}
	}
	return found
}

func readBody(t testing.TB, target Target, key string) string {
	t.Helper()
	o, err := target.Get(context.Background(), key)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	defer o.Body.Close()
	body, err := io.ReadAll(o.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// problems says what a reader could trip over: pages that are torn, lost, or need what is not there.
func (w *world) problems(always ...string) []string {
	w.t.Helper()
	var found []string
	there := w.read()
	for _, key := range always {
		if _, ok := there[key]; !ok {
			found = append(found, key+" is lost")
		}
	}
	for key, body := range there {
		if !w.seen[key][body] {
			found = append(found, key+" is not what any version has")
		}
		for line := range strings.Lines(body) {
			for _, mark := range []string{"uses=", "links="} {
				if need, ok := strings.CutPrefix(strings.TrimSpace(line), mark); ok {
					if _, ok := there[need]; !ok {
						found = append(found, fmt.Sprintf("%s needs %s, which is not there", key, need))
					}
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// unfinished says how the target differs from being exactly a version, with everything invalidated.
func (w *world) unfinished(want site) []string {
	w.t.Helper()
	var found []string
	head, err := Status(context.Background(), w.target)
	if err != nil {
		return []string{err.Error()}
	}
	stale := map[string]bool{}
	for _, g := range head.Garbage {
		stale[g.Key] = true
	}
	there := w.read()
	for key, body := range want {
		if there[key] != body {
			found = append(found, key+" is not as published")
		}
	}
	for key := range there {
		if _, ok := want[key]; !ok && !stale[key] {
			found = append(found, key+" is left over")
		}
		if _, ok := want[key]; ok && stale[key] {
			found = append(found, key+" is going to be deleted")
		}
	}
	if head.Lock != nil || len(head.Dirty) > 0 || len(head.Pending) > 0 {
		found = append(found, fmt.Sprintf("the head is not at rest: %+v", head))
	}
	found = append(found, w.cdn.untold()...)
	slices.Sort(found)
	return found
}

// cdn remembers what changed since it was last told. Like CloudFront it takes the same reference for the same work.
type cdn struct {
	mu    sync.Mutex
	stale map[string]bool
	asked map[string]string // reference -> paths
	calls int
}

func (c *cdn) changed(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stale == nil {
		c.stale = map[string]bool{}
	}
	c.stale[key] = true
}

func (c *cdn) Invalidate(_ context.Context, reference string, paths []string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	all := strings.Join(paths, " ")
	if before, ok := c.asked[reference]; ok {
		if before != all {
			return "", errors.New("InvalidationBatchAlreadyExists")
		}
		return reference, nil
	}
	c.asked[reference] = all
	for key := range c.stale {
		for _, p := range paths {
			if covers(p, EncodePath("/"+key)) {
				delete(c.stale, key)
			}
		}
	}
	return reference, nil
}

func covers(pattern, path string) bool {
	if start, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(path, start)
	}
	return pattern == path
}

func (c *cdn) untold() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var keys []string
	for k := range c.stale {
		keys = append(keys, k+" changed and was not invalidated since")
	}
	return keys
}

// journaled tells the CDN's memory of every change of a live key that readers could notice.
type journaled struct {
	Target
	cdn *cdn
}

func (j *journaled) note(key string) {
	if safeKey(key) && !hashed(key) {
		j.cdn.changed(key)
	}
}

func (j *journaled) Put(ctx context.Context, key string, up Upload) (string, error) {
	same := safeKey(key) && j.holds(ctx, key, up.SHA256)
	v, err := j.Target.Put(ctx, key, up)
	if err == nil && !same {
		j.note(key)
	}
	return v, err
}

func (j *journaled) holds(ctx context.Context, key, sum string) bool {
	o, err := j.Target.Get(ctx, key)
	if err != nil {
		return false
	}
	defer o.Body.Close()
	body, err := io.ReadAll(o.Body)
	return err == nil && hashOfText(string(body)) == sum
}

func (j *journaled) Copy(ctx context.Context, from, to string, as Content) error {
	err := j.Target.Copy(ctx, from, to, as)
	if err == nil {
		j.note(to)
	}
	return err
}

func (j *journaled) Delete(ctx context.Context, keys []string) error {
	for _, k := range keys {
		if o, err := j.Target.Get(ctx, k); err == nil && document(k) {
			o.Body.Close()
			j.note(k)
		}
	}
	return j.Target.Delete(ctx, keys)
}

// mortal is a process that is killed after some writes: the last one takes effect, its answer does not arrive, and nothing comes after.
type mortal struct {
	Target
	cdn  Invalidator
	mu   sync.Mutex
	left int // writes; negative for ever
	done int
}

var errKilled = errors.New("killed")

// spend counts one write; live says that it may happen, and dies that nothing is heard of it.
func (m *mortal) spend() (live, dies bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.left == 0 {
		return false, false
	}
	m.left--
	m.done++
	return true, m.left == 0
}

func (m *mortal) dead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.left == 0
}

func (m *mortal) Get(ctx context.Context, key string) (*Object, error) {
	if m.dead() {
		return nil, errKilled
	}
	return m.Target.Get(ctx, key)
}

func (m *mortal) List(ctx context.Context, prefix string) iter.Seq2[Listed, error] {
	if m.dead() {
		return func(yield func(Listed, error) bool) { yield(Listed{}, errKilled) }
	}
	return m.Target.List(ctx, prefix)
}

func (m *mortal) Put(ctx context.Context, key string, up Upload) (string, error) {
	live, dies := m.spend()
	if !live {
		return "", errKilled
	}
	v, err := m.Target.Put(ctx, key, up)
	if dies {
		return "", errKilled
	}
	return v, err
}

func (m *mortal) Copy(ctx context.Context, from, to string, as Content) error {
	live, dies := m.spend()
	if !live {
		return errKilled
	}
	err := m.Target.Copy(ctx, from, to, as)
	if dies {
		return errKilled
	}
	return err
}

func (m *mortal) Delete(ctx context.Context, keys []string) error {
	live, dies := m.spend()
	if !live {
		return errKilled
	}
	err := m.Target.Delete(ctx, keys)
	if dies {
		return errKilled
	}
	return err
}

func (m *mortal) Invalidate(ctx context.Context, reference string, paths []string) (string, error) {
	live, dies := m.spend()
	if !live {
		return "", errKilled
	}
	id, err := m.cdn.Invalidate(ctx, reference, paths)
	if dies {
		return "", errKilled
	}
	return id, err
}
