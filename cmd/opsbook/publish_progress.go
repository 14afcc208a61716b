package main

import (
	"fmt"
	"io"
	"time"

	"opsbook/internal/diag"
	"opsbook/internal/publish"
)

// progressLine is one line on a terminal that says how far a run is. On anything else it is silent.
type progressLine struct {
	w     io.Writer
	words map[string]string
	now   func() time.Time
	began time.Time
	last  time.Time
	drawn bool
}

// How soon a line appears and how often it changes.
const (
	progressAfter = 500 * time.Millisecond
	progressEvery = 100 * time.Millisecond
)

func (a *app) progress() *progressLine {
	l := &progressLine{words: a.catalogue, now: a.now, began: a.now()}
	if isTerminal(a.stderr) {
		l.w = a.stderr
	}
	return l
}

func (l *progressLine) show(p publish.Progress) {
	now := l.now()
	if l.w == nil || now.Sub(l.began) < progressAfter || now.Sub(l.last) < progressEvery && p.Done < p.Total {
		return
	}
	l.last, l.drawn = now, true
	line := diag.T("%s: %s of %s", p.Phase, p.Done, p.Total)
	if p.Whole > 0 {
		line = diag.T("%s: %s of %s, %s of %s", p.Phase, p.Done, p.Total, publish.Size(p.Bytes), publish.Size(p.Whole))
	}
	fmt.Fprintf(l.w, "\r\x1b[K%s", line.In(l.words))
}

// end takes the line away.
func (l *progressLine) end() {
	if l.drawn {
		fmt.Fprint(l.w, "\r\x1b[K")
	}
}
