package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// linkifyParser makes links of bare URLs and mail addresses.
//
// Japanese puts no space before or after them, so an address may follow any character that is not a Latin letter or digit, and ends before
// the first character that is not ASCII: neither `https://example.com/。` nor `https://example.com/を参照` takes its neighbour along. Who
// means an address with Japanese letters writes it in angle brackets. An address that goes on as a placeholder (`https://<cluster>.example.com`)
// is no address.
type linkifyParser struct{}

// Trigger implements parser.InlineParser: the characters at which it looks back for the start of an address.
func (linkifyParser) Trigger() []byte { return []byte{':', '.', '@'} }

// Parse implements parser.InlineParser.
func (linkifyParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	last, ok := parent.LastChild().(*ast.Text)
	if !ok || last.Segment.Stop != segment.Start || last.SoftLineBreak() || last.HardLineBreak() || segment.Padding != 0 {
		return nil
	}
	before := block.Source()[last.Segment.Start:last.Segment.Stop]
	var start, stop int // bytes of before and of line that the address takes
	kind, protocol := ast.AutoLinkURL, []byte(nil)
	switch line[0] {
	case ':':
		start, stop = urlAt(before, line)
	case '.':
		start, stop = wwwAt(before, line)
		protocol = []byte("http")
	case '@':
		start, stop = mailAt(before, line)
		kind = ast.AutoLinkEmail
	}
	if start == 0 {
		return nil
	}
	if kind == ast.AutoLinkURL {
		if stop = trimURL(line[:stop], line[stop:], pc.IsInLinkLabel()); stop < 2 {
			return nil
		}
	}
	cut := segment.Start - start
	if cut == last.Segment.Start {
		parent.RemoveChild(parent, last)
	} else {
		last.Segment = last.Segment.WithStop(cut)
	}
	block.Advance(stop)
	link := ast.NewAutoLink(kind, ast.NewTextSegment(text.NewSegment(cut, segment.Start+stop)))
	link.Protocol = protocol
	link.SetPos(cut)
	return link
}

// urlAt finds http:// and https:// around a colon.
func urlAt(before, line []byte) (start, stop int) {
	for _, scheme := range []string{"https", "http"} {
		if !endsWithFold(before, scheme) || wordAt(before, len(before)-len(scheme)-1) {
			continue
		}
		if !bytes.HasPrefix(line, []byte("://")) {
			return 0, 0
		}
		host := hostLen(line[3:])
		if host == 0 {
			return 0, 0
		}
		return len(scheme), 3 + host + pathLen(line[3+host:])
	}
	return 0, 0
}

// wwwAt finds www. around its dot.
func wwwAt(before, line []byte) (start, stop int) {
	if !endsWithFold(before, "www") || wordAt(before, len(before)-4) || len(before) > 3 && strings.IndexByte("/.@-_", before[len(before)-4]) >= 0 {
		return 0, 0
	}
	host := hostLen(line[1:])
	if host == 0 || bytes.IndexByte(bytes.TrimRight(line[1:1+host], "."), '.') <= 0 {
		return 0, 0
	}
	return 3, 1 + host + pathLen(line[1+host:])
}

func endsWithFold(b []byte, s string) bool {
	return len(b) >= len(s) && strings.EqualFold(string(b[len(b)-len(s):]), s)
}

func hostLen(b []byte) int {
	n := 0
	for n < len(b) && (isAlnum(b[n]) || strings.IndexByte("-_.", b[n]) >= 0) {
		n++
	}
	if n == 0 || !isAlnum(b[0]) {
		return 0
	}
	return n
}

// pathLen returns the length of a port, path, query and fragment.
func pathLen(b []byte) int {
	n := 0
	if len(b) > 1 && b[0] == ':' && '0' <= b[1] && b[1] <= '9' {
		for n = 1; n < len(b) && '0' <= b[n] && b[n] <= '9'; n++ {
		}
	}
	if n == len(b) || strings.IndexByte("/?#", b[n]) < 0 {
		return n
	}
	for n < len(b) && b[n] > ' ' && b[n] < 0x7F && strings.IndexByte("<>\"`", b[n]) < 0 {
		n++
	}
	return n
}

// trimURL drops from the end of an address what belongs to the sentence, and refuses an address that goes on as a placeholder.
func trimURL(url, rest []byte, inLabel bool) int {
	if bytes.ContainsAny(url, "{}") || len(rest) > 0 && (strings.IndexByte("{}$", rest[0]) >= 0 || rest[0] == '<' && !startsElement(rest)) {
		return 0
	}
	stop := len(url)
	if inLabel {
		stop = unbalanced(url, '[', ']')
	}
	for stop > 0 {
		switch c := url[stop-1]; {
		case strings.IndexByte("?!.,:*_~'\"|", c) >= 0:
			stop--
		case c == ')' && bytes.Count(url[:stop], []byte(")")) > bytes.Count(url[:stop], []byte("(")):
			stop--
		case c == ';':
			amp := bytes.LastIndexByte(url[:stop], '&')
			if amp < 0 || amp+1 == stop-1 || len(bytes.TrimFunc(url[amp+1:stop-1], func(r rune) bool { return r < 0x80 && isAlnum(byte(r)) })) > 0 {
				return stop
			}
			stop = amp
		default:
			return stop
		}
	}
	return 0
}

// unbalanced returns where a closing bracket has no opening one before it.
func unbalanced(b []byte, open, closing byte) int {
	depth := 0
	for i, c := range b {
		switch c {
		case open:
			depth++
		case closing:
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return len(b)
}

// mailAt finds a mail address around its @.
func mailAt(before, line []byte) (start, stop int) {
	for start < len(before) {
		c := before[len(before)-1-start]
		if !isAlnum(c) && strings.IndexByte(".-_+", c) < 0 {
			break
		}
		start++
	}
	if start == 0 || start < len(before) && strings.IndexByte("/:\\", before[len(before)-1-start]) >= 0 {
		return 0, 0
	}
	host := hostLen(line[1:])
	name := bytes.TrimRight(line[1:1+host], ".")
	if host == 0 || bytes.IndexByte(name, '.') <= 0 || strings.IndexByte("-_", name[len(name)-1]) >= 0 {
		return 0, 0
	}
	if next := 1 + len(name); next < len(line) && (line[next] == '@' || line[next] == '{' || line[next] == '<') {
		return 0, 0
	}
	return start, 1 + len(name)
}
