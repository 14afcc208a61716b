package site

import (
	"path"
	"slices"
	"strings"

	"opsbook/generator/document"
	"opsbook/internal/diag"
	"opsbook/internal/inert"
)

// schemes are those that a link may have; anything else could run something on a reader's machine.
var schemes = []string{"http", "https", "mailto", "tel", "slack", "msteams"}

// follow resolves every link of a page.
func (r *resolver) follow(w *work) {
	if len(w.Doc.Links) == 0 {
		return
	}
	w.Links = make(map[int]Target, len(w.Doc.Links))
	for _, l := range w.Doc.Links {
		if l.Kind == document.Ref {
			r.reference(w, l)
			continue
		}
		t, to, problem := r.target(w.Entry, l)
		if _, again := w.Links[l.At]; again && t.Kind == Broken {
			continue // a definition that several links share is wrong once
		}
		w.Links[l.At] = t
		if problem != nil {
			w.wrong(*problem)
		}
		w.links = appendPage(w.links, to)
	}
}

// give hands out the files that pages and the configuration lead to. Nothing else of the source is published.
func (r *resolver) give(works []*work) {
	out := r.site.Assets
	for _, own := range []string{r.in.Config.Logo, r.in.Config.Favicon} {
		if p, ok := clean(own); ok && r.assets[p] && !inert.Runs(p) {
			out[own] = p
		}
	}
	for _, w := range works {
		for _, t := range w.Links {
			if t.Kind == ToAsset {
				out[t.URL] = t.URL
			}
		}
	}
}

// address is a link taken apart.
type address struct {
	path, query, fragment string
	hasFragment           bool
}

func splitAddress(dest string) address {
	var a address
	rest := dest
	rest, a.fragment, a.hasFragment = strings.Cut(rest, "#")
	rest, a.query, _ = strings.Cut(rest, "?")
	a.path, a.fragment = unescape(rest), unescape(a.fragment)
	return a
}

// target finds where a link leads: Target says so to the page, the entry is the page that it leads to, and the diagnostic is what is wrong.
func (r *resolver) target(e *Entry, l document.Link) (Target, *Entry, *diag.Diagnostic) {
	dest := strings.TrimSpace(l.Dest)
	if strings.HasPrefix(dest, "//") || strings.HasPrefix(dest, `\`) {
		return Target{Kind: Unsafe, URL: dest, Why: diag.T("an address without its scheme leads to whoever answers")}, nil, nil
	}
	if scheme := schemeOf(dest); scheme != "" {
		return r.external(e, dest, scheme)
	}
	a := splitAddress(dest)
	if a.path == "" && (a.hasFragment || a.query != "") {
		t, problem := anchor(Target{Kind: ToHere, Query: a.query}, e, a, l)
		return t, nil, problem
	}
	if a.path == "" {
		return r.broken(e, l, a)
	}
	from := l.Pos.File
	if from == "" {
		from = e.Doc.Path
	}
	if p, ok := inFolder(folderOf(from), a.path); ok {
		if t, to, ok := r.at(p); ok {
			return r.arrive(e, l, a, t, to)
		}
	}
	if p, ok := inFolder(e.URL, a.path); ok { // written as addresses of the site are, relative to the page's own
		if t, to, ok := r.at(p); ok {
			return r.arrive(e, l, a, t, to)
		}
	}
	return r.broken(e, l, a)
}

// reference resolves an id in brackets: a link where a page has the id, and the text it was where none has. One that looks like the ids of
// this site is reported, for its writer meant a page.
func (r *resolver) reference(w *work, l document.Link) {
	to := r.site.byID[l.Dest].In(w.Lang)
	if to == nil {
		if r.kinds[kindOfID(l.Dest)] {
			d := diag.At(l.Pos, ruleLink, "no page has the id %s", l.Dest)
			if near, ok := r.site.files.nearestRef(l.Dest); ok {
				d = d.WithHint("did you mean %q?", near)
			}
			w.wrong(d)
		}
		return
	}
	w.Links[l.At] = Target{Kind: ToPage, URL: to.URL, Title: to.Title}
	w.links = append(w.links, to)
}

// kindOfID is what ids of one series share: their letters and how many digits follow. "" for other words.
func kindOfID(id string) string {
	letters := strings.TrimRight(id, digits)
	if letters == "" || len(id)-len(letters) < 2 {
		return ""
	}
	return letters + strings.Repeat("0", len(id)-len(letters))
}

// schemeOf is the scheme of an absolute address in lower case, or "".
func schemeOf(dest string) string {
	for i := range len(dest) {
		switch b := dest[i]; {
		case b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z':
		case i > 0 && (b >= '0' && b <= '9' || b == '+' || b == '-' || b == '.'):
		case i > 0 && b == ':':
			return strings.ToLower(dest[:i])
		default:
			return ""
		}
	}
	return ""
}

// external is an address with a scheme. One of this site's own is a page where there is one.
func (r *resolver) external(e *Entry, dest, scheme string) (Target, *Entry, *diag.Diagnostic) {
	if !slices.Contains(schemes, scheme) {
		return Target{Kind: Unsafe, URL: dest, Why: diag.T("the scheme %s is not allowed", scheme)}, nil, nil
	}
	out := Target{Kind: External, URL: dest}
	base := r.in.Config.BaseURL
	if base == "" || !strings.HasPrefix(dest, base) {
		return out, nil, nil
	}
	a := splitAddress(dest[len(base):])
	p, ok := clean(a.path)
	if !ok {
		return out, nil, nil
	}
	if t, to, ok := r.atURL(p); ok {
		return r.arrive(e, document.Link{}, a, t, to)
	}
	return out, nil, nil
}

// inFolder is the path that a link in a folder means, seen from the root of the source; ok is false when it leads out of it.
func inFolder(dir, p string) (string, bool) {
	if strings.HasPrefix(p, "/") || dir == "" {
		if up := path.Clean(p); up == ".." || strings.HasPrefix(up, "../") {
			return "", false
		}
		return clean(p)
	}
	return clean(dir + "/" + p)
}

// at finds what a path of the source leads to: a page, a file, a folder, a page without its .md, or an address of the site.
func (r *resolver) at(p string) (Target, *Entry, bool) {
	if to := r.site.byPath[p]; to != nil {
		return Target{Kind: ToPage, URL: to.URL}, to, true
	}
	if r.assets[p] && !r.private(p) {
		return Target{Kind: ToAsset, URL: p}, nil, true
	}
	if f := r.site.folders[p]; f != nil {
		return Target{Kind: ToPage, URL: f.URL}, f.Index, true
	}
	if to := r.site.byPath[p+".md"]; to != nil {
		return Target{Kind: ToPage, URL: to.URL}, to, true
	}
	return r.atURL(p)
}

// atURL finds what an address of the site leads to, old ones and those of other generators (.html) included.
func (r *resolver) atURL(p string) (Target, *Entry, bool) {
	url := strings.TrimSuffix(p, "index.html")
	if url == p {
		url = strings.TrimSuffix(p, ".html")
	}
	url = strings.TrimSuffix(url, "/")
	if url != "" {
		url += "/"
	}
	if to := r.site.byURL[url]; to != nil {
		return Target{Kind: ToPage, URL: to.URL}, to, true
	}
	for _, old := range []string{p, url} {
		if to := r.site.byAlias[old]; to != nil {
			return Target{Kind: ToPage, URL: to.URL}, to, true
		}
	}
	if f := r.folderAt(url); f != nil {
		return Target{Kind: ToPage, URL: f.URL}, f.Index, true
	}
	if r.assets[p] && !r.private(p) {
		return Target{Kind: ToAsset, URL: p}, nil, true
	}
	return Target{}, nil, false
}

// private reports whether a file is the site's own set-up, which may hold contacts that are not for readers.
func (r *resolver) private(p string) bool {
	return p == r.in.Config.File || p == r.in.Directory.File || p == "opsbook.yaml" || p == "directory.yaml"
}

// arrive finishes a link that leads somewhere: an image must be a file, and an anchor must exist.
func (r *resolver) arrive(e *Entry, l document.Link, a address, t Target, to *Entry) (Target, *Entry, *diag.Diagnostic) {
	if t.Kind == ToAsset && inert.Runs(t.URL) {
		d := diag.At(l.Pos, ruleActive, "the link leads to %s, which browsers open as a page that may run anything, so it is not published", t.URL).
			WithHint("link to where it is on the web, or to a picture or a zip of it")
		return Target{Kind: Broken, Why: diag.T("%s is not published", t.URL)}, nil, &d
	}
	if t.Kind == ToAsset {
		t.Query, t.Fragment = a.query, a.fragment
		return t, nil, nil
	}
	if l.Kind == document.Image {
		d := diag.At(l.Pos, ruleImage, "the image %q is a page, not a file", l.Dest)
		return Target{Kind: Broken, Why: diag.T("%s is a page, not an image", a.path)}, nil, &d
	}
	t.Query = a.query
	if !a.hasFragment || a.fragment == "" {
		return t, to, nil
	}
	t, problem := anchor(t, to, a, l)
	return t, to, problem
}

// broken is a link that leads nowhere, and what may have been meant.
func (r *resolver) broken(e *Entry, l document.Link, a address) (Target, *Entry, *diag.Diagnostic) {
	rule, what := ruleLink, diag.T("link")
	if l.Kind == document.Image {
		rule, what = ruleImage, diag.T("image")
	}
	if a.path == "" {
		d := diag.At(l.Pos, rule, "the %s has no destination", what).WithHint("write the path of a file or an address")
		return Target{Kind: Broken, Why: diag.T("no destination was written")}, nil, &d
	}
	from := folderOf(l.Pos.File)
	p, ok := inFolder(from, a.path)
	d, why := diag.At(l.Pos, rule, "the %s leads nowhere: there is no %s", what, p), diag.T("%s does not exist", p)
	switch {
	case !ok:
		d = diag.At(l.Pos, rule, "the %s %q leads out of the content folder", what, l.Dest).WithHint("copy the file into the folder, or link to where it is on the web")
		why = diag.T("%s is outside of this site", a.path)
	case r.site.hidden[p] || r.site.hidden[p+".md"]:
		d = diag.At(l.Pos, rule, "the %s leads to %s, which is a draft", what, p).WithHint("drafts are left out unless the site is built with --drafts")
		why = diag.T("%s is a draft", p)
	case r.private(p):
		d = diag.At(l.Pos, rule, "the %s leads to %s, which is never published", what, p).WithHint("it can hold contacts that are not for readers")
		why = diag.T("%s is not published", p)
	case unpublished(p):
		d = diag.At(l.Pos, rule, "the %s leads to %s, which is no page", what, p).WithHint("names that start with _ or . are left out of the site")
		why = diag.T("%s is not published", p)
	default:
		if near, ok := r.site.files.nearest(p); ok {
			d = d.WithHint("did you mean %q?", relative(from, near, a.path))
		}
	}
	return Target{Kind: Broken, Why: why}, nil, &d
}

// unpublished reports whether a path has a part that keeps it out of the site.
func unpublished(p string) bool {
	for _, part := range strings.Split(p, "/") {
		if strings.HasPrefix(part, ".") || strings.HasPrefix(part, "_") && part != "_index.md" && part != "_index" {
			return true
		}
	}
	return false
}
