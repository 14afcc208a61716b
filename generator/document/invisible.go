package document

import (
	"sort"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
)

// mostInvisible is how many sightings one page reports.
const mostInvisible = 20

// sighting is a character on a line, in prose or in code: reported once, however often it stands there.
type sighting struct {
	line int
	char rune
	code bool
}

// invisible reports characters that nobody sees: they hide what code does (right-to-left overrides), break commands that are copied
// (no-break and zero-width spaces) and keep words from being found.
func (r *reader) invisible() {
	text := r.file.Text
	var code []span
	found, last := 0, sighting{}
	for i, b := range text {
		if b != 0xc2 && b != 0xd8 && b != 0xe2 && b != 0xef { // with which suspicious characters begin, and few others
			continue
		}
		c, _ := utf8.DecodeRune(text[i:])
		if !suspicious(c) {
			continue
		}
		if code == nil {
			code = r.allCode()
		}
		line, _ := r.lines.at(i)
		before := rune(0)
		if i > 0 {
			before, _ = utf8.DecodeLastRune(text[:i])
		}
		if now := (sighting{line, c, within(code, i)}); now != last && r.reportInvisible(i, c, before, now.code) {
			if found, last = found+1, now; found == mostInvisible {
				return
			}
		}
	}
}

// suspicious reports whether a character may be one to report.
func suspicious(c rune) bool {
	switch {
	case c == 0xa0, c == 0xad, c == 0x61c, c == 0xfeff:
		return true
	case c >= 0x200b && c <= 0x200f, c >= 0x202a && c <= 0x202e, c >= 0x2060 && c <= 0x2069:
		return true
	}
	return false
}

// reportInvisible reports one character, and whether there was something to report: in prose, no-break spaces and soft hyphens are
// typography, and joiners belong to emoji and to scripts that need them.
func (r *reader) reportInvisible(at int, c, before rune, inCode bool) bool {
	joiner := c == 0x200c || c == 0x200d
	switch {
	case inCode:
		r.report(at, RuleInvisibleCode, "the code contains %s, which cannot be seen", charset.Name(c)).Hint = diag.T("delete it, or write an ordinary space; it came with text copied from a browser or a document")
	case c == 0xa0, c == 0xad, joiner && before >= 0x300 && (before < 0x3000 || before > 0x9fff):
		return false
	default:
		r.report(at, RuleInvisibleText, "the text contains %s, which cannot be seen", charset.Name(c)).Hint = diag.T("delete it; words that contain it are not found")
	}
	return true
}

// allCode returns where code is, blocks and spans, in order.
func (r *reader) allCode() []span {
	all := append([]span{}, r.code...)
	_ = ast.Walk(r.tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if _, ok := n.(*ast.CodeSpan); ok && entering {
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					all = append(all, span{r.doc.BodyAt + t.Segment.Start, r.doc.BodyAt + t.Segment.Stop})
				}
			}
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	sort.Slice(all, func(i, j int) bool { return all[i].from < all[j].from })
	return all
}

// within reports whether an offset is in one of some spans, which are in order and do not overlap.
func within(spans []span, at int) bool {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].to > at })
	return i < len(spans) && spans[i].from <= at
}
