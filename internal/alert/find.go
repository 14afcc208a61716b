package alert

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// The limits of what is read. The largest public collection of rules in one file has 90 KiB, the largest template that CloudFormation takes
// 1 MiB.
const (
	maxFile  = 4 << 20
	maxFiles = 5000 // of one glob
)

// Find reads the files that sources name, seen from dir, by path. A glob that leads nowhere is a problem; an error means that a file could
// not be read.
func Find(dir string, sources []Source) ([]File, []diag.Diagnostic, error) {
	var files []File
	var problems []diag.Diagnostic
	seen := map[string]bool{}
	for _, s := range sources {
		for _, glob := range s.Globs {
			found, why, err := match(dir, glob)
			if err != nil {
				return nil, nil, err
			}
			if why != nil {
				problems = append(problems, *why)
			}
			for _, name := range found {
				if seen[s.Kind+":"+name] {
					continue
				}
				seen[s.Kind+":"+name] = true
				text, why, err := read(dir, name, glob)
				if err != nil {
					return nil, nil, err
				}
				if why != nil {
					problems = append(problems, *why)
					continue
				}
				files = append(files, File{Kind: s.Kind, Path: name, Text: text})
			}
		}
	}
	slices.SortStableFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, problems, nil
}

// match returns the files that a glob means, relative to dir.
func match(dir string, glob meta.Str) ([]string, *diag.Diagnostic, error) {
	pattern := path.Clean(filepath.ToSlash(glob.Text))
	if path.IsAbs(pattern) || filepath.IsAbs(glob.Text) {
		d := diag.At(glob.Pos, RuleSource, "%q is the same place on no two machines", glob).WithHint("write it relative to opsbook.yaml, such as ../monitoring/*.yaml")
		return nil, &d, nil
	}
	up := ""
	for strings.HasPrefix(pattern, "../") {
		up, pattern = up+"../", pattern[3:]
	}
	found, err := doublestar.Glob(os.DirFS(filepath.Join(dir, filepath.FromSlash(up))), pattern, doublestar.WithFilesOnly(), doublestar.WithNoFollow())
	switch {
	case errors.Is(err, doublestar.ErrBadPattern):
		d := diag.At(glob.Pos, RuleSource, "%q is no pattern of paths", glob).WithHint("* is any part of a name, ** any folders, {a,b} either, [a-z] one letter")
		return nil, &d, nil
	case err != nil:
		return nil, nil, fmt.Errorf("look for alert sources %s: %w", glob.Text, err)
	case len(found) == 0:
		d := diag.At(glob.Pos, RuleSource, "no file matches %q, so alerts are missing", glob).WithHint("the path is relative to opsbook.yaml")
		return nil, &d, nil
	case len(found) > maxFiles:
		d := diag.At(glob.Pos, RuleSource, "%q matches more than %s files", glob, maxFiles).WithHint("name the folder that holds the rules")
		return nil, &d, nil
	}
	for i := range found {
		found[i] = up + found[i]
	}
	slices.Sort(found)
	return found, nil, nil
}

// read reads one file, if it is one that can be read whole.
func read(dir, name string, glob meta.Str) ([]byte, *diag.Diagnostic, error) {
	full := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Lstat(full)
	if err != nil {
		return nil, nil, unreadable(name, err)
	}
	if !info.Mode().IsRegular() {
		d := diag.At(glob.Pos, RuleSource, "%s is not a regular file", name)
		return nil, &d, nil
	}
	f, err := os.Open(full)
	if err != nil {
		return nil, nil, unreadable(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, nil, unreadable(name, err)
	}
	if len(text) > maxFile {
		d := diag.At(glob.Pos, RuleSource, "%s is larger than %s MiB and is not read", name, maxFile>>20)
		return nil, &d, nil
	}
	return text, nil, nil
}

func unreadable(name string, err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("read alert source %s: %w", name, err)
}
