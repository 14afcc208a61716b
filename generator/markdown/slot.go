package markdown

import (
	"strings"
)

// slots is the declared parameters by their canonical name.
type slots map[string]string

// slot is one place in code that a parameter fills.
type slot struct {
	at, end int
	name    string // as declared
}

// maxSlot is how long the name in a slot may be, in bytes.
const maxSlot = 100

func newSlots(params []string) slots {
	if len(params) == 0 {
		return nil
	}
	s := make(slots, len(params))
	for _, name := range params {
		s[canonical(name)] = name
	}
	return s
}

// canonical makes <order-db>, ${ORDER_DB} and {{ order_db }} one name.
func canonical(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "-", "_")
}

// find returns the slots of declared parameters in code, in order: {{name}}, ${NAME} and <name>.
func (s slots) find(code string) []slot {
	if s == nil {
		return nil
	}
	var all []slot
	for at := 0; at < len(code); at++ {
		var open, closing string
		switch {
		case strings.HasPrefix(code[at:], "{{"):
			open, closing = "{{", "}}"
		case strings.HasPrefix(code[at:], "${"):
			open, closing = "${", "}"
		case code[at] == '<':
			open, closing = "<", ">"
		default:
			continue
		}
		rest := code[at+len(open):]
		end := strings.Index(rest[:min(len(rest), maxSlot)], closing)
		if end < 0 {
			continue
		}
		if name, ok := s[canonical(rest[:end])]; ok {
			stop := at + len(open) + end + len(closing)
			all = append(all, slot{at, stop, name})
			at = stop - 1
		}
	}
	return all
}
