package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"opsbook/internal/diag"
)

// UnsafeError says that nothing was written, because of the paths that Check found.
type UnsafeError struct {
	Diagnostics []diag.Diagnostic
}

// Error counts the paths; the diagnostics say which.
func (e *UnsafeError) Error() string {
	if len(e.Diagnostics) == 1 {
		return "write the site: " + e.Diagnostics[0].Message.String()
	}
	return fmt.Sprintf("write the site: %d output paths are unsafe or collide", len(e.Diagnostics))
}

// RefusedError says that nothing was written, because the output folder is not one that a build may replace.
type RefusedError struct {
	Dir  string
	Why  string
	Hint string
}

// Error says why and what to do instead.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("write the site to %s: %s; %s", e.Dir, e.Why, e.Hint)
}

const elsewhere = "choose another folder with --out"

// resolve returns the real, absolute path of an output folder, or a RefusedError. The folder need not exist.
func resolve(dir, content string) (string, error) {
	real, err := realPath(dir)
	if err != nil {
		return "", fmt.Errorf("find the output folder: %w", err)
	}
	refuse := func(why, hint string) (string, error) {
		return "", &RefusedError{Dir: dir, Why: why, Hint: hint}
	}
	if info, err := os.Stat(real); err == nil && !info.IsDir() {
		return refuse("it is not a folder", elsewhere)
	}
	if filepath.Dir(real) == real {
		return refuse("it is the root of the file system", elsewhere)
	}
	if home, err := os.UserHomeDir(); err == nil {
		if home, err = realPath(home); err == nil && holds(real, home) {
			return refuse("it is the home directory, or holds it", elsewhere)
		}
	}
	if _, err := os.Lstat(filepath.Join(real, ".git")); err == nil {
		return refuse("it is the root of a Git repository", elsewhere)
	}
	if content == "" {
		return real, nil
	}
	source, err := realPath(content)
	if err != nil {
		return "", fmt.Errorf("find the content folder: %w", err)
	}
	switch {
	case holds(real, source):
		return refuse("it is the content, or holds it", elsewhere)
	case holds(source, real):
		if name := foreign(real); name != "" {
			return refuse("it is inside the content, and holds "+name+", which opsbook did not make", elsewhere)
		}
	}
	return real, nil
}

// foreign returns the name of something that a folder inside the content holds and that may be content, if the folder is not the output of a
// build: an output is never read as content (see package source), nor is what starts with a dot.
func foreign(dir string) string {
	if info, err := os.Lstat(filepath.Join(dir, ManifestName)); err == nil && info.Mode().IsRegular() {
		return ""
	}
	for _, e := range readDir(dir) {
		if !strings.HasPrefix(e.Name(), ".") {
			return e.Name()
		}
	}
	return ""
}

// holds reports whether inner is outer or is below it. Both are absolute and clean.
func holds(outer, inner string) bool {
	rel, err := filepath.Rel(outer, inner)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// realPath makes a path absolute and follows its links, as far as it exists.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	var missing []string
	for {
		real, err := filepath.EvalSymlinks(abs)
		if err == nil {
			return filepath.Join(append([]string{real}, missing...)...), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(abs) == abs {
			return "", err
		}
		missing = append([]string{filepath.Base(abs)}, missing...)
		abs = filepath.Dir(abs)
	}
}
