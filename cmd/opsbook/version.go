package main

import "fmt"

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintln(a.stdout, "opsbook "+programVersion())
	return err
}
