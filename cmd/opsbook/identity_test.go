package main

import (
	"os"
	"strings"
	"testing"
)

func TestIdentity(t *testing.T) {
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	ours := identityOf(strings.NewReader(string(program)))
	if ours == "" || ours != identityOf(strings.NewReader(string(program))) {
		t.Errorf("the identity of this program is %q, and not always", ours)
	}
	one, other := identityOf(strings.NewReader("one")), identityOf(strings.NewReader("other"))
	if one == other || !strings.HasPrefix(one, "file ") {
		t.Errorf("programs without a build id: %q and %q", one, other)
	}
}
