package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// phase is what a build is doing, as far as its system calls tell.
type phase int

const (
	starting  phase = iota
	parsing         // content has been opened, nothing of the new site is on the disk
	rendering       // the new site grows, and none of its files is being written at the moment
	writing         // a file of the new site is open, or what has not changed is being linked to it
	swapping        // the new site is whole: from its last name in the yard to the end of the old one
	over            // the old site is out of the way
)

var phaseNames = [...]string{"starting", "parse", "render", "write", "swap", "over"}

func (p phase) String() string { return phaseNames[p] }

// observer follows a build from outside, by the names of the files that it asks the kernel for.
type observer struct {
	source string
	phase  phase
	open   map[string]bool // files of the new site that are being written
	linked bool
	seen   [over + 1]int // system calls in each phase
	pid    int           // of the build
}

// The calls of one line of a trace, and the paths in it. A call that another thread interrupts is told by its first half alone, which has
// the paths; its second half begins with "<...".
var (
	traceLine = regexp.MustCompile(`^(\d+) +(\w+)\((.*)`)
	tracePath = regexp.MustCompile(`"([^"]*)"`)
	traceFile = regexp.MustCompile(`^\d+<([^>]*)>`)
)

// calls is what a trace tells: enough to know the phase, few enough not to slow the build much.
const calls = "openat,close,linkat,mkdirat,renameat,renameat2,unlinkat"

// line takes one line of the trace.
func (o *observer) line(text string) {
	m := traceLine.FindStringSubmatch(text)
	if m == nil {
		return
	}
	if o.pid == 0 {
		o.pid, _ = strconv.Atoi(m[1])
	}
	var paths []string
	for _, p := range tracePath.FindAllStringSubmatch(m[3], 2) {
		paths = append(paths, p[1])
	}
	if f := traceFile.FindStringSubmatch(m[3]); f != nil {
		paths = append(paths, f[1])
	}
	if len(paths) > 0 && o.call(m[2], m[3], paths) {
		o.seen[o.phase]++
	}
}

// stageName finds the path of a file of the new site in it.
var stageName = regexp.MustCompile(`(?:/output-[0-9a-f]+/|\.opsbook-)(new|old)-\d+(/.*)?$`)

// call takes one call and reports whether it tells of the build's work.
func (o *observer) call(name, args string, paths []string) bool {
	last := paths[len(paths)-1]
	m := stageName.FindStringSubmatch(last)
	first := stageName.FindStringSubmatch(paths[0])
	isSwap := o.phase == swapping
	switch {
	case name == "renameat" && m != nil && m[1] == "old":
		o.phase = swapping
	case isSwap && name == "renameat" && first != nil && first[1] == "old", // it is the spare now
		isSwap && name == "unlinkat" && m != nil && m[1] == "old" && m[2] == "" && strings.Contains(args, "AT_REMOVEDIR") && strings.HasSuffix(args, " = 0"):
		o.phase = over
	case isSwap:
		return m != nil || first != nil
	case o.phase == over:
		return false
	case m == nil:
		if o.phase <= parsing && name == "openat" && strings.HasPrefix(last, o.source+"/") && !strings.Contains(last, "/.opsbook") {
			o.phase = parsing
			return true
		}
		return o.phase == parsing && name == "openat"
	default:
		o.grow(name, args, m[2])
	}
	return true
}

// grow takes a call that concerns a file of the new site.
func (o *observer) grow(name, args, file string) {
	switch {
	case name == "openat" && strings.Contains(args, "O_CREAT"):
		o.open[file] = true
	case name == "close":
		delete(o.open, file)
	case name == "linkat":
		o.linked = true
	}
	o.phase = rendering
	if o.linked || len(o.open) > 0 {
		o.phase = writing
	}
}

// halt is when to end a build: a pause after the nth call of a phase.
type halt struct {
	phase  phase
	n      int
	pause  time.Duration
	signal syscall.Signal
}

// ended is how a traced build ended.
type ended struct {
	observer
	code   int // -1 if it was killed
	output string
}

// traceBuild runs a command under strace and stops it at a point. The calls that let the sites change places are stretched, so that it can
// be killed between them; nothing of the program is changed.
func traceBuild(t *testing.T, dir, source string, at halt, args ...string) ended {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("this test needs strace: make setup installs it")
	}
	trace, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer trace.Close()
	cmd := exec.Command(strace, append([]string{
		"-f", "-y", "-qq", "-e", "signal=none", "-e", "trace=" + calls, "-e", "inject=renameat,renameat2:delay_enter=2000:delay_exit=2000", "-o", "/proc/self/fd/3", "opsbook",
	}, args...)...)
	var said strings.Builder
	cmd.Dir, cmd.ExtraFiles, cmd.Stdout, cmd.Stderr = dir, []*os.File{out}, &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	o := follow(trace, source, at)
	err = cmd.Wait()
	if o.pid == 0 {
		if strings.Contains(said.String(), "not permitted") {
			t.Skipf("this machine lets no process trace another: %s", said.String())
		}
		t.Fatalf("%v\n%s", err, said.String())
	}
	e := ended{observer: o, output: said.String()}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() { // strace ends as its child did
		e.code = -1
	} else {
		e.code = cmd.ProcessState.ExitCode()
	}
	return e
}

// follow reads a trace to its end.
func follow(trace io.Reader, source string, at halt) observer {
	o := observer{source: source, open: map[string]bool{}}
	lines, stopped := bufio.NewScanner(trace), false
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		o.line(lines.Text())
		if !stopped && at.signal != 0 && (o.phase == at.phase && o.seen[o.phase] >= at.n || o.phase > at.phase) {
			stopped = true
			time.Sleep(at.pause)
			_ = syscall.Kill(o.pid, at.signal) // it may be over
		}
	}
	return o
}

// where says where a build was stopped.
func (s halt) String() string { return fmt.Sprintf("%v after call %d and %v", s.phase, s.n, s.pause) }
