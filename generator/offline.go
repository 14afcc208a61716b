package generator

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"opsbook/generator/output"
	"opsbook/generator/page"
	"opsbook/generator/site"
	"opsbook/internal/config"
)

// The two names that a browser asks for to keep a copy. They never change, so neither is ever cached for long.
const (
	workerFile = "sw.js"
	copyList   = "offline.json"
)

// worker is the script that keeps a copy in readers' browsers, or the one that takes it away again.
func (l *look) worker(o config.Offline) output.File {
	if o.On {
		return output.Bytes(workerFile, l.bundle.Worker)
	}
	return output.Bytes(workerFile, l.bundle.Leave)
}

// weight says how much a file matters when there is not room for all, 0 for most.
type weight int

const (
	core      weight = 0                 // without it nothing works: scripts, styles, search, the home pages
	onAlert   weight = 1                 // where alerts lead
	bySevere  weight = 2                 // pages by severity, the most severe first
	unmarked  weight = math.MaxInt32 - 2 // pages without one
	generated weight = math.MaxInt32 - 1 // lists, which readers can do without
	unlisted  weight = math.MaxInt32     // what only programs read
)

// offline is what is kept of a site in browsers: which files, and what matters more. Nothing is rendered for it.
type offline struct {
	weights map[string]weight // by path
	limit   int64
	roots   []string // where each language begins
}

// planOffline weighs the files of a site.
func planOffline(c *Content, pages []*page.Outline, machine []output.File) offline {
	o := offline{weights: map[string]weight{}, limit: c.Site.Config.Offline.Limit}
	for _, f := range machine {
		if ext := path.Ext(f.Path); ext != ".csv" && ext != ".ics" {
			o.weights[f.Path] = unlisted
		}
	}
	for _, p := range pages {
		o.weights[p.File] = weigh(c, p)
		if p.Kind == "home" {
			o.roots = append(o.roots, p.URL)
		}
	}
	for _, p := range pages {
		for _, picture := range pictures(p) {
			if was, ok := o.weights[picture]; !ok || o.weights[p.File] < was {
				o.weights[picture] = o.weights[p.File]
			}
		}
	}
	o.weights["404.html"] = unlisted // the server's answer; a copy has its own
	return o
}

func weigh(c *Content, p *page.Outline) weight {
	switch {
	case p.Kind == "home", p.Search, p.Offline:
		return core
	case p.Alert != nil, strings.HasPrefix(strings.TrimPrefix(p.URL, p.Frame.Prefix), "alerts/"):
		return onAlert
	case p.Stub != nil:
		return unmarked
	case p.Entry == nil:
		return generated
	case p.Entry.Severity == "":
		return unmarked
	default:
		return bySevere + weight(c.Site.Config.SeverityRank(p.Entry.Severity)+1)
	}
}

// pictures are the files of the site that a page's text shows or leads to.
func pictures(p *page.Outline) []string {
	if p.Entry == nil {
		return nil
	}
	var files []string
	for _, to := range p.Entry.Links {
		if to.Kind == site.ToAsset || to.Kind == site.ToPage && !strings.HasSuffix(to.URL, "/") && to.URL != "" {
			files = append(files, to.URL)
		}
	}
	return files
}

// of is the weight of a file that is not a page: the site's own scripts and index are needed everywhere.
func (o offline) of(m output.Made) weight {
	if w, ok := o.weights[m.Path]; ok {
		return w
	}
	if m.Hashed || strings.HasPrefix(m.Path, searchFolder) {
		return core
	}
	return unmarked
}

// list writes offline.json: what a copy of the site holds, the weightiest first, with the hash of every file. It names the version by what
// it holds, so that two builds of the same site are one version.
func (o offline) list(files []output.Made) ([]byte, error) {
	files = slices.DeleteFunc(slices.Clone(files), func(m output.Made) bool { return m.Path == workerFile || o.of(m) == unlisted })
	slices.SortStableFunc(files, func(a, b output.Made) int { return cmp.Compare(o.of(a), o.of(b)) })
	var lines bytes.Buffer
	var bytesHeld int64
	held, needed, left := 0, 0, 0
	seen := map[string]bool{}
	for _, m := range files {
		if o.of(m) == core {
			needed++
		} else if !seen[m.SHA256] && bytesHeld+m.Size > o.limit {
			left++
			continue
		}
		if !seen[m.SHA256] {
			bytesHeld += m.Size
		}
		seen[m.SHA256] = true
		line, err := copyLine(m)
		if err != nil {
			return nil, err
		}
		if held++; held > 1 {
			lines.WriteByte(',')
		}
		lines.WriteByte('\n')
		lines.Write(line)
	}
	roots, err := json.Marshal(o.roots)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", copyList, err)
	}
	var b bytes.Buffer
	sum := sha256.Sum256(lines.Bytes())
	fmt.Fprintf(&b, `{"schema":1,"generation":"%x","core":%d,"left":%d,"bytes":%d,"languages":%s,"files":[`, sum[:16], needed, left, bytesHeld, roots)
	b.Write(lines.Bytes())
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// copyLine is a file as [path, sha256 in base64url, bytes, 1 if the name holds a hash of the content].
func copyLine(m output.Made) ([]byte, error) {
	sum, err := hex.DecodeString(m.SHA256)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", copyList, err)
	}
	line := []any{m.Path, base64.RawURLEncoding.EncodeToString(sum), m.Size}
	if m.Hashed {
		line = append(line, 1)
	}
	return json.Marshal(line)
}

// withCopyList adds offline.json to the files of a site whose readers keep a copy.
func (r *Result) withCopyList(set output.Set) output.Set {
	if !r.Site.Config.Offline.On {
		return set
	}
	return set.WithList(copyList, func(files []output.Made) ([]byte, error) { return r.offline().list(files) })
}
