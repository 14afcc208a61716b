package bleveindex

import (
	"errors"

	bolt "go.etcd.io/bbolt/errors"
)

// locked says that opening failed because another process holds the lock.
func locked(err error) bool { return errors.Is(err, bolt.ErrTimeout) }
