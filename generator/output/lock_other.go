//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package output

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// folderLock is a locked file in the temporary folder: these systems cannot lock a folder.
type folderLock struct {
	unlock func()
}

func lock(_ context.Context, dir string, _ func()) (*folderLock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the output folder: %w", err)
	}
	return tryLock(dir)
}

func tryLock(dir string) (*folderLock, error) {
	sum := sha256.Sum256([]byte(dir))
	name := filepath.Join(os.TempDir(), "opsbook-"+hex.EncodeToString(sum[:8])+".lock")
	unlock, err := lockedfile.MutexAt(name).Lock()
	if err != nil {
		return nil, fmt.Errorf("lock the output folder: %w", err)
	}
	return &folderLock{unlock: unlock}, nil
}

func (l *folderLock) release() { l.unlock() }
