package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"opsbook/internal/diag"
)

// Shortcode is a template call of Hugo in running text, `{{< name args >}}`. Shown is what it means where that is known; else it is shown as
// it was written, marked.
type Shortcode struct {
	ast.BaseInline
	Name  string
	Raw   string
	Shown string
	Known bool
}

// KindShortcode is the kind of Shortcode.
var KindShortcode = ast.NewNodeKind("Shortcode")

// Kind implements ast.Node.
func (n *Shortcode) Kind() ast.NodeKind { return KindShortcode }

// Dump implements ast.Node.
func (n *Shortcode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name, "Shown": n.Shown}, nil)
}

// shortcodeTag is one `{{< … >}}` or `{{% … %}}`.
type shortcodeTag struct {
	name    string
	args    []Attr // in order; a positional argument has no Key
	length  int    // bytes
	end     bool   // {{< /name >}}
	single  bool   // {{< name />}}
	comment bool   // {{</* name */>}}: an example of a shortcode
}

func (t shortcodeTag) arg(key string) string {
	for _, a := range t.args {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

func (t shortcodeTag) first() Attr {
	for _, a := range t.args {
		if a.Key == "" {
			return a
		}
	}
	return Attr{}
}

// maxShortcode is how long a shortcode may be, in bytes; Hugo has no limit, people have.
const maxShortcode = 2000

// readShortcode reads the tag that b starts with, at is its offset.
func readShortcode(b []byte, at int) (shortcodeTag, bool) {
	if len(b) < 6 || b[0] != '{' || b[1] != '{' || b[2] != '<' && b[2] != '%' {
		return shortcodeTag{}, false
	}
	closing := []byte(">}}")
	if b[2] == '%' {
		closing = []byte("%}}")
	}
	inner := b[3:min(len(b), maxShortcode)]
	if next := bytes.Index(inner, []byte("{{")); next >= 0 {
		inner = inner[:next]
	}
	end := bytes.Index(inner, closing)
	if end < 0 {
		return shortcodeTag{}, false
	}
	tag := shortcodeTag{length: 3 + end + 3}
	inner = inner[:end]
	if t := bytes.TrimSpace(inner); bytes.HasPrefix(t, []byte("/*")) && bytes.HasSuffix(t, []byte("*/")) {
		tag.comment = true
		return tag, true
	}
	i := 0
	skip := func() {
		for i < len(inner) && util.IsSpace(inner[i]) {
			i++
		}
	}
	skip()
	if i < len(inner) && inner[i] == '/' {
		tag.end = true
		i++
		skip()
	}
	start := i
	for i < len(inner) && !util.IsSpace(inner[i]) && inner[i] != '/' {
		i++
	}
	tag.name = string(inner[start:i])
	for skip(); i < len(inner); skip() {
		if inner[i] == '/' && len(bytes.TrimSpace(inner[i+1:])) == 0 {
			tag.single = true
			break
		}
		var a Attr
		a, i = readArg(inner, i)
		a.At += at + 3
		tag.args = append(tag.args, a)
	}
	return tag, true
}

// readArg reads an argument: value, "value", key=value or key = "value". At is the offset of its value.
func readArg(b []byte, i int) (Attr, int) {
	if b[i] != '"' && b[i] != '`' {
		start := i
		for i < len(b) && !util.IsSpace(b[i]) && b[i] != '=' {
			i++
		}
		word, next := string(b[start:i]), i
		for next < len(b) && util.IsSpace(b[next]) {
			next++
		}
		if next >= len(b) || b[next] != '=' {
			return Attr{Value: word, At: start}, i
		}
		for next++; next < len(b) && util.IsSpace(b[next]); next++ {
		}
		if next >= len(b) {
			return Attr{Key: word, At: next}, next
		}
		value, end := readArgValue(b, next)
		value.Key = word
		return value, end
	}
	return readArgValue(b, i)
}

func readArgValue(b []byte, i int) (Attr, int) {
	if q := b[i]; q == '"' || q == '`' {
		if end := bytes.IndexByte(b[i+1:], q); end >= 0 {
			return Attr{Value: string(b[i+1 : i+1+end]), At: i + 1}, i + end + 2
		}
	}
	start := i
	for i < len(b) && !util.IsSpace(b[i]) {
		i++
	}
	return Attr{Value: string(b[start:i]), At: start}, i
}

// shortcodeParser reads shortcodes in running text.
type shortcodeParser struct{}

// Trigger implements parser.InlineParser.
func (shortcodeParser) Trigger() []byte { return []byte{'{'} }

// Parse implements parser.InlineParser. It reads the source itself, because parts of the copy that goldmark sees may be blank.
func (shortcodeParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	_, segment := block.PeekLine()
	t := stateOf(pc).tree
	rest := t.Source[segment.Start:segment.Stop]
	if !bytes.HasPrefix(rest, []byte("{{<")) && !bytes.HasPrefix(rest, []byte("{{%")) {
		return nil
	}
	tag, ok := readShortcode(rest, segment.Start)
	if !ok {
		t.report(segment.Start, "shortcode", diag.T("a shortcode starts here and does not end on its line"), diag.T("finish it, or put it into code"))
		return nil
	}
	block.Advance(tag.length)
	n := &Shortcode{Name: tag.name, Raw: string(rest[:tag.length])}
	n.Shown, n.Known = meaning(tag, n.Raw, t.Source)
	if !n.Known {
		t.reportShortcode(segment.Start, tag)
	}
	return n
}

func (t *Tree) reportShortcode(at int, tag shortcodeTag) {
	if tag.end {
		t.report(at, "shortcode", diag.T("the shortcode %q ends here but was not opened in this block", tag.name), diag.T("take it out, or open it above"))
		return
	}
	t.report(at, "shortcode", diag.T("the shortcode %q has no meaning here, so it is shown as it was written", tag.name),
		diag.T("write its content in Markdown"))
}

// meaning is what a shortcode says in running text, where that can be known without the site it was written for.
func meaning(tag shortcodeTag, raw string, source []byte) (string, bool) {
	switch {
	case tag.comment:
		return strings.Replace(strings.Replace(raw, "/*", "", 1), "*/", "", 1), true
	case tag.end:
		return "", false
	}
	switch tag.name {
	case "glossary_tooltip", "glossary_link":
		for _, key := range []string{"text", "term_id"} {
			if v := tag.arg(key); v != "" {
				return v, true
			}
		}
	case "heading":
		word := tag.first().Value
		words, ok := shortcodeHeadings[word]
		switch {
		case !ok:
			return word, word != ""
		case hasKana(source):
			return words.ja, true
		}
		return words.en, true
	case "br":
		return "\n", true
	}
	return "", false
}

// shortcodeHeadings is what the Kubernetes documentation, whose pages are copied most, shows for its heading shortcode.
var shortcodeHeadings = map[string]struct{ en, ja string }{
	"whatsnext":     {"What's next", "次の項目"},
	"prerequisites": {"Before you begin", "始める前に"},
	"objectives":    {"Objectives", "目標"},
	"cleanup":       {"Cleaning up", "クリーンアップ"},
	"synopsis":      {"Synopsis", "概要"},
	"options":       {"Options", "オプション"},
	"seealso":       {"See also", "関連項目"},
	"examples":      {"Examples", "例"},
	"feedback":      {"Feedback", "フィードバック"},
}

// hasKana reports whether a text holds hiragana or katakana: it is Japanese.
func hasKana(source []byte) bool {
	for i := 0; i+2 < len(source); i++ {
		if source[i] == 0xE3 && (source[i+1] == 0x81 || source[i+1] == 0x82 || source[i+1] == 0x83) {
			return true
		}
	}
	return false
}

// masked returns a copy of the source for goldmark to read, in which shortcodes in link destinations have lost what would end the
// destination (spaces, quotes, angle brackets). Without shortcodes the source itself is good enough.
func masked(src []byte) []byte {
	if !bytes.Contains(src, []byte("{{<")) && !bytes.Contains(src, []byte("{{%")) {
		return src
	}
	out := bytes.Clone(src)
	for i := 0; i < len(src); {
		next := bytes.Index(src[i:], []byte("{{"))
		if next < 0 {
			break
		}
		i += next
		line := src[i:]
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			line = line[:end]
		}
		tag, ok := readShortcode(line, i)
		if !ok {
			i += 2
			continue
		}
		if inDestination(src, i) {
			for j := i + 2; j < i+tag.length-2; j++ {
				if strings.IndexByte(" \t<>\"'()`\\", out[j]) >= 0 {
					out[j] = '_'
				}
			}
		}
		i += tag.length
	}
	return out[:len(out):len(out)]
}

// inDestination reports whether an offset is in the destination of a link: after `](` with no space or bracket between.
func inDestination(src []byte, at int) bool {
	for i := at - 1; i > 0 && at-i < maxShortcode; i-- {
		switch src[i] {
		case '(':
			return src[i-1] == ']'
		case ' ', '\t', '\n', ')', '"':
			return false
		}
	}
	return false
}

// destination returns what a destination that goldmark read was in the source, as a piece of it. `{{< ref "page" >}}` is the page.
func (t *Tree) destination(dest []byte) []byte {
	at := offsetIn(t.parsed, dest)
	if at < 0 {
		return dest
	}
	dest = t.Source[at : at+len(dest)]
	if !bytes.HasPrefix(dest, []byte("{{")) {
		return dest
	}
	tag, ok := readShortcode(dest, at)
	if ok && (tag.name == "ref" || tag.name == "relref") && tag.length == len(dest) && len(tag.args) > 0 {
		page := tag.args[0]
		return t.Source[page.At : page.At+len(page.Value)]
	}
	return dest
}

// hasShortcode reports whether a destination holds a call that could not be resolved.
func hasShortcode(dest []byte) bool {
	return bytes.Contains(dest, []byte("{{<")) || bytes.Contains(dest, []byte("{{%"))
}

func (p *printer) shortcode(n *Shortcode) {
	switch {
	case n.Name == "br":
		p.str("<br>\n")
	case n.Known:
		p.text(n.Shown)
	default:
		p.str(`<code class="shortcode" translate="no">`)
		p.escapeStr(n.Raw)
		p.str("</code>")
	}
}
