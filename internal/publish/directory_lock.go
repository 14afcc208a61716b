package publish

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// locked runs do while no other process looks at a condition of this folder. The lock ends with the process.
func (d *Directory) locked(ctx context.Context, do func() error) error {
	if err := d.root.MkdirAll(stateFolder[:len(stateFolder)-1], 0o755); err != nil {
		return denied(err)
	}
	f, err := d.root.OpenFile(lockFile, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return denied(err)
	}
	name := f.Name()
	if err := f.Close(); err != nil {
		return err
	}
	unlock, err := lockedfile.MutexAt(name).Lock()
	if err != nil {
		return fmt.Errorf("lock %s: %w", d, err)
	}
	defer unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return do()
}

// temp makes an empty file that nobody else writes to.
func (d *Directory) temp() (*os.File, string, error) {
	name := tempFolder + "/" + rand.Text()
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	return f, name, err
}
