//go:build !unix

package output

import "os"

// writeFile writes a file that is new, or whose content goes.
func writeFile(name string, content []byte) error { return os.WriteFile(name, content, 0o644) }
