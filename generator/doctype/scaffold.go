package doctype

import (
	"bytes"
	"fmt"
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
}

// In returns the day a number of days after today.
func (s Scaffold) In(days int) meta.Date {
	return meta.DateOf(time.Date(s.Today.Year, time.Month(s.Today.Month), s.Today.Day+days, 0, 0, 0, 0, time.UTC))
}

// Scaffold writes a new page of the type. The error is a mistake in a site's own new.md.
func (t *Type) Scaffold(s Scaffold) ([]byte, error) {
	page := template.New("new.md").Funcs(template.FuncMap{"quote": quote}).Option("missingkey=error")
	if _, err := page.New("escalation").Parse(t.partial); err != nil {
		return nil, fmt.Errorf("read escalation.new.md: %w", err)
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
