package worksheet

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
)

// Scaffold returns steps as the template of a type writes them, the names of the values that their commands ask for, and how many minutes
// all of them take.
func Scaffold(steps []Step) (parts []doctype.ScaffoldStep, params []string, minutes int) {
	seen := map[string]bool{}
	for i, s := range steps {
		p := doctype.ScaffoldStep{Number: i + 1, Text: escape(s.Text), More: escape(s.More), Expected: escape(s.Expected), Minutes: s.Minutes}
		for _, n := range s.Notes {
			p.Notes = append(p.Notes, doctype.ScaffoldNote{Name: escape(n.Name), Text: escape(n.Text)})
		}
		if s.Command != "" {
			var names []string
			p.Command, names = fenced(s.Command)
			for _, n := range names {
				if key := strings.ToLower(strings.ReplaceAll(n, "-", "_")); !seen[key] {
					seen[key] = true
					params = append(params, n)
				}
			}
		}
		minutes += s.Minutes
		parts = append(parts, p)
	}
	return parts, params, minutes
}

var (
	slot  = regexp.MustCompile(`\{\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}\}`)
	angle = regexp.MustCompile(`(^|[^<\\&0-9])<([\p{L}_][\p{L}\p{N}_.-]*(?: [\p{L}\p{N}_.-]+){0,3})>`)
)

// fenced is a command as a block of code, and the values that it asks for. A word in angle brackets, which is what people write for a value
// and a shell reads as a redirection, becomes a slot. Prompts that were copied with commands go.
func fenced(command string) (block string, params []string) {
	command = angle.ReplaceAllStringFunc(command, func(found string) string {
		m := angle.FindStringSubmatch(found)
		return m[1] + "{{" + strings.NewReplacer(" ", "_", ".", "_").Replace(m[2]) + "}}"
	})
	for _, m := range slot.FindAllStringSubmatch(command, -1) {
		params = append(params, m[1])
	}
	lang, lines := "sh", strings.Split(command, "\n")
	code := document.Code{Lang: lang, Text: command}
	prompts := code.Prompts()
	for _, i := range prompts {
		lines[i] = strings.TrimPrefix(strings.TrimLeft(lines[i], " \t"), document.Prompt)
	}
	if len(prompts) == 0 && strings.HasPrefix(command, document.Prompt) {
		lang = "console" // with what was printed
	}
	fence := "```"
	for strings.Contains(command, fence) {
		fence += "`"
	}
	return fence + lang + "\n" + strings.Join(lines, "\n") + "\n" + fence, params
}

// opens is what begins something other than a paragraph.
var opens = regexp.MustCompile(`^(#{1,6}(?:\s|$)|[-+>|=~:]|\d{1,9}[.)](?:\s|$))`)

// escape writes text so that Markdown shows it as it was. Lines stay lines.
func escape(text string) string {
	lines := strings.Split(norm.NFC.String(text), "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		var b strings.Builder
		for at, r := range line {
			if special(line, at, r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		line = b.String()
		if m := opens.FindString(line); m != "" {
			sign := strings.IndexAny(m, ".)#-+>|=~:")
			line = line[:sign] + `\` + line[sign:]
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// special reports whether a character would be read as a sign of Markdown.
func special(line string, at int, r rune) bool {
	switch r {
	case '\\', '*', '`', '[', ']', '<', '~':
		return true
	case '&':
		return strings.Contains(line[at:], ";")
	case '{': // a slot or a shortcode
		return strings.HasPrefix(line[at:], "{{<") || strings.HasPrefix(line[at:], "{{%")
	case '_':
		word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
		before, after := rune(0), rune(0)
		for i, c := range line {
			if i < at {
				before = c
			}
			if i > at {
				after = c
				break
			}
		}
		return !word(before) || !word(after)
	}
	return false
}
