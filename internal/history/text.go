package history

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// maxText is how large an old text may be: what is larger is no page.
const maxText = 1 << 20

// Texts reads files as they were at commits. One git process answers all questions; it is started by the first one, so that who asks
// nothing pays nothing.
type Texts struct {
	ctx    context.Context
	dir    string // the content folder
	prefix string

	mu     sync.Mutex
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	broken bool
}

// Texts returns a reader of old texts of a content folder. It must be closed.
func (h History) Texts(ctx context.Context, dir string) *Texts {
	return &Texts{ctx: ctx, dir: dir, prefix: h.Prefix, broken: !h.Known}
}

// At returns a file, named relative to the content folder, as it was at a commit. ok is false if it was not there, or Git cannot tell.
func (t *Texts) At(commit, path string) (text []byte, ok bool) {
	if strings.ContainsAny(path, "\n\r") {
		return nil, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.broken {
		return nil, false
	}
	if t.cmd == nil {
		t.broken = t.start() != nil
	}
	if !t.broken {
		text, ok, t.broken = t.ask(commit + ":" + t.prefix + path)
	}
	return text, ok
}

func (t *Texts) start() error {
	cmd := command(t.ctx, t.dir, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	t.cmd, t.in, t.out = cmd, in, bufio.NewReaderSize(out, 1<<16)
	return cmd.Start()
}

// ask reads one object. After what cannot be understood nothing else can.
func (t *Texts) ask(object string) (text []byte, ok, broken bool) {
	if _, err := fmt.Fprintln(t.in, object); err != nil {
		return nil, false, true
	}
	head, err := t.out.ReadString('\n')
	if err != nil {
		return nil, false, true
	}
	words := strings.Fields(head) // "HASH blob SIZE", or "OBJECT missing", whose name may hold blanks
	if strings.HasSuffix(head, " missing\n") || strings.HasSuffix(head, " ambiguous\n") {
		return nil, false, false
	}
	if len(words) != 3 {
		return nil, false, true
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return nil, false, true
	}
	if size > maxText || words[1] != "blob" {
		_, err := io.CopyN(io.Discard, t.out, size+1)
		return nil, false, err != nil
	}
	text = make([]byte, size+1) // with the line feed behind it
	if _, err := io.ReadFull(t.out, text); err != nil {
		return nil, false, true
	}
	return text[:size], true, false
}

// Close ends the process.
func (t *Texts) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cmd == nil {
		return
	}
	t.broken = true
	_ = t.in.Close()
	_ = t.cmd.Wait() // how it ends changes nothing
}
