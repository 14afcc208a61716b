package diag

import (
	"path"
	"slices"
)

// Sorted returns the diagnostics in the order of Sort and leaves the given slice as it is, which may be shared between builds.
func Sorted(ds []Diagnostic) []Diagnostic {
	sorted := slices.Clone(ds)
	Sort(sorted)
	return sorted
}

// Under returns the diagnostics with their files below a folder: what is relative to the source becomes relative to the repository
// or to the working directory, so that editors and pull requests find it. An empty folder and "." change nothing.
func Under(folder string, ds []Diagnostic) []Diagnostic {
	if folder == "" || folder == "." {
		return ds
	}
	under := func(p Pos) Pos {
		if p.File != "" {
			p.File = path.Join(folder, p.File)
		}
		return p
	}
	moved := slices.Clone(ds)
	for i, d := range moved {
		moved[i].Pos = under(d.Pos)
		moved[i].Related = slices.Clone(d.Related)
		for j, r := range d.Related {
			moved[i].Related[j].Pos = under(r.Pos)
		}
	}
	return moved
}
