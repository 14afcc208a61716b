package site

import (
	"slices"
	"strings"
	"sync"

	"opsbook/internal/diag"
)

// files collects what links can lead to, and gives out the files that somebody leads to.
func (r *resolver) files(works []*work) {
	var all, ids []string
	for _, w := range works {
		all = append(all, w.Doc.Path)
		if w.ID != "" {
			ids = append(ids, w.ID)
		}
	}
	r.site.files = &fileNames{pages: all, ids: ids, all: append(slices.Clone(all), r.in.Assets...)}
}

// fileNames finds what a name that does not exist may have meant. It is made when the first broken link asks.
type fileNames struct {
	pages, ids, all []string

	once     sync.Once
	folded   map[string]string   // in lower case -> as it is
	byFolder map[string][]string // folder -> names in it
	byName   map[string][]string // name in lower case -> paths
}

func (f *fileNames) prepare() {
	f.folded, f.byFolder, f.byName = map[string]string{}, map[string][]string{}, map[string][]string{}
	slices.Sort(f.all)
	for _, p := range f.all {
		put(f.folded, strings.ToLower(p), p)
		f.byFolder[folderOf(p)] = append(f.byFolder[folderOf(p)], base(p))
		name := strings.ToLower(base(p))
		f.byName[name] = append(f.byName[name], p)
	}
}

// nearLimit is how many names of one folder are compared letter by letter for a hint; in larger ones only case and place are looked at.
const nearLimit = 500

// nearest returns the file that a path most likely means: the same but for upper and lower case, a name in the same folder within two
// letters, or the only file of that name anywhere.
func (f *fileNames) nearest(p string) (string, bool) {
	f.once.Do(f.prepare)
	for _, c := range []string{p, p + ".md"} {
		if is, ok := f.folded[strings.ToLower(c)]; ok {
			return is, true
		}
	}
	dir, name := folderOf(p), base(p)
	if names := f.byFolder[dir]; len(names) <= nearLimit {
		for _, c := range []string{name, name + ".md"} {
			if near, ok := diag.Nearest(c, names); ok {
				return join2(dir, near), true
			}
		}
	}
	for _, c := range []string{name, name + ".md"} {
		if paths := f.byName[strings.ToLower(c)]; len(paths) == 1 && indexRank(strings.TrimSuffix(name, ".md")) < 0 {
			return paths[0], true
		}
	}
	return "", false
}

// nearestRef returns the id or the path that a reference most likely means.
func (f *fileNames) nearestRef(ref string) (string, bool) {
	if !strings.Contains(ref, "/") && !strings.HasSuffix(ref, ".md") {
		for _, id := range f.ids {
			if strings.EqualFold(id, ref) {
				return id, true
			}
		}
		if near, ok := nearID(ref, f.ids); ok {
			return near, true
		}
	}
	p, ok := clean(ref)
	if !ok {
		return "", false
	}
	return f.nearest(p)
}

// nearID is an id within one letter or two, but not one whose number differs: RUN002 is no way to spell RUN001, RUN01 is.
func nearID(ref string, ids []string) (string, bool) {
	near, ok := diag.Nearest(ref, ids)
	if !ok || number(near) != number(ref) {
		return "", false
	}
	return near, true
}

// number is the number at the end of an id, without leading zeros.
func number(id string) string {
	return strings.TrimLeft(id[len(strings.TrimRight(id, digits)):], "0")
}

const digits = "0123456789"

func join2(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// relative writes the path of a file as a link from a folder would, from the root when the link was written so.
func relative(from, to, written string) string {
	if strings.HasPrefix(written, "/") {
		return "/" + to
	}
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	if from == "" {
		a = nil
	}
	same := 0
	for same < len(a) && same < len(b)-1 && a[same] == b[same] {
		same++
	}
	return strings.Repeat("../", len(a)-same) + strings.Join(b[same:], "/")
}
