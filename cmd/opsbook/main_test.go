package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"opsbook": main})
}

// exits runs a command that must end with a code: exits 2 opsbook build nowhere.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [args]")
	}
	code := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// TestStories runs every story of testdata: type the command, see the line.
func TestStories(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("the stories need git: make setup installs it")
	}
	s3 := openS3(t)
	t.Run("all", func(t *testing.T) { testscript.Run(t, stories(root, s3)) })
}

// stories is how the stories are told.
func stories(root, s3 string) testscript.Params {
	return testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_STORIES") != "",
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLE", filepath.Join(root, "content"))
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("S3", s3)
			env.Setenv("AWS_ACCESS_KEY_ID", "opsbook")
			env.Setenv("AWS_SECRET_ACCESS_KEY", "opsbook-secret")
			env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "s3" {
				return false, fmt.Errorf("there is no condition %s", name)
			}
			return s3 != "", nil
		},
	}
}
