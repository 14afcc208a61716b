//go:build !unix

package output

import "os"

// sameDevice is asked only where folders can change places, which is not here.
func sameDevice(_, _ string) bool { return false }

// likeFolder gives a folder the mode of another.
func likeFolder(model, folder string) error {
	info, err := os.Stat(model)
	if err != nil {
		return err
	}
	return os.Chmod(folder, info.Mode().Perm())
}
