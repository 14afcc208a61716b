package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// CacheDir is the folder in which what can be computed again is remembered: .opsbook in the source, or, where that cannot be written, a folder
// of its own in the user's cache. It carries a .gitignore that names itself.
func CacheDir(source string) (string, error) {
	dir := filepath.Join(source, ".opsbook")
	if err := ready(dir); err == nil {
		return dir, nil
	}
	user, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a folder to remember in: %w", err)
	}
	full, err := filepath.Abs(source)
	if err != nil {
		return "", fmt.Errorf("find a folder to remember in: %w", err)
	}
	sum := sha256.Sum256([]byte(full))
	dir = filepath.Join(user, "opsbook", hex.EncodeToString(sum[:8]))
	if err := ready(dir); err != nil {
		return "", fmt.Errorf("make a folder to remember in: %w", err)
	}
	return dir, nil
}

// errReadOnly says that a folder is not meant to be written, which its permissions say also to who may write anywhere.
var errReadOnly = errors.New("the folder is read-only")

// ready makes dir and its .gitignore, which also proves that dir can be written.
func ready(dir string) error {
	if above, err := os.Stat(filepath.Dir(dir)); err == nil && above.Mode().Perm()&0o222 == 0 {
		return errReadOnly
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	ignore := filepath.Join(dir, ".gitignore")
	if text, err := os.ReadFile(ignore); err == nil && string(text) == "*\n" {
		f, err := os.CreateTemp(dir, "probe-*")
		if err != nil {
			return err
		}
		defer os.Remove(f.Name())
		return f.Close()
	}
	return os.WriteFile(ignore, []byte("*\n"), 0o644)
}
