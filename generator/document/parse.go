package document

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"opsbook/generator/markdown"
	"opsbook/generator/source"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
	"opsbook/internal/secret"
)

// The rules of this package, beside those of the packages that read Markdown and YAML.
const (
	RuleSchema        = "meta-schema"    // front matter that is not keys and values
	RuleInvisibleCode = "invisible-code" // characters in code that cannot be seen and change what it does
	RuleInvisibleText = "invisible-text" // the same in prose
)

// Parse reads one file. It never fails: what cannot be understood becomes text, with a problem that says where.
func Parse(f source.File) *Document {
	d := &Document{Path: f.Path, Text: f.Text, Hash: f.Revision(), Problems: slices.Clone(f.Problems)}
	r := &reader{file: f, doc: d, lines: newLines(f.Text)}
	r.front()
	r.tree = markdown.Parse(f.Text[d.BodyAt:])
	r.body()
	d.Lang = r.lang()
	r.info()
	r.invisible()
	r.secrets()
	return d
}

// lang guesses the language of the prose; that of the title where there is none.
func (r *reader) lang() string {
	if lang := r.tongue.guess(); lang != "" {
		return lang
	}
	r.tongue.hear([]byte(r.doc.Front.Get("title").Text))
	r.tongue.hear([]byte(r.doc.Front.Get("description").Text))
	return r.tongue.guess()
}

// reader takes one file apart.
type reader struct {
	file   source.File
	doc    *Document
	lines  lines
	tree   *markdown.Tree
	text   []byte // of the section being read
	code   []span // where the code blocks are, in order
	tongue tongue
}

// span is a run of bytes of the text.
type span struct{ from, to int }

// secrets reports credentials, in the front matter too: the site would publish them.
func (r *reader) secrets() {
	for _, f := range secret.Find(r.file.Text) {
		d := r.report(f.From, secret.Rule, "")
		d.Message, d.Hint = f.Message(), secret.Hint()
	}
}

// pos returns the place a person edits of a byte offset in the text.
func (r *reader) pos(at int) diag.Pos {
	line, col := r.lines.at(at)
	return r.file.At(line, col)
}

// report adds a problem at a byte offset in the text.
func (r *reader) report(at int, rule, format string, args ...any) *diag.Diagnostic {
	r.doc.Problems = append(r.doc.Problems, diag.At(r.pos(at), rule, format, args...))
	return &r.doc.Problems[len(r.doc.Problems)-1]
}

// front reads the front matter.
func (r *reader) front() {
	d, text := r.doc, r.file.Text
	f := meta.SplitFront(text)
	d.BodyAt, d.BodyLine = f.Body, f.BodyLine
	switch {
	case f.Open:
		last, _ := r.lines.at(f.To - 1)
		r.report(0, meta.RuleSyntax, "the front matter that starts here is never closed").Hint = diag.T("add a line of three dashes (---) after line %s", last)
	case f.TOML:
		r.report(0, meta.RuleSyntax, "front matter in TOML (+++) is not read").Hint = diag.T("write it as YAML between lines of three dashes (---)")
	}
	if f.Line == 0 || f.TOML {
		return
	}
	if f.To-f.From > meta.MaxFront {
		r.report(0, meta.RuleLimit, "the front matter is larger than %s KiB and is not read", meta.MaxFront>>10).Hint = diag.T("move long text into the page's body")
		return
	}
	if f.Second(text) {
		r.report(f.To, meta.RuleSyntax, "a second YAML document starts here; only the first is read").Hint = diag.T("delete the line, or put what follows in a file of its own")
	}
	v, problems := meta.Read(r.file.Path, text[f.From:f.To], f.Line)
	d.Problems = append(d.Problems, problems...)
	switch v.Kind {
	case meta.Map:
		d.Front = v
	case meta.None, meta.Null:
	default:
		d.Problems = append(d.Problems, diag.At(v.Pos, RuleSchema, "front matter must be keys and values, got %s", v.Kind.Text()).
			WithHint("write `title: …`, one key a line"))
	}
}

// body reads the tree: sections, and all that is in them.
func (r *reader) body() {
	d := r.doc
	d.HTML, d.Mermaid = r.tree.HTML, r.tree.Mermaid
	d.Sections = append(d.Sections, Section{Pos: r.pos(d.BodyAt), At: d.BodyAt})
	for n := r.tree.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			r.endSection()
			r.heading(h)
			continue
		}
		if text := r.tree.Text(n); text != "" {
			r.text = append(append(r.text, text...), '\n')
		}
		r.block(n, false)
	}
	r.endSection()
	d.Anchors = append(d.Anchors, r.tree.Anchors()...)
	for _, t := range r.tree.Targets() {
		at := d.BodyAt + t.At
		d.Links = append(d.Links, Link{Kind: LinkKind(t.Kind), Dest: t.Dest, Text: t.Text, Pos: r.pos(at), At: at})
	}
	for _, p := range r.tree.Problems {
		d.Problems = append(d.Problems, diag.Diagnostic{Pos: r.pos(d.BodyAt + p.At), Rule: p.Rule, Message: p.Message, Hint: p.Hint})
	}
}

// endSection gives the text read since the last heading to its section.
func (r *reader) endSection() {
	r.doc.Sections[len(r.doc.Sections)-1].Text = string(bytes.TrimSpace(r.text))
	r.text = r.text[:0]
}

// heading starts a section.
func (r *reader) heading(h *ast.Heading) {
	at := r.doc.BodyAt + max(h.Pos(), 0)
	title := strings.TrimSpace(r.tree.Text(h))
	r.doc.Sections = append(r.doc.Sections, Section{Level: h.Level, ID: markdown.HeadingID(h), Title: title, Pos: r.pos(at), At: at})
	r.prose(h)
	if h.Level == 1 && r.doc.Title.IsZero() && title != "" {
		r.doc.Title = meta.Str{Text: title, Pos: r.pos(r.start(h))}
	}
}

// start returns the byte offset of the first line of a block's text, or of the block.
func (r *reader) start(n ast.Node) int {
	if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		return r.doc.BodyAt + n.Lines().At(0).Start
	}
	return r.doc.BodyAt + max(n.Pos(), 0)
}

// prose lets the lines of a block take part in the guess of the language.
func (r *reader) prose(n ast.Node) {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		r.tongue.hear(r.tree.Source[line.Start:line.Stop])
	}
}

// section returns the index of the section being read.
func (r *reader) section() int { return len(r.doc.Sections) - 1 }

// plain returns a block's text on one line.
func (r *reader) plain(n ast.Node) string {
	return string(bytes.TrimSpace([]byte(strings.ReplaceAll(r.tree.Text(n), "\n", " "))))
}
