package markdown

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"

	"opsbook/generator/diagram"
)

// diagram prints a drawing with its text folded below it, and reports whether the text could be drawn.
func (p *printer) diagram(info CodeInfo, code string) bool {
	name := info.Title
	if name == "" {
		name = p.label(p.words.Diagram)
	}
	d, ok := diagram.Draw(code, name)
	if !ok {
		return false
	}
	caption := info.Title
	if caption == "" {
		caption = d.Title
	}
	p.str(`<figure class="diagram" data-lang="mermaid">`)
	p.caption(caption)
	p.str(`<div class="canvas" role="region" tabindex="0"`)
	p.attr("aria-label", name)
	p.str(">", d.SVG, "</div>\n<details><summary>")
	p.escapeStr(p.words.DiagramText)
	p.str(`</summary><pre tabindex="0"><code translate="no">`)
	p.escapeStr(code)
	p.str("</code></pre></details></figure>\n")
	return true
}

// caption prints the title of a figure, if it has one.
func (p *printer) caption(text string) {
	if text != "" {
		p.str("<figcaption>")
		p.escapeStr(text)
		p.str("</figcaption>")
	}
}

// drawn is all that the attributes of a drawing consist of.
var drawn = regexp.MustCompile(`^[A-Za-z0-9 .-]*$`)

// allowDrawings allows what package diagram writes. Raw HTML has no SVG: it is taken out before.
func allowDrawings(p *bluemonday.Policy) {
	for name, attrs := range map[string][]string{
		"svg": {"viewBox", "width", "height", "role"}, "path": {"d"}, "rect": {"x", "y", "width", "height", "rx"}, "circle": {"cx", "cy", "r"},
		"text": {"x", "y", "text-anchor"},
	} {
		p.AllowElements(name)
		p.AllowAttrs(attrs...).Matching(drawn).OnElements(name)
	}
	p.AllowAttrs("viewbox").Matching(drawn).OnElements("svg") // as the sanitizer's tokenizer spells it; browsers read both
	p.AllowAttrs("aria-label").Matching(textValue()).OnElements("svg")
}
