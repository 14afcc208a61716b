package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// CodeInfo is what the line that opens a fence says.
type CodeInfo struct {
	Lang  string
	Title string
	Attrs []Attr // every key=value pair in order, the title included
}

// Attr is one key=value pair. At is the offset of its key.
type Attr struct {
	Key, Value string
	At         int
}

// Info reads the info string of a fence; an indented code block has none.
func (t *Tree) Info(n ast.Node) CodeInfo {
	fence, ok := n.(*ast.FencedCodeBlock)
	if !ok || fence.Info == nil {
		return CodeInfo{}
	}
	seg := fence.Info.Segment
	return readInfo(seg.Value(t.Source), seg.Start)
}

func readInfo(info []byte, at int) CodeInfo {
	var c CodeInfo
	end := bytes.IndexAny(info, " \t{")
	if end < 0 {
		end = len(info)
	}
	c.Lang = string(info[:end])
	for i := end; i < len(info); {
		if strings.IndexByte(" \t{},", info[i]) >= 0 {
			i++
			continue
		}
		start := i
		for i < len(info) && strings.IndexByte(" \t{},=", info[i]) < 0 {
			i++
		}
		a := Attr{Key: string(info[start:i]), At: at + start}
		if i < len(info) && info[i] == '=' {
			var n int
			a.Value, n = readValue(info[i+1:])
			i += 1 + n
		}
		if (a.Key == "title" || a.Key == "file" || a.Key == "filename") && c.Title == "" {
			c.Title = a.Value
		}
		c.Attrs = append(c.Attrs, a)
	}
	return c
}

// readValue reads a bare or quoted value and returns how many bytes it took.
func readValue(s []byte) (string, int) {
	if len(s) > 0 && (s[0] == '"' || s[0] == '\'') {
		if end := bytes.IndexByte(s[1:], s[0]); end >= 0 {
			return string(s[1 : 1+end]), end + 2
		}
	}
	end := bytes.IndexAny(s, " \t}")
	if end < 0 {
		end = len(s)
	}
	return string(s[:end]), end
}

// CodeText returns the text of a code block, with the offset of its first line (where the fence ends when it is empty).
func (t *Tree) CodeText(n ast.Node) (string, int) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return "", n.Pos()
	}
	var b strings.Builder
	for i := range lines.Len() {
		seg := lines.At(i)
		b.Write(seg.Value(t.Source))
	}
	return b.String(), lines.At(0).Start
}
