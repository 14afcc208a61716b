//go:build unix

package output

import (
	"io/fs"
	"syscall"
)

// writeFile is os.WriteFile without asking of each of thousands of files whether it can be waited for, which takes longer than writing it.
func writeFile(name string, content []byte) error {
	fd, err := uninterrupted(func() (int, error) {
		return syscall.Open(name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_TRUNC|syscall.O_CLOEXEC, 0o644)
	})
	if err != nil {
		return &fs.PathError{Op: "open", Path: name, Err: err}
	}
	for len(content) > 0 {
		n, err := uninterrupted(func() (int, error) { return syscall.Write(fd, content) })
		if err != nil {
			syscall.Close(fd)
			return &fs.PathError{Op: "write", Path: name, Err: err}
		}
		content = content[n:]
	}
	if err := syscall.Close(fd); err != nil {
		return &fs.PathError{Op: "close", Path: name, Err: err}
	}
	return nil
}

// uninterrupted calls again what a signal interrupted.
func uninterrupted(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}
