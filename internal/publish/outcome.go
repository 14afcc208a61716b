package publish

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Code is how a run ended, for programs.
type Code string

// The ends of a run, with their exit codes: 0, 0, 10, 11, 12, 13, 14, 14, 15, 16.
const (
	Published  Code = "published"
	Unchanged  Code = "unchanged"
	Changes    Code = "changes"         // a dry run found something to do
	BadBuild   Code = "bad-build"       // nothing was written
	Access     Code = "access"          // nothing was written to a live key
	Refused    Code = "refused"         // a guard rail; nothing was written
	Locked     Code = "locked"          // somebody else is publishing, or has been since the plan was made
	Overtaken  Code = "overtaken"       // the lease ended and another run took over
	Committed  Code = "cleanup-pending" // the new site is up; deleting or invalidating is left for the next run
	Partial    Code = "partial"         // the old site is up with some new pages; run again
	Destroyed  Code = "destroyed"
	RolledBack Code = "rolled-back"
	Unlocked   Code = "unlocked"
)

// Exit returns the exit code of an end.
func (c Code) Exit() int {
	switch c {
	case Changes:
		return 10
	case BadBuild:
		return 11
	case Access:
		return 12
	case Refused:
		return 13
	case Locked, Overtaken:
		return 14
	case Committed:
		return 15
	case Partial:
		return 16
	default:
		return 0
	}
}

// Failure is an error that says how the run ended.
type Failure struct {
	Code Code
	Err  error
}

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

func failure(code Code, format string, args ...any) error {
	return &Failure{Code: code, Err: fmt.Errorf(format, args...)}
}

// CodeOf returns how a run ended that failed with err; otherwise is the end of errors that do not say.
func CodeOf(err error, otherwise Code) Code {
	var f *Failure
	switch {
	case errors.As(err, &f):
		return f.Code
	case errors.Is(err, ErrAccess):
		return Access
	case errors.Is(err, ErrConflict):
		return Locked
	default:
		return otherwise
	}
}

// firstOf prints the first of several keys with its reason.
func firstOf(failed map[string]string) string {
	keys := slices.Sorted(maps.Keys(failed))
	if len(keys) == 0 {
		return "no key named"
	}
	return keys[0] + ": " + failed[keys[0]]
}

// some prints a few of many names.
func some(names []string) string {
	const few = 5
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}
