package source

import (
	"io/fs"
	"os"
	"time"
)

// known is a file as it was read, before its includes, and what the disk said of it.
type known struct {
	info fs.FileInfo
	file File
}

// settles is how old a change must be for the disk to tell the next one from it by its time. FAT counts in two seconds.
const settles = 2 * time.Second

// know notes what was read of files that had settled by then.
func know(texts []text, files []File, now time.Time) map[string]known {
	all := map[string]known{}
	for i, f := range files {
		if f.Path != "" && texts[i].info.ModTime().Add(settles).Before(now) {
			all[f.Path] = known{texts[i].info, f}
		}
	}
	return all
}

// has returns what a file was when the tree was read, if it is still the same one of the same size and time.
func (t *Tree) has(x text) (File, bool) {
	if t == nil {
		return File{}, false
	}
	k, ok := t.known[x.path]
	same := ok && os.SameFile(k.info, x.info) && k.info.Size() == x.info.Size() && k.info.ModTime().Equal(x.info.ModTime())
	return k.file, same
}
