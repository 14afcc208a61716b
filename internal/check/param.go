package check

import (
	"bytes"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// asked is every spelling in which a text asks for a value. Which of them do is a matter of what the page declares.
var asked = regexp.MustCompile(`\{\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}\}|\$\{([\p{L}_][\p{L}\p{N}_-]*)\}|<([\p{L}_][\p{L}\p{N}_-]*)>|%7B%7B([\p{L}\p{N}_-]+)%7D%7D`)

// placeholder is a word in angle brackets: what people write for a value, and what a shell reads as a file to read from.
var placeholder = regexp.MustCompile(`(^|[^<\\&0-9])(<[\p{L}_][\p{L}\p{N}_.-]*(?: [\p{L}\p{N}_.-]+){0,3}>)`)

// double is a word in double braces.
var double = regexp.MustCompile(`\{\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}\}`)

// shells are the languages of fences that hold commands of a POSIX shell, plain those that hold text to fill in.
var (
	shells = []string{"sh", "bash", "zsh", "ksh", "shell", "console", "shell-session", "shellsession", "terminal"}
	plain  = []string{"", "text", "txt", "message", "mail", "powershell", "sql"}
)

// canonical makes <order-db>, ${ORDER_DB} and {{order_db}} one name.
func canonical(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "-", "_")
}

// declared are the parameters of a page by canonical name.
func declared(e *site.Entry) map[string]string {
	all := map[string]string{}
	for _, p := range e.Meta.Params {
		if p.Name.Text != "" {
			all[canonical(p.Name.Text)] = p.Name.Text
		}
	}
	return all
}

// filled reports whether people fill in the commands of a page.
func filled(e *site.Entry) bool { return inForce(e) && e.Type.Has(doctype.Params) }

// codeLine is one line of a code block where it stands in the file.
type codeLine struct {
	text string
	pos  diag.Pos // of its first character
}

// codeLines are the lines of a code block as they are in the file, with their indentation.
func codeLines(e *site.Entry, c document.Code) iter.Seq[codeLine] {
	return func(yield func(codeLine) bool) {
		text := e.Doc.Text[min(c.At, len(e.Doc.Text)):]
		start := bytes.LastIndexByte(e.Doc.Text[:len(e.Doc.Text)-len(text)], '\n') + 1
		text = e.Doc.Text[start:]
		for i := range strings.Count(strings.TrimSuffix(c.Text, "\n"), "\n") + 1 {
			line, rest, _ := bytes.Cut(text, []byte("\n"))
			if !yield(codeLine{string(line), diag.Pos{File: c.Pos.File, Line: c.Pos.Line + i}}) {
				return
			}
			text = rest
		}
	}
}

// at is the place of a byte of the line.
func (l codeLine) at(offset int) diag.Pos {
	pos := l.pos
	pos.Col = utf8.RuneCountInString(l.text[:offset]) + 1
	return pos
}

// paramUndeclared finds values that a page's code asks for by a name that the page does not declare: nobody is asked for them.
func paramUndeclared(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if !filled(e) {
			continue
		}
		known := declared(e)
		names := names(e)
		for _, c := range e.Doc.Codes {
			if !slices.Contains(shells, c.Lang) && !slices.Contains(plain, c.Lang) {
				continue // templates of other languages have braces of their own
			}
			if !strings.Contains(c.Text, "{{") {
				continue
			}
			for line := range codeLines(e, c) {
				for _, m := range double.FindAllStringSubmatchIndex(line.text, -1) {
					name := line.text[m[2]:m[3]]
					if _, ok := known[canonical(name)]; !ok {
						tell(meant(diag.At(line.at(m[0]), "param-undeclared", "%q is no parameter of this page, so it stays as it is", name), name, names,
							"declare it under params: {name: %s, description: …}", name))
					}
				}
			}
		}
	}
}

// paramUnused finds parameters that a page asks for and fills in nowhere: neither in itself nor, handed on, in the runbooks of its causes.
func paramUnused(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if !filled(e) || len(e.Meta.Params) == 0 {
			continue
		}
		used := map[string]bool{}
		for _, m := range asked.FindAllSubmatch(e.Doc.Text[e.Doc.BodyAt:], -1) {
			for _, name := range m[1:] {
				used[canonical(string(name))] = true
			}
		}
		for _, c := range e.Causes {
			if c.Page != nil {
				for name := range declared(c.Page) {
					used[name] = true
				}
			}
		}
		for _, p := range e.Meta.Params {
			if p.Name.Text != "" && !used[canonical(p.Name.Text)] {
				tell(diag.At(p.Name.Pos, "param-unused", "nothing on this page uses the parameter %q", p.Name).
					WithHint("write {{%s}} in the commands that need it, or take the parameter away", p.Name))
			}
		}
	}
}

// shellPlaceholder finds words in angle brackets in commands that are no parameters. Pasted as it is, such a command reads from a file or
// writes over one.
func shellPlaceholder(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if !filled(e) {
			continue
		}
		known := declared(e)
		for _, c := range e.Doc.Codes {
			if !slices.Contains(shells, c.Lang) || !strings.Contains(c.Text, "<") {
				continue
			}
			for line := range codeLines(e, c) {
				for _, m := range placeholder.FindAllStringSubmatchIndex(line.text, -1) {
					word := line.text[m[4]:m[5]]
					name := word[1 : len(word)-1]
					if _, ok := known[canonical(name)]; ok || commented(line.text[:m[4]]) {
						continue
					}
					tell(diag.At(line.at(m[4]), "shell-placeholder", "a shell reads %s as a redirection, not as a value to fill in", word).
						WithHint("declare it under params, as {name: %s, description: …}: then it is asked for, checked and filled in", strings.ReplaceAll(canonical(name), " ", "_")))
				}
			}
		}
	}
}

// commented reports whether what stands before a word makes it a comment.
func commented(before string) bool {
	before = strings.TrimSpace(before)
	return strings.HasPrefix(before, "#") || strings.Contains(before, " #")
}

// names are the parameters of a page as declared.
func names(e *site.Entry) []string {
	var all []string
	for _, p := range e.Meta.Params {
		all = append(all, p.Name.Text)
	}
	return all
}
