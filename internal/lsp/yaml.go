package lsp

import (
	"strings"

	"opsbook/generator"
	"opsbook/generator/doctype"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// spotYAML is where in YAML somebody writes.
type spotYAML struct {
	path   []string // the keys above, in snake_case; with a value, the last is its own
	value  bool     // a value is written, not a key
	prefix string   // what stands there so far
}

// inFront reports whether a line (0-based) is front matter, and on which line that starts.
func (b *buffer) inFront(line int) (first int, ok bool) {
	front := meta.SplitFront([]byte(strings.TrimPrefix(strings.Join(b.lines, "\n"), bom)))
	if front.Line == 0 || front.TOML {
		return 0, len(b.lines) > 1 && line == 1 && strings.TrimSpace(b.line(0)) == "---"
	}
	last := front.BodyLine - 1 // 1-based line of the closing dashes
	if front.Open {
		last = front.BodyLine + 1
	}
	return front.Line - 1, line >= front.Line-1 && line < last-1
}

// yamlAt reads what stands before a position of YAML that starts on line first.
func (b *buffer) yamlAt(first int, p position) spotYAML {
	text := b.before(p)
	col, rest, item := content(text)
	above := b.above(first, p.Line, col, item)
	if at, flow := openBracket(rest); at >= 0 {
		key, _, _ := strings.Cut(rest[:at], ":")
		if strings.Contains(rest[:at], ":") {
			above = append(above, meta.Canonical(clean(key)))
		}
		segment := strings.TrimLeft(rest[strings.LastIndexAny(rest, "[{,")+1:], " ")
		inner, value, has := strings.Cut(segment, ":")
		switch {
		case flow == '[':
			return spotYAML{above, true, strings.TrimLeft(segment, `"'`)}
		case has:
			return spotYAML{append(above, meta.Canonical(clean(inner))), true, strings.TrimLeft(value, ` "'`)}
		default:
			return spotYAML{above, false, segment}
		}
	}
	key, value, has := strings.Cut(rest, ":")
	switch {
	case has && (value == "" || value[0] == ' '):
		return spotYAML{append(above, meta.Canonical(clean(key))), true, strings.TrimLeft(value, ` "'`)}
	case item:
		return spotYAML{above, true, strings.TrimLeft(rest, `"'`)}
	default:
		return spotYAML{above, false, rest}
	}
}

func clean(key string) string { return strings.Trim(strings.TrimSpace(key), `"'`) }

// content is the column at which a line says something, after its dashes, what it says, and whether it had a dash.
func content(line string) (col int, rest string, item bool) {
	rest = strings.TrimLeft(line, " ")
	for strings.HasPrefix(rest, "- ") {
		item = true
		rest = strings.TrimLeft(rest[2:], " ")
	}
	return len(line) - len(rest), rest, item
}

// above are the keys that a line is below.
func (b *buffer) above(first, line, col int, item bool) []string {
	var path []string
	if item { // a list may stand at the column of its key
		col -= 1
	}
	for n := line - 1; n >= first && col > 0; n-- {
		at, rest, dashed := content(b.line(n))
		key, value, has := strings.Cut(rest, ":")
		if rest == "" || rest[0] == '#' || at >= col || !has || strings.TrimSpace(value) != "" && !dashed {
			continue
		}
		if strings.TrimSpace(value) == "" {
			path = append([]string{meta.Canonical(clean(key))}, path...)
		}
		col = at
		if dashed {
			col = max(at-1, 0)
		}
	}
	return path
}

// openBracket is the offset of the last bracket that is open at the end of a text, and which it is.
func openBracket(s string) (int, byte) {
	var open []int
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '{':
			open = append(open, i)
		case (c == ']' || c == '}') && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return -1, 0
	}
	return open[0], s[open[len(open)-1]]
}

// keysOf are the keys that a file's YAML can have.
func keysOf(c *generator.Content, path string) []doctype.Key {
	switch path {
	case "opsbook.yaml":
		return doctype.KeysOf(config.SettingsSchema())
	case "directory.yaml":
		return doctype.KeysOf(config.DirectorySchema())
	}
	for _, e := range c.Site.Entries {
		if e.Doc.Path == path {
			return e.Type.Schema.Keys()
		}
	}
	if t := c.Site.Types.Fallback(); t != nil {
		return t.Schema.Keys()
	}
	return nil
}

// below are the keys below a path, and the key at its end.
func below(keys []doctype.Key, path []string) ([]doctype.Key, doctype.Key) {
	var found doctype.Key
	for _, step := range path {
		found = doctype.Key{}
		for _, k := range keys {
			if k.Name == step || k.Name == "*" && found.Name == "" {
				found = k
			}
		}
		keys = found.Keys
	}
	return keys, found
}
