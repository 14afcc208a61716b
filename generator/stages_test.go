//go:build unix

package generator

import (
	"syscall"
	"testing"
	"time"

	"opsbook/generator/page"
	"opsbook/internal/check"
	"opsbook/search/webindex"
)

// The stages of a cold build, one after the other; BenchmarkBuild is all of them, and writing. Their cpu-ms are what the process spent on every
// core, collecting garbage included: it tells two versions apart even where other programs share the machine.

func BenchmarkParse(b *testing.B) {
	r := benchRead(b)
	stage(b, func() { parse(r.tree.Files, Once()) })
}

func BenchmarkResolve(b *testing.B) {
	r, m := benchRead(b), Once()
	stage(b, func() { benchResolve(b, r, m) })
}

func BenchmarkCheck(b *testing.B) {
	c := benchResolve(b, benchRead(b), Once())
	stage(b, func() { check.Run(c.Site, c.Diagnostics) })
}

func BenchmarkPlan(b *testing.B) {
	c := benchResolve(b, benchRead(b), Once())
	stage(b, func() { plannedWhole(c) })
}

// BenchmarkRender begins with an empty memory of highlighted code and of shared parts, as a cold build does.
func BenchmarkRender(b *testing.B) {
	c := benchResolve(b, benchRead(b), Once())
	pages := plannedWhole(c)
	stage(b, func() {
		look, err := Once().look(c)
		if err != nil {
			b.Fatal(err)
		}
		each(len(pages), func(i int) {
			if _, err := look.theme.Page(b.Context(), pages[i]); err != nil {
				b.Error(err)
			}
		})
	})
}

// BenchmarkOutline is what serve waits for: which pages there are.
func BenchmarkOutline(b *testing.B) {
	c := benchResolve(b, benchRead(b), Once())
	stage(b, func() { page.Plan(c.Site) })
}

func plannedWhole(c *Content) []*page.Page {
	outlines := page.Plan(c.Site)
	pages := make([]*page.Page, len(outlines))
	each(len(pages), func(i int) { pages[i] = outlines[i].Whole() })
	return pages
}

func BenchmarkAnalyze(b *testing.B) {
	records := benchResolve(b, benchRead(b), Once()).Records()
	stage(b, func() {
		each(len(records), func(i int) { webindex.Analyze(records[i]) })
	})
}

// stage runs f and reports the time that it took of all cores.
func stage(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	before := spent(b)
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64((spent(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
}

func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchRead(b *testing.B) *Inputs {
	b.Helper()
	r, err := Read(b.Context(), benchInput())
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func benchResolve(b *testing.B, r *Inputs, m *Memory) *Content {
	b.Helper()
	c, err := r.resolve(b.Context(), m)
	if err != nil {
		b.Fatal(err)
	}
	return c
}
