// Package inert takes out of files what would run or load something when a browser opens them: pictures (SVG) and other XML.
//
// A picture in a page is harmless, for browsers run nothing in it; opened by itself it is a page of the site's origin. What comes out is
// written anew from what was read, without comments, instructions and declarations, so that no browser can read it otherwise than we did.
package inert

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"opsbook/internal/diag"
)

// most is how many findings one file reports.
const most = 20

// Finding is something that was taken out: what, and the byte where it begins.
type Finding struct {
	What diag.Text
	At   int
}

// Hint says what to do about any.
func Hint() diag.Text {
	return diag.T("export it again without scripts, pages and addresses of elsewhere: the published file has what is left")
}

// Runs reports whether browsers open a file of this name as a page, whatever is in it.
func Runs(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml", ".xht", ".shtml", ".mht", ".mhtml", ".hta", ".svgz", ".xsl", ".xslt":
		return true
	}
	return false
}

// Looks reports whether Clean has anything to do with a file of this name.
func Looks(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".svg", ".xml":
		return true
	}
	return false
}

// Clean returns the bytes to publish for a file, and what was taken out of it. XML that is no picture keeps its bytes where nothing was.
func Clean(name string, text []byte) ([]byte, []Finding) {
	c := &cleaner{
		picture: strings.EqualFold(path.Ext(name), ".svg"), text: text,
		decoder: xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))),
	}
	c.shift = len(text) - len(bytes.TrimPrefix(text, []byte("\ufeff")))
	err := c.all()
	if err != nil {
		c.report(diag.T("this cannot be read as XML from here on, so the rest is left out: %s", reason(err)))
	}
	for i := len(c.open) - 1; i >= 0; i-- { // what the fault left open
		c.out.WriteString("</" + c.open[i].name + ">")
	}
	if !c.picture && len(c.found) == 0 {
		return text, nil
	}
	return c.out.Bytes(), c.found[:min(most, len(c.found))]
}

// reason is why XML could not be read, without the place, which a diagnostic has.
func reason(err error) string {
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		return syntax.Msg
	}
	return err.Error()
}

// element is an element that is open, with the namespaces that it declares by prefix.
type element struct {
	name, space string
	spaces      map[string]string
}

type cleaner struct {
	picture bool
	text    []byte
	shift   int // bytes of text before what the decoder reads
	decoder *xml.Decoder
	out     bytes.Buffer
	open    []element
	found   []Finding
	at      int // where the current token begins
}

func (c *cleaner) report(what diag.Text) {
	c.found = append(c.found, Finding{what, min(c.at, len(c.text))})
}

// maxDepth is how deep elements may stand in each other: browsers stop at a few hundred.
const maxDepth = 256

func (c *cleaner) all() error {
	for {
		c.at = int(c.decoder.InputOffset()) + c.shift
		token, err := c.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			if len(c.open) > 0 {
				return fmt.Errorf("<%s> is not closed", c.open[len(c.open)-1].name)
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = c.start(token)
		case xml.EndElement:
			err = c.end(token.Name)
		case xml.CharData:
			c.chars(token)
		case xml.ProcInst:
			if token.Target != "xml" {
				c.report(diag.T("an instruction to the browser (%s) was taken out", "<?"+token.Target))
			}
		case xml.Directive:
			if bytes.ContainsRune(token, '[') {
				c.report(diag.T("declarations of entities were taken out"))
			}
		}
		if err != nil {
			return err
		}
	}
}

// chars writes text. A style sheet that loads something is left out.
func (c *cleaner) chars(text []byte) {
	if len(c.open) == 0 {
		if len(bytes.TrimSpace(text)) == 0 {
			c.out.Write(text)
		}
		return
	}
	if in := c.open[len(c.open)-1]; local(in.name) == "style" && loads(string(text)) {
		c.report(diag.T("a style sheet that loads something from elsewhere was taken out"))
		return
	}
	escape(&c.out, string(text))
}

func (c *cleaner) end(name xml.Name) error {
	if len(c.open) == 0 || c.open[len(c.open)-1].name != raw(name) {
		return fmt.Errorf("</%s> closes nothing", raw(name))
	}
	c.open = c.open[:len(c.open)-1]
	c.out.WriteString("</" + raw(name) + ">")
	return nil
}

// start writes a start tag, or passes over the whole element.
func (c *cleaner) start(tag xml.StartElement) error {
	e := element{name: raw(tag.Name), spaces: map[string]string{}}
	if !isName(e.name) {
		return fmt.Errorf("<%s> is no name", e.name)
	}
	for _, a := range tag.Attr {
		switch {
		case a.Name.Space == "xmlns":
			e.spaces[a.Name.Local] = a.Value
		case raw(a.Name) == "xmlns":
			e.spaces[""] = a.Value
		}
	}
	e.space = c.space(e, tag.Name.Space)
	c.open = append(c.open, e)
	if len(c.open) > maxDepth {
		return errors.New("elements stand too deep in each other")
	}
	if why, bad := c.refuses(e, tag); bad {
		c.report(why)
		c.open = c.open[:len(c.open)-1]
		return c.skip(e.name)
	}
	c.out.WriteString("<" + e.name)
	written := map[string]bool{}
	for _, a := range tag.Attr {
		if name := raw(a.Name); !isName(name) || written[name] {
			continue
		} else if why, bad := c.refusesAttr(e, a); bad {
			c.report(why)
		} else {
			written[name] = true
			c.out.WriteString(" " + name + `="`)
			escape(&c.out, a.Value)
			c.out.WriteByte('"')
		}
	}
	c.out.WriteByte('>')
	return nil
}

// skip passes over an element whose start tag was read.
func (c *cleaner) skip(name string) error {
	for open := []string{name}; len(open) > 0; {
		token, err := c.decoder.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return fmt.Errorf("<%s> is not closed", name)
		case err != nil:
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, raw(token.Name))
		case xml.EndElement:
			if open[len(open)-1] != raw(token.Name) {
				return fmt.Errorf("</%s> closes nothing", raw(token.Name))
			}
			open = open[:len(open)-1]
		}
	}
	return nil
}

// space is the namespace that a prefix of an element means.
func (c *cleaner) space(e element, prefix string) string {
	if s, ok := e.spaces[prefix]; ok {
		return s
	}
	for i := len(c.open) - 1; i >= 0; i-- {
		if s, ok := c.open[i].spaces[prefix]; ok {
			return s
		}
	}
	return ""
}

// raw is a name as it was written.
func raw(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// local is a written name without its prefix.
func local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// isName reports whether a name can be written without meaning anything else.
func isName(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f && r != 0xfffd
		if !letter && (i == 0 || !(r == '-' || r == '.' || r == ':' || r >= '0' && r <= '9')) {
			return false
		}
	}
	return name != "" && strings.Count(name, ":") <= 1
}

// escape writes text for any place in XML.
func escape(b *bytes.Buffer, text string) { _ = xml.EscapeText(b, []byte(text)) }
