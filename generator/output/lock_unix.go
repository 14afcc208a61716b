//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package output

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lockPause is how long to wait before asking again for a lock that another build holds.
const lockPause = 50 * time.Millisecond

// folderLock is a flock on a folder itself, so that nothing lies about beside it. It ends with the process.
type folderLock struct {
	file *os.File
}

// lock waits until no other build writes to dir, which it makes if need be. It calls waiting once if it has to wait.
func lock(ctx context.Context, dir string, waiting func()) (*folderLock, error) {
	for first := true; ; first = false {
		l, err := tryLock(dir)
		if l != nil || err != nil {
			return l, err
		}
		if first && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for another build of %s: %w", dir, context.Cause(ctx))
		case <-time.After(lockPause):
		}
	}
}

// tryLock returns nil and no error if another build holds the lock, or has put another folder in the place of the one it locked.
func tryLock(dir string) (*folderLock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the output folder: %w", err)
	}
	f, err := os.Open(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("lock the output folder: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) || (err == nil && !stillAt(f, dir)) {
		return nil, f.Close()
	}
	if err != nil && !unsupported(err) {
		f.Close()
		return nil, fmt.Errorf("lock the output folder: %w", os.NewSyscallError("flock", err))
	}
	return &folderLock{file: f}, nil
}

// unsupported reports whether a file system has no locks on folders, as some network file systems; then two builds at once are not
// kept apart, but each still shows the whole of its site or nothing of it.
func unsupported(err error) bool {
	return errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EBADF) || errors.Is(err, unix.ENOLCK) || errors.Is(err, unix.EINVAL)
}

func stillAt(f *os.File, dir string) bool {
	locked, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(dir)
	return err == nil && os.SameFile(locked, there)
}

func (l *folderLock) release() { l.file.Close() }
