package generator

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
	"opsbook/templates"
)

// Without directory.yaml nobody is known, and everything else still is: owners by what the pages write, alerts, matrices, runs, lessons, calendars.
func TestTheSiteIsUsefulWithoutADirectory(t *testing.T) {
	src := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(src, os.DirFS("../content")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(src, "directory.yaml")); err != nil {
		t.Fatal(err)
	}
	in := Input{Source: src, Theme: templates.Default(), Clock: meta.Date{Year: 2026, Month: 11, Day: 1}, Now: time.Unix(0, 0), Version: "test"}
	built, err := Build(t.Context(), in, NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		text, err := built.Read(context.Background(), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return string(text)
	}
	for name, want := range map[string]string{
		"runbooks/rds-failover/index.html":         "<dd>dba</dd>",
		"alerts/index.html":                        "catalog-search-latency",
		"raci/index.html":                          `id="raci-roles"`,
		"incidents/index.html":                     `class="bars"`,
		"actions/index.html":                       "app-dev",
		"records/index.html":                       `id="practice"`,
		"routine/index.html":                       `id="calendar"`,
		"controls/index.html":                      `id="matrix"`,
		"review/index.html":                        "data-tally",
		"reviews.ics":                              "BEGIN:VEVENT",
		"operations.ics":                           "BEGIN:VEVENT",
		"api/actions.json":                         `"owner": "app-dev"`,
		"runbooks/rds-failover/index.md":           `owner: "dba"`,
		"lessons/2026-05-session-loss/index.html":  "data-kind=\"document\"",
		"raci/shared-responsibility/index.html":    "aws-support",
		"en/raci/shared-responsibility/index.html": "aws-support",
	} {
		if text := read(name); !strings.Contains(text, want) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
	said := map[string]int{}
	for _, d := range built.Diagnostics() {
		said[d.Rule]++
		if d.Severity == diag.Error && d.Rule != "service-unknown" {
			t.Errorf("an error although nothing can be known: %s", d)
		}
	}
	if said["directory-missing"] != 1 {
		t.Errorf("directory-missing is said %d times", said["directory-missing"])
	}
}
