package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// canExchange says whether two folders can change places in one step here.
const canExchange = true

// exchange lets two folders change places: whoever looks sees the one or the other, never neither.
func exchange(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	if err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	return nil
}
