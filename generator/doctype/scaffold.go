package doctype

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/template"
	"time"

	"opsbook/internal/meta"
)

// Scaffold is what a type's new.md can fill in. Title, Lang and Today are always given; whatever else is empty is left out of the page.
type Scaffold struct {
	Title      string
	ID         string
	Owner      string // id of a team or person
	Escalation string // name of a policy
	Decider    string // id of who decides when there is no policy
	Severity   string
	Of         string // id or path of the page that a record is of
	Lang       string // "ja" or "en"
	Today      meta.Date

	Steps    []ScaffoldStep // of a procedure that was written elsewhere; none: the template's own
	Params   []string       // names of the values that those steps ask for
	Duration int            // minutes that those steps take; 0: not known
}

// ScaffoldStep is one step. Its texts are Markdown.
type ScaffoldStep struct {
	Number   int
	Text     string
	More     string // further lines
	Command  string // a block of code
	Expected string
	Minutes  int // 0: not known
	Notes    []ScaffoldNote
}

// ScaffoldNote is a note to a step, under a name of its own or none.
type ScaffoldNote struct{ Name, Text string }

// Under indents text so that it belongs to the step's item of a list.
func (s ScaffoldStep) Under(text string) string {
	margin := strings.Repeat(" ", len(strconv.Itoa(s.Number))+len(". "))
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = margin + line
		}
	}
	return strings.Join(lines, "\n")
}

// ErrNoSteps says that the template of a type leaves out steps that were written elsewhere.
var ErrNoSteps = errors.New(`its new.md has no place for steps: {{template "steps" .}}`)

// In returns the day a number of days after today.
func (s Scaffold) In(days int) meta.Date {
	return meta.DateOf(time.Date(s.Today.Year, time.Month(s.Today.Month), s.Today.Day+days, 0, 0, 0, 0, time.UTC))
}

// Scaffold writes a new page of the type. The error is a mistake in a site's own new.md.
func (t *Type) Scaffold(s Scaffold) ([]byte, error) {
	if len(s.Steps) > 0 && !strings.Contains(t.New, `{{template "steps" .}}`) {
		return nil, ErrNoSteps
	}
	page := template.New("new.md").Funcs(template.FuncMap{"quote": quote}).Option("missingkey=error")
	for name, text := range t.partials {
		if _, err := page.New(name).Parse(text); err != nil {
			return nil, fmt.Errorf("read %s.new.md: %w", name, err)
		}
	}
	if _, err := page.Parse(t.New); err != nil {
		return nil, fmt.Errorf("read new.md of %s: %w", t.Name, err)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, s); err != nil {
		return nil, fmt.Errorf("fill in new.md of %s: %w", t.Name, err)
	}
	return append(bytes.TrimSpace(b.Bytes()), '\n'), nil
}

// quote writes text as a YAML scalar: as it is where that is safe, in double quotes otherwise.
func quote(s string) string {
	plain := s != "" && strings.TrimSpace(s) == s && !strings.ContainsAny(s, ":#{}[],&*!|>'\"%@`\\\n\t") && !strings.ContainsAny(s[:1], "-?=~.0123456789<") &&
		!strings.ContainsAny(s, "\u3000\u00a0：")
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off":
		plain = false
	}
	if plain {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\t", " ").Replace(s) + `"`
}
