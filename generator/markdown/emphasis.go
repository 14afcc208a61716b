package markdown

import (
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// emphasisParser reads *, _ and ~ by CommonMark's rules, made fit for scripts that put no spaces between words.
//
// CommonMark lets a run open or close only where a space or punctuation tells which side is inside, so **「重要」**です stays plain: the run
// before です follows punctuation and is followed by a letter. Here punctuation of East Asian scripts does not count as punctuation, and
// next to other punctuation an East Asian letter is as good as a space. Text without such letters is read exactly as CommonMark says.
type emphasisParser struct{}

// Trigger implements parser.InlineParser.
func (emphasisParser) Trigger() []byte { return []byte{'*', '_', '~'} }

// Parse implements parser.InlineParser.
func (emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	mark, length := line[0], 1
	for length < len(line) && line[length] == mark {
		length++
	}
	if mark == '~' && length > 2 || before == rune(mark) && !escaped(block.Source(), segment.Start-1) {
		return nil // the rest of a run that was refused
	}
	after := rune(' ')
	if length < len(line) {
		after = util.ToRune(line, length)
	}
	opens, closes := flanks(before, after)
	if mark == '_' || mark == '~' && length == 1 { // not inside words: snake_case, 10~20個
		opens, closes = opens && (!closes || util.IsPunctRune(before)), closes && (!opens || util.IsPunctRune(after))
	}
	if !opens && !closes {
		return nil
	}
	var processor parser.DelimiterProcessor = emphasisMarks{}
	if mark == '~' {
		processor = strikeMarks{}
	}
	d := parser.NewDelimiter(opens, closes, length, mark, processor)
	d.Segment = segment.WithStop(segment.Start + length)
	block.Advance(length)
	pc.PushDelimiter(d)
	return d
}

// flanks says on which sides of a run of marks text can be inside: to its right (it opens) or to its left (it closes).
func flanks(before, after rune) (left, right bool) {
	spaceBefore, spaceAfter := util.IsSpaceRune(before), util.IsSpaceRune(after)
	wideBefore, wideAfter := isWide(before), isWide(after)
	punctBefore := !wideBefore && util.IsPunctRune(before)
	punctAfter := !wideAfter && util.IsPunctRune(after)
	left = !spaceAfter && (!punctAfter || spaceBefore || punctBefore || wideBefore)
	right = !spaceBefore && (!punctBefore || spaceAfter || punctAfter || wideAfter)
	return left, right
}

type emphasisMarks struct{}

// IsDelimiter implements parser.DelimiterProcessor.
func (emphasisMarks) IsDelimiter(b byte) bool { return b == '*' || b == '_' }

// CanOpenCloser implements parser.DelimiterProcessor.
func (emphasisMarks) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch implements parser.DelimiterProcessor.
func (emphasisMarks) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

type strikeMarks struct{}

// IsDelimiter implements parser.DelimiterProcessor.
func (strikeMarks) IsDelimiter(b byte) bool { return b == '~' }

// CanOpenCloser implements parser.DelimiterProcessor: one tilde does not close two.
func (strikeMarks) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char && opener.OriginalLength == closer.OriginalLength
}

// OnMatch implements parser.DelimiterProcessor.
func (strikeMarks) OnMatch(int) ast.Node { return east.NewStrikethrough() }

// escaped reports whether the byte at an offset has a backslash that counts before it.
func escaped(source []byte, at int) bool {
	n := 0
	for at-1-n >= 0 && source[at-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}
