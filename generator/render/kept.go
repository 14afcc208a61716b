package render

import (
	"crypto/sha256"
	"html/template"
	"strings"
	"sync"

	"opsbook/generator/page"
)

// Much of a page is what its neighbours show too: the frame, the rows of lists, the people to call. Such a part is given a page that holds less
// than the whole, so it is made once for all pages that give it the same.

// less is a page that knows less, and what tells it from others. The page is made when a part of it must be.
type less struct {
	key  any // comparable
	page func() *page.Page
}

// nowhere is an address that no page has.
const nowhere = "-"

// frameKey is all of a page that the parts around it show. Frames are shared by the pages of a language and never change.
type frameKey struct {
	lang, root, url string
	frame           *page.Frame
	doc, index      bool
	kind            page.Link
}

// around is what the parts around every page may know of one.
func around(p *page.Page) less {
	key := frameKey{lang: p.Lang, root: p.Root, url: nowhere, frame: p.Frame}
	for _, links := range [][]page.Link{p.Frame.Menu, p.Frame.More} {
		for i := range links {
			if links[i].URL == p.URL {
				key.url = p.URL
			}
		}
	}
	if p.Doc != nil {
		key.doc, key.index, key.kind = true, p.Doc.Index, p.Doc.Type
	}
	return less{key, func() *page.Page {
		rest := &page.Page{Lang: key.lang, Root: key.root, Frame: key.frame, URL: key.url}
		if key.doc {
			rest.Doc = &page.Doc{Index: key.index, Type: key.kind}
		}
		return rest
	}}
}

// calling is what the escalation path may know of a page.
func calling(p *page.Page) less {
	return less{rootKey{p.Root, page.HashOf(p.Doc.Path)}, func() *page.Page {
		rest := elsewhere(p.Lang, p.Root)
		rest.Doc = &page.Doc{Path: p.Doc.Path}
		return rest
	}}
}

// rootKey is what is shown, by its hash, and where.
type rootKey struct {
	root string
	hash [sha256.Size]byte
}

// elsewhere is a page of which nothing but where it lies is known.
func elsewhere(lang, root string) *page.Page {
	return &page.Page{Lang: lang, Root: root, URL: nowhere}
}

// maxKept is how many bytes a keeper holds in each of its two generations.
const maxKept = 16 << 20

// keeper makes parts of pages and keeps them. Safe for use by many at once.
type keeper struct {
	set *template.Template // of one language

	mu         sync.RWMutex
	young, old map[partKey]template.HTML
	size       int
}

func newKeeper(set *template.Template) *keeper {
	return &keeper{set: set, young: map[partKey]template.HTML{}}
}

// partKey is a part and what it is a part of.
type partKey struct {
	name string
	of   any
}

// get returns the named template's answer to a value, made once for all values with one key. The key covers the value.
func (k *keeper) get(name string, of any, value func() any) (template.HTML, error) {
	key := partKey{name, of}
	k.mu.RLock()
	html, ok := k.young[key]
	k.mu.RUnlock()
	if ok {
		return html, nil
	}
	k.mu.Lock()
	html, ok = k.old[key]
	k.mu.Unlock()
	if !ok {
		var b strings.Builder
		if err := k.set.ExecuteTemplate(&b, name, value()); err != nil {
			return "", err
		}
		html = template.HTML(b.String()) // html/template has escaped it
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.size += len(html); k.size > maxKept {
		k.old, k.young, k.size = k.young, map[partKey]template.HTML{}, len(html)
	}
	k.young[key] = html
	return html, nil
}

// part is a template's answer to less of a page, made once for all pages of which that is the same.
func (k *keeper) part(name string, of less) (template.HTML, error) {
	return k.get(name, of.key, func() any { return of.page() })
}

// rows are the rows of a list of pages. Each stands in several lists.
func (k *keeper) rows(p *page.Page, items []*page.Item) (template.HTML, error) {
	return all(k, "partial/item", p, items)
}

// facts are the lines of a header card. Pages of one team, service or type share most of theirs.
func (k *keeper) facts(p *page.Page, facts []page.Fact) (template.HTML, error) {
	return all(k, "partial/fact", p, facts)
}

// anyRoot stands for a page's way up to the root in what pages of every depth share. It is written alike wherever a path may stand.
const anyRoot = "ANY-DEPTH-0b5d1c9e/"

// all is a template's answers to several values, one after the other.
func all[T any](k *keeper, name string, p *page.Page, values []T) (template.HTML, error) {
	root := anyRoot
	if strings.Trim(p.Root, "./") != "" {
		root = p.Root // 404.html, whose root is an address
	}
	parts := make([]string, len(values))
	size := 0
	for i := range values {
		html, err := k.get(name, rootKey{root, page.HashOf(&values[i])}, func() any { return pair{elsewhere(p.Lang, root), values[i]} })
		if err != nil {
			return "", err
		}
		parts[i] = string(html)
		size += len(html)
	}
	var b strings.Builder
	b.Grow(size)
	for _, html := range parts {
		for {
			before, after, found := strings.Cut(html, anyRoot)
			b.WriteString(before)
			if !found {
				break
			}
			b.WriteString(p.Root)
			html = after
		}
	}
	return template.HTML(b.String()), nil // made by html/template, with dots and slashes
}
