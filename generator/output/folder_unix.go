//go:build unix

package output

import (
	"os"
	"syscall"
)

// sameDevice reports whether two folders are on one file system, so that files can be linked between them.
func sameDevice(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA != nil || errB != nil {
		return false
	}
	sysA, okA := infoA.Sys().(*syscall.Stat_t)
	sysB, okB := infoB.Sys().(*syscall.Stat_t)
	return okA && okB && sysA.Dev == sysB.Dev
}

// likeFolder gives a folder the mode of another and, as far as we may, its owner.
func likeFolder(model, folder string) error {
	info, err := os.Stat(model)
	if err != nil {
		return err
	}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok && (int(sys.Uid) != os.Getuid() || int(sys.Gid) != os.Getgid()) {
		// Only root can give a folder away; a new folder that is ours serves as well.
		_ = os.Chown(folder, int(sys.Uid), int(sys.Gid))
	}
	return os.Chmod(folder, info.Mode()&(os.ModePerm|os.ModeSetgid|os.ModeSticky))
}
