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

// around is what the parts around every page may know of one.
func around(p *page.Page) *page.Page {
	less := &page.Page{Lang: p.Lang, Root: p.Root, Frame: p.Frame, URL: nowhere}
	for _, links := range [][]page.Link{p.Frame.Menu, p.Frame.More} {
		for _, l := range links {
			if l.URL == p.URL {
				less.URL = p.URL
			}
		}
	}
	if p.Doc != nil {
		less.Doc = &page.Doc{Index: p.Doc.Index, Type: p.Doc.Type}
	}
	return less
}

// nowhere is an address that no page has.
const nowhere = "-"

// calling is what the escalation path may know of a page.
func calling(p *page.Page) *page.Page {
	return &page.Page{Lang: p.Lang, Root: p.Root, URL: nowhere, Doc: &page.Doc{Path: p.Doc.Path}}
}

// maxKept is how many bytes a keeper holds in each of its two generations.
const maxKept = 16 << 20

// keeper makes parts of pages and keeps them. Safe for use by many at once.
type keeper struct {
	set *template.Template // of one language

	mu         sync.RWMutex
	young, old map[any]template.HTML
	size       int
}

func newKeeper(set *template.Template) *keeper {
	return &keeper{set: set, young: map[any]template.HTML{}}
}

// get returns what is kept under a comparable key, or makes it of a value by the named template. The key covers the value.
func (k *keeper) get(key any, name string, value any) (template.HTML, error) {
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
		if err := k.set.ExecuteTemplate(&b, name, value); err != nil {
			return "", err
		}
		html = template.HTML(b.String()) // html/template has escaped it
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.size += len(html); k.size > maxKept {
		k.old, k.young, k.size = k.young, map[any]template.HTML{}, len(html)
	}
	k.young[key] = html
	return html, nil
}

type partKey struct {
	name, root string
	hash       [sha256.Size]byte
}

// part is a template's answer to less of a page, made once for all pages of which that is the same.
func (k *keeper) part(name string, less *page.Page) (template.HTML, error) {
	return k.get(partKey{name, less.Root, page.Hash(less)}, name, less)
}

// rows are the rows of a list of pages. Each stands in several lists.
func (k *keeper) rows(p *page.Page, items []page.Item) (template.HTML, error) {
	less := &page.Page{Lang: p.Lang, Root: p.Root, URL: nowhere}
	var b strings.Builder
	for _, it := range items {
		html, err := k.get(partKey{"row", p.Root, page.HashOf(it)}, "partial/item", pair{less, it})
		if err != nil {
			return "", err
		}
		b.WriteString(string(html))
	}
	return template.HTML(b.String()), nil // made by html/template
}
