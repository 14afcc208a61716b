package markdown

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// AbbrDef is the definition of an abbreviation, `*[RTO]: Recovery time objective`. It is not shown where it stands.
type AbbrDef struct {
	ast.BaseBlock
	Name, Meaning string
}

// KindAbbrDef is the kind of AbbrDef.
var KindAbbrDef = ast.NewNodeKind("AbbrDef")

// Kind implements ast.Node.
func (n *AbbrDef) Kind() ast.NodeKind { return KindAbbrDef }

// IsRaw implements ast.Node: its text is not parsed.
func (n *AbbrDef) IsRaw() bool { return true }

// Dump implements ast.Node.
func (n *AbbrDef) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name, "Meaning": n.Meaning}, nil)
}

// abbreviationParser reads definitions of abbreviations, one to a line.
type abbreviationParser struct{}

// Trigger implements parser.BlockParser.
func (abbreviationParser) Trigger() []byte { return []byte{'*'} }

// Open implements parser.BlockParser.
func (abbreviationParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || !bytes.HasPrefix(line[pos:], []byte("*[")) {
		return nil, parser.NoChildren
	}
	name, meaning, ok := bytes.Cut(line[pos+2:], []byte("]:"))
	name, meaning = bytes.TrimSpace(name), bytes.TrimSpace(meaning)
	if !ok || len(name) == 0 || len(meaning) == 0 || len(name) > 100 || bytes.ContainsAny(name, "[]\\") {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &AbbrDef{Name: string(name), Meaning: string(meaning)}, parser.NoChildren
}

// Continue implements parser.BlockParser.
func (abbreviationParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}

// Close implements parser.BlockParser.
func (abbreviationParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (abbreviationParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (abbreviationParser) CanAcceptIndentedLine() bool { return false }

// abbrs finds abbreviations in text: by their first byte, the longest first.
type abbrs map[byte][]Abbr

// newAbbrs takes the body's own definitions before those handed in.
func newAbbrs(root ast.Node, others []Abbr) abbrs {
	var all []Abbr
	for c := root.FirstChild(); c != nil; c = c.NextSibling() {
		if def, ok := c.(*AbbrDef); ok {
			all = append(all, Abbr{def.Name, def.Meaning})
		}
	}
	all = append(all, others...)
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b Abbr) int {
		return cmp.Or(len(b.Name)-len(a.Name), strings.Compare(a.Name, b.Name))
	})
	found := abbrs{}
	for i, a := range all {
		if a.Name == "" || i > 0 && all[i-1].Name == a.Name {
			continue
		}
		found[a.Name[0]] = append(found[a.Name[0]], a)
	}
	return found
}

// at returns the abbreviation that starts at a place of a text and is a word of its own.
func (all abbrs) at(s string, i int) (Abbr, bool) {
	for _, a := range all[s[i]] {
		if !strings.HasPrefix(s[i:], a.Name) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+len(a.Name):])
		first, _ := utf8.DecodeRuneInString(a.Name)
		last, _ := utf8.DecodeLastRuneInString(a.Name)
		if !sameWord(before, first) && !sameWord(last, after) {
			return a, true
		}
	}
	return Abbr{}, false
}

// sameWord reports whether two neighbours belong to one word; RTOは is a word and a particle.
func sameWord(a, b rune) bool {
	return isWord(a) && isWord(b) && isWide(a) == isWide(b)
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r))
}
