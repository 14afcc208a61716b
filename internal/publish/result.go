package publish

import (
	"context"
	"errors"
)

// Result is what a run did, as --json prints it.
type Result struct {
	OK           bool          `json:"ok"`
	Exit         int           `json:"exit"`
	Code         Code          `json:"code"`
	Target       string        `json:"target"`
	Generation   int           `json:"generation"`
	Manifest     string        `json:"manifest"`
	Counts       Counts        `json:"counts"`
	Bytes        int64         `json:"bytes"`
	Pages        PageCounts    `json:"pages"`
	Invalidation *Invalidation `json:"invalidation"`
	Warnings     []string      `json:"warnings"`
	Errors       []string      `json:"errors"`
	Duration     int64         `json:"duration_ms"`
}

// Counts are objects of the site; state objects are left out.
type Counts struct {
	Uploaded  int `json:"uploaded"`
	Copied    int `json:"copied"` // inside the target: bodies kept for rollback, or brought back
	Unchanged int `json:"unchanged"`
	Deleted   int `json:"deleted"`
	StaleKept int `json:"stale_kept"` // to be deleted later
}

// Invalidation is what the CDN was told.
type Invalidation struct {
	ID    string   `json:"id"`
	Paths []string `json:"paths"`
	Done  bool     `json:"done"`
}

// result starts the result of a plan.
func (p *Plan) result() *Result {
	return &Result{
		Code: Published, Generation: p.State.Head.Generation, Manifest: p.State.Head.Manifest,
		Counts: Counts{Unchanged: p.Unchanged, StaleKept: len(p.Garbage) - len(p.Due())}, Pages: p.Pages,
		Warnings: inEnglish(p.Warnings), Errors: []string{},
	}
}

// end fills in how the run ended.
func (r *Result) end(err error) {
	if err != nil {
		r.Code = CodeOf(err, Partial)
		r.Errors = append(r.Errors, err.Error())
	}
	r.Exit = r.Code.Exit()
	r.OK = r.Exit == 0
}

// Failed is the result of a run that did not get as far as having one.
func Failed(err error) *Result {
	r := &Result{Warnings: []string{}, Errors: []string{}}
	r.Code = CodeOf(err, Access)
	if errors.Is(err, context.Canceled) {
		r.Code = Partial
	}
	r.end(&Failure{Code: r.Code, Err: err})
	return r
}

// Preview is the result of a dry run: what a run would count. With detailed, changes are an exit code of their own.
func (p *Plan) Preview(detailed bool) *Result {
	r := p.result()
	f := p.File("", "")
	r.Counts, r.Bytes, r.Code = f.Counts, f.Bytes, Changes
	if p.Nothing() {
		r.Code = Unchanged
	}
	if p.tell && len(p.Paths) > 0 {
		r.Invalidation = &Invalidation{Paths: p.Paths}
	}
	if err := p.refused(); err != nil {
		r.Code = Refused
		r.Errors = append(r.Errors, err.Error())
	}
	if r.Exit = r.Code.Exit(); r.Code == Changes && !detailed {
		r.Exit = 0
	}
	r.OK = r.Exit == 0 || r.Code == Changes
	return r
}
