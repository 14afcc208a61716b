package source

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// includeLine is a line that is nothing but an include.
var includeLine = regexp.MustCompile("^([ \t]{0,16})\\{\\{[<%]\\s*include\\s+(?:[a-z]+=)?(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`|([^\\s\"'`]+))\\s*/?[%>]\\}\\}[ \t]*$")

// mayInclude reports whether a text has a line that looks like an include, which may yet stand in a block of code.
func mayInclude(text []byte) bool {
	if !bytes.Contains(text, []byte("include")) {
		return false
	}
	for rest := text; ; {
		_, after, found := bytes.Cut(rest, []byte("{{"))
		if !found {
			return false
		}
		line, _, _ := bytes.Cut(after, []byte("\n"))
		if bytes.Contains(line, []byte("include")) {
			return true
		}
		rest = after
	}
}

// expandAll puts the fragments that pages include in their place, and returns the problems that stand in the fragments themselves. The
// problems of a page's own lines are added to the page. An include that names no file is asked of fragments, unless that is nil.
func expandAll(pages []File, all map[string]File, fragments func(string) ([]byte, bool)) []diag.Diagnostic {
	var problems []diag.Diagnostic
	reported := map[diag.Pos]bool{}
	for i := range pages {
		f := &pages[i]
		if !f.includes {
			continue
		}
		e := expander{all: all, fragments: fragments, page: f.Path}
		e.file(*f, 0, nil)
		if !e.changed && len(e.problems) == 0 {
			continue
		}
		if e.changed {
			f.Text, f.Origins = e.out.Bytes(), e.origins
		}
		f.Problems = slices.Clip(f.Problems)
		for _, p := range e.problems {
			switch {
			case p.Pos.File == f.Path:
				f.Problems = append(f.Problems, p)
			case !reported[p.Pos]:
				reported[p.Pos] = true
				problems = append(problems, p)
			}
		}
	}
	return problems
}

// expander writes one page with its includes.
type expander struct {
	all       map[string]File
	fragments func(name string) ([]byte, bool)
	page      string
	out       bytes.Buffer
	line      int // lines written
	origins   []Origin
	problems  []diag.Diagnostic
	changed   bool
	full      bool
}

// file writes a file, indented, and the files that it includes. stack is the files that it stands in.
func (e *expander) file(f File, indent int, stack []string) {
	stack = append(slices.Clip(stack), f.Path)
	front := meta.SplitFront(f.Text)
	text, number := f.Text, 1
	skip := front.Body // front matter is copied as it is
	if len(stack) > 1 {
		text, number, skip = bytes.TrimRight(f.Text[front.Body:], "\n"), front.BodyLine, 0
	}
	var fence fence
	run := false // the last line written came from the line before
	for at := 0; at < len(text); number++ {
		end := bytes.IndexByte(text[at:], '\n') + 1
		if end == 0 {
			end = len(text) - at
		}
		line := text[at : at+end]
		bare := bytes.TrimSuffix(line, []byte("\n"))
		if at >= skip && !fence.inside(bare) {
			if m := includeLine.FindSubmatch(bare); m != nil && e.include(f, number, bare, m, indent, stack) {
				at, run = at+end, false
				continue
			}
		}
		if !run {
			e.origins = append(e.origins, Origin{Line: e.line + 1, File: f.Path, FileLine: number, Indent: indent})
			run = true
		}
		e.write(line, indent)
		at += end
	}
}

// write writes one line.
func (e *expander) write(line []byte, indent int) {
	if indent > 0 && len(bytes.TrimSpace(line)) > 0 {
		e.out.WriteString(strings.Repeat(" ", indent))
	}
	e.out.Write(line)
	if line[len(line)-1] != '\n' {
		e.out.WriteByte('\n')
	}
	e.line++
}

// include writes what an include line of f names. It reports false, with a problem, when that is not possible.
func (e *expander) include(f File, number int, line []byte, m [][]byte, indent int, stack []string) bool {
	want := string(bytes.Join(m[2:], nil))
	pos := diag.Pos{File: f.Path, Line: number, Col: utf8.RuneCount(line[:bytes.Index(line, []byte(want))]) + 1}
	refuse := func(d diag.Diagnostic) bool {
		e.problems = append(e.problems, d)
		return false
	}
	target, ok := e.find(f.Path, want)
	made := false
	if !ok && e.fragments != nil {
		target.Text, made = e.fragments(want)
	}
	switch {
	case !ok && !made:
		return refuse(diag.At(pos, RuleInclude, "there is no file %q to include", want).
			WithHint("write the path from the source folder, or relative to this file; only Markdown can be included"))
	case slices.Contains(stack, target.Path):
		return refuse(diag.At(pos, RuleInclude, "%q includes itself, through %s", target.Path, strings.Join(append(slices.Clone(stack[slices.Index(stack, target.Path):]), target.Path), " > ")).
			WithHint("take the text that both need into a file of its own"))
	case len(stack) > MaxDepth:
		return refuse(diag.At(pos, RuleInclude, "includes are nested more than %s deep", MaxDepth))
	case e.full: // said once
		return false
	case e.out.Len()+len(target.Text)+indent*bytes.Count(target.Text, []byte{'\n'}) > MaxFile:
		e.full = true
		return refuse(diag.At(pos, RuleLimit, "with this include the page would be larger than %s MiB", MaxFile>>20))
	}
	e.changed = true
	if made {
		e.made(target.Text, indent+len(m[1]), pos)
	} else {
		e.file(target, indent+len(m[1]), stack)
	}
	return true
}

// made writes text that stands in no file, indented. Its lines come from the include at pos, and name no further ones.
func (e *expander) made(text []byte, indent int, pos diag.Pos) {
	e.origins = append(e.origins, Origin{Line: e.line + 1, File: pos.File, FileLine: pos.Line, Indent: indent, Made: pos.Col})
	for line := range bytes.Lines(bytes.TrimRight(text, "\n")) {
		e.write(line, indent)
	}
}

// find returns the file that an include means: relative to the file it stands in, else from the source folder.
func (e *expander) find(from, want string) (File, bool) {
	want = norm.NFC.String(want)
	rooted := strings.TrimLeft(want, "/")
	candidates := []string{path.Join(path.Dir(from), want), path.Clean(rooted)}
	if rooted != want {
		candidates = candidates[1:]
	}
	for _, c := range candidates {
		for _, name := range []string{c, c + ".md"} {
			if f, ok := e.all[name]; ok {
				return f, true
			}
		}
	}
	return File{}, false
}

// fence follows fenced code, in which nothing is included.
type fence struct {
	sign byte
	size int // 0 outside
}

// inside takes the next line and reports whether it belongs to a fence, its first and last line included.
func (f *fence) inside(line []byte) bool {
	rest := bytes.TrimLeft(line, " \t>")
	if len(rest) < 3 || rest[0] != '`' && rest[0] != '~' {
		return f.size > 0
	}
	size := len(rest) - len(bytes.TrimLeft(rest, string(rest[:1])))
	info := bytes.TrimSpace(rest[size:])
	switch {
	case f.size == 0 && size >= 3 && !(rest[0] == '`' && bytes.IndexByte(info, '`') >= 0):
		f.sign, f.size = rest[0], size
		return true
	case f.size > 0 && rest[0] == f.sign && size >= f.size && len(info) == 0:
		f.size = 0
		return true
	}
	return f.size > 0
}
