package site

import (
	"cmp"
	"slices"
	"strings"

	"opsbook/generator/output"
	"opsbook/internal/diag"
)

// tree puts every page into its folder. Translations stand beside their originals and are in no list of a folder.
func (r *resolver) tree() {
	s := r.site
	r.folder("")
	for _, e := range s.Entries {
		f := r.folder(folderOf(e.Doc.Path))
		e.Folder = f
		switch {
		case e.Source != nil:
		case e.Index && f.Index == nil:
			f.Index = e
		default:
			f.Entries = append(f.Entries, e)
		}
	}
	r.besideFolders()
	for _, f := range s.folders {
		s.Folders = append(s.Folders, f)
	}
	slices.SortFunc(s.Folders, func(a, b *Folder) int { return cmp.Or(cmp.Compare(a.URL, b.URL), cmp.Compare(a.Path, b.Path)) })
	for _, f := range s.Folders {
		r.name(f)
	}
	for _, f := range s.Folders {
		slices.SortFunc(f.Entries, byWeight)
		slices.SortFunc(f.Folders, r.byPlace)
	}
}

// folder returns the folder of a path, with all that lead to it.
func (r *resolver) folder(p string) *Folder {
	if f := r.site.folders[p]; f != nil {
		return f
	}
	f := &Folder{Path: p, URL: folderURL(p)}
	r.site.folders[p] = f
	if p != "" {
		f.Parent = r.folder(folderOf(p))
		f.Parent.Folders = append(f.Parent.Folders, f)
	}
	return f
}

// besideFolders makes a page the index of the folder that it stands beside: databases.md introduces databases/ when nothing in there does.
// Both have the same address.
func (r *resolver) besideFolders() {
	for _, f := range r.site.folders {
		e := r.site.byURL[f.URL]
		if f.Index != nil || e == nil || e.Source != nil || e.Folder == nil || e.Folder != f.Parent || e.Index {
			continue
		}
		f.Index, e.Index, e.Folder = e, true, f
		for _, o := range e.Others {
			o.Index, o.Folder = true, f
		}
		f.Parent.Entries = slices.DeleteFunc(f.Parent.Entries, func(x *Entry) bool { return x == e })
	}
}

// name gives a folder its title: that of its index page, else that of the type it is called after, else its own name.
func (r *resolver) name(f *Folder) {
	f.Lang = r.site.Languages[0]
	switch t := r.site.Types.Folder(base(f.Path)); {
	case f.Index != nil:
		f.Title, f.Lang = f.Index.Title, f.Index.Lang
	case f.Path == "":
		f.Title = r.in.Config.Title
	case t != nil && t.Plural[f.Lang] != "":
		f.Title = t.Plural[f.Lang]
	default:
		f.Title = strings.NewReplacer("-", " ", "_", " ").Replace(base(f.Path))
	}
}

// byWeight orders pages by their weight, those without one last, then by title.
func byWeight(a, b *Entry) int {
	return cmp.Or(compareWeight(a.Weight, b.Weight), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Doc.Path, b.Doc.Path))
}

func compareWeight(a, b int) int {
	if (a == 0) != (b == 0) {
		return cmp.Compare(b2i(a == 0), b2i(b == 0))
	}
	return cmp.Compare(a, b)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// byPlace orders folders: those of the site's nav first, as it lists them; then by weight of their index pages; then in the order of the
// types they are called after; then by name.
func (r *resolver) byPlace(a, b *Folder) int {
	return cmp.Or(
		cmp.Compare(r.navPlace(a), r.navPlace(b)),
		compareWeight(weight(a), weight(b)),
		cmp.Compare(r.typePlace(a), r.typePlace(b)),
		cmp.Compare(a.Path, b.Path),
	)
}

func (r *resolver) navPlace(f *Folder) int {
	for i, n := range r.in.Config.Nav {
		if strings.Trim(n.Text, "/") == f.Path {
			return i
		}
	}
	return len(r.in.Config.Nav)
}

func (r *resolver) typePlace(f *Folder) int {
	if t := r.site.Types.Folder(base(f.Path)); t != nil {
		return slices.Index(r.site.Types.All, t)
	}
	return len(r.site.Types.All)
}

func weight(f *Folder) int {
	if f.Index == nil {
		return 0
	}
	return f.Index.Weight
}

// aliases gives old addresses to the pages that had them.
func (r *resolver) aliases(works []*work) {
	s := r.site
	for _, w := range works {
		for _, a := range w.Meta.Aliases {
			url, ok := aliasURL(w.URL, a.Text)
			unsafe := output.Unsafe(strings.TrimSuffix(url, "/"))
			taken := func(by string) {
				w.wrong(diag.At(a.Pos, ruleAlias, "the alias %q is the address of %s", a.Text, by).
					WithHint("an address leads to one page; delete the alias or rename the page"))
			}
			switch first := s.byAlias[url]; {
			case !ok:
				w.wrong(diag.At(a.Pos, ruleAlias, "the alias %q is no address of this site", a.Text).
					WithHint("write the path that the page used to have, for example /old/name/"))
			case !unsafe.IsZero():
				w.wrong(diag.At(a.Pos, ruleAlias, "the alias %q %s", a.Text, unsafe).WithHint("no file can be written there; delete the alias"))
			case url == w.URL:
				w.wrong(diag.At(a.Pos, ruleAlias, "the alias %q leads to itself", a.Text).WithHint("delete it"))
			case s.byURL[url] != nil:
				taken(s.byURL[url].Doc.Path)
			case r.folderAt(url) != nil:
				taken("the folder " + r.folderAt(url).Path)
			case r.assets[strings.TrimSuffix(url, "/")]:
				taken("the file " + strings.TrimSuffix(url, "/"))
			case first == w.Entry: // written twice
			case first != nil:
				w.wrong(diag.At(a.Pos, ruleAlias, "the alias %q leads to %s as well", a.Text, first.Doc.Path).
					WithHint("an address leads to one page; delete one of the two").WithRelated(aliasPos(first, url), "the other alias"))
			default:
				s.byAlias[url] = w.Entry
				w.Aliases = append(w.Aliases, url)
			}
		}
	}
}

// aliasURL is an alias as a site-relative URL: one that ends in / or names an .html file. Like Hugo's, it is relative to the page's parent
// without a leading /.
func aliasURL(of, text string) (string, bool) {
	text, _, _ = strings.Cut(text, "#")
	text, _, _ = strings.Cut(text, "?")
	if strings.Contains(text, ":") || strings.HasPrefix(text, "//") || strings.ContainsAny(text, "\\\x00") {
		return "", false
	}
	url := unescape(text)
	if !strings.HasPrefix(url, "/") {
		url = folderOf(strings.TrimSuffix(of, "/")) + "/" + url
	}
	url, ok := clean(url)
	if !ok || url == "" {
		return "", false
	}
	if !strings.HasSuffix(url, ".html") && !strings.HasSuffix(url, ".htm") {
		url += "/"
	}
	url = strings.TrimSuffix(url, "index.html")
	return url, url != ""
}

// aliasPos is where a page says that it used to have an address.
func aliasPos(e *Entry, url string) diag.Pos {
	for _, a := range e.Meta.Aliases {
		if u, ok := aliasURL(e.URL, a.Text); ok && u == url {
			return a.Pos
		}
	}
	return top(e)
}

func (r *resolver) folderAt(url string) *Folder {
	if f := r.site.folders[strings.TrimSuffix(url, "/")]; f != nil && f.URL == url {
		return f
	}
	return nil
}
