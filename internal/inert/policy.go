package inert

import (
	"encoding/xml"
	"regexp"
	"strings"

	"opsbook/internal/diag"
)

// The namespaces whose elements browsers act on.
const (
	svg    = "http://www.w3.org/2000/svg"
	xhtml  = "http://www.w3.org/1999/xhtml"
	mathml = "http://www.w3.org/1998/Math/MathML"
	xslt   = "http://www.w3.org/1999/XSL/Transform"
	events = "http://www.w3.org/2001/xml-events"
)

// drawing are the elements of SVG that only draw. Filters (fe…) are told by their name.
var drawing = set(`svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath image switch a title desc metadata
	marker pattern clipPath mask linearGradient radialGradient meshgradient stop filter style view animate animateTransform animateMotion mpath
	set foreignObject color-profile cursor font font-face font-face-src font-face-name glyph missing-glyph hkern vkern flowRoot flowRegion flowPara
	flowSpan solidColor hatch`)

// words are the elements of XHTML by which drawing programs write text in several lines.
var words = set(`div span p br b i u s em strong small big sub sup font center ul ol li table thead tbody tfoot tr td th hr pre code h1 h2 h3 h4 h5 h6 body`)

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(names) {
		m[n] = true
	}
	return m
}

// refuses says whether an element may not stand where it does, and why. The element itself is the last that is open.
func (c *cleaner) refuses(e element, tag xml.StartElement) (diag.Text, bool) {
	name := "<" + e.name + ">"
	switch e.space {
	case svg:
		switch {
		case !c.picture:
			return diag.T("%s was taken out: browsers would show this file as a page", name), true
		case tag.Name.Local == "animate" || tag.Name.Local == "set":
			for _, a := range tag.Attr {
				if a.Name.Local == "attributeName" && strings.Contains(strings.ToLower(a.Value), "href") {
					return diag.T("%s was taken out: it changes where a link leads", name), true
				}
			}
		case !drawing[tag.Name.Local] && !strings.HasPrefix(tag.Name.Local, "fe"):
			return diag.T("%s was taken out: it could run something", name), true
		}
	case xhtml:
		if !c.picture || !words[tag.Name.Local] || !c.inText() {
			return diag.T("%s was taken out: it could run something", name), true
		}
	case mathml, xslt, events:
		return diag.T("%s was taken out: it could run something", name), true
	}
	return diag.Text{}, false
}

// inText reports whether the current element stands in the text of a drawing.
func (c *cleaner) inText() bool {
	for _, e := range c.open {
		if e.space == svg && local(e.name) == "foreignObject" {
			return true
		}
	}
	return false
}

// refusesAttr says whether an element may not have an attribute, and why.
func (c *cleaner) refusesAttr(e element, a xml.Attr) (diag.Text, bool) {
	name := strings.ToLower(a.Name.Local)
	on := "<" + e.name + ">"
	switch {
	case a.Name.Space == "xmlns" || raw(a.Name) == "xmlns" || e.space != svg && e.space != xhtml:
		return diag.Text{}, false
	case strings.HasPrefix(name, "on"):
		return diag.T("%s of %s was taken out: it could run something", raw(a.Name), on), true
	case name == "href" || name == "src" || name == "base" || name == "action" || name == "formaction" || name == "data":
		if !follows(local(e.name), a.Value) {
			return diag.T("%s of %s was taken out: it leads to %q", raw(a.Name), on, short(a.Value)), true
		}
	case loads(a.Value):
		return diag.T("%s of %s was taken out: it loads something from elsewhere", raw(a.Name), on), true
	}
	return diag.Text{}, false
}

// raster are pictures in a picture that hold no picture language themselves.
var raster = regexp.MustCompile(`^data:image/(png|jpe?g|gif|webp|avif)[;,]`)

// follows reports whether an element may name an address: a part of the same file, a picture of points within it, or for links the web.
func follows(tag, address string) bool {
	address = strings.TrimSpace(address)
	switch {
	case address == "" || strings.HasPrefix(address, "#"):
		return true
	case tag == "a":
		lower := strings.ToLower(address)
		return strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "mailto:")
	case tag == "image" || tag == "feImage":
		return raster.MatchString(address)
	}
	return false
}

// within are the references of style sheets that stay in the file.
var within = regexp.MustCompile(`(?i)url\(\s*["']?(#|data:(image/(png|jpe?g|gif|webp|avif)|font/|application/(x-)?font))`)

// reference begins what a style sheet may load.
var reference = regexp.MustCompile(`(?i)url\(|@import|image-set\(|\bsrc\(|\bimage\(|expression\(|-moz-binding`)

// loads reports whether a style sheet or an attribute of one loads anything from outside of its file. An escape could hide one.
func loads(style string) bool {
	found := len(reference.FindAllStringIndex(style, -1))
	return found > 0 && found > len(within.FindAllStringIndex(style, -1)) || strings.Contains(style, `\`) && strings.ContainsAny(style, "(@")
}

// short is an address as messages show it.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
