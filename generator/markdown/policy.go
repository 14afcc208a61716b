package markdown

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// element is what raw HTML may use of one element.
type element struct {
	void  bool
	attrs []string
}

// elements are what raw HTML may use: what Git hosts allow.
var elements = map[string]element{
	"a": {attrs: []string{"href", "name"}}, "abbr": {}, "b": {}, "bdi": {}, "bdo": {}, "big": {}, "blockquote": {attrs: []string{"cite"}},
	"br": {void: true}, "caption": {}, "center": {}, "cite": {}, "code": {}, "col": {void: true, attrs: []string{"span"}},
	"colgroup": {attrs: []string{"span"}}, "dd": {}, "del": {attrs: []string{"cite"}}, "details": {attrs: []string{"open"}}, "dfn": {},
	"div": {attrs: []string{"align"}}, "dl": {}, "dt": {}, "em": {}, "figcaption": {}, "figure": {},
	"h1": {attrs: []string{"align"}}, "h2": {attrs: []string{"align"}}, "h3": {attrs: []string{"align"}}, "h4": {attrs: []string{"align"}},
	"h5": {attrs: []string{"align"}}, "h6": {attrs: []string{"align"}}, "hr": {void: true}, "i": {},
	"img":   {void: true, attrs: []string{"src", "alt", "width", "height", "align"}},
	"input": {void: true, attrs: []string{"type", "checked", "disabled"}}, "ins": {attrs: []string{"cite"}}, "kbd": {},
	"li": {attrs: []string{"value"}}, "mark": {}, "ol": {attrs: []string{"start", "reversed", "type"}}, "p": {attrs: []string{"align"}},
	"picture": {}, "pre": {}, "q": {attrs: []string{"cite"}}, "rp": {}, "rt": {}, "ruby": {}, "s": {}, "samp": {}, "section": {}, "small": {},
	"span": {}, "strike": {}, "strong": {}, "sub": {}, "summary": {}, "sup": {}, "table": {attrs: []string{"align", "width"}}, "tbody": {},
	"td":    {attrs: []string{"align", "valign", "colspan", "rowspan", "headers", "width"}},
	"tfoot": {}, "th": {attrs: []string{"align", "valign", "colspan", "rowspan", "headers", "scope", "abbr", "width"}}, "thead": {},
	"time": {attrs: []string{"datetime"}}, "tr": {attrs: []string{"align", "valign"}}, "tt": {}, "u": {}, "ul": {attrs: []string{"type"}},
	"var": {}, "wbr": {void: true},
}

// foreign are the other elements that HTML knows. With attributes they are taken out, with a diagnostic; without any they are text, like
// every tag that HTML does not know.
var foreign = set(`applet area article aside audio base basefont bgsound blink body button canvas command data datalist dialog dir embed
	fieldset font footer form frame frameset head header hgroup html iframe image isindex input keygen label legend link listing main map
	marquee math menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object optgroup option output param plaintext
	progress script search select slot source spacer style svg template textarea title track video xmp`)

// dangerous are those of them that are taken out in any case, and as a block with all that is in them.
var dangerous = set(`script style svg math iframe`)

// optionalEnd are the allowed elements that HTML lets authors leave open.
var optionalEnd = set(`p li dt dd tr td th thead tbody tfoot colgroup caption rt rp`)

// phrasing are the allowed elements that hold running text only.
var phrasing = set(`a abbr b bdi bdo big cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strike strong sub sup time tt u var`)

// harmless are the attributes that are taken out without a word, because nothing that a reader sees goes with them.
var harmless = set(`target rel border cellpadding cellspacing bgcolor frame rules summary hspace vspace nowrap role tabindex loading decoding
	referrerpolicy crossorigin fetchpriority translate spellcheck contenteditable draggable accesskey itemprop itemscope itemtype download
	longdesc name type height width align valign sizes srcset xmlns`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// The values that attributes may have. To count to 200 in a pattern takes long to compile, and most commands look at no attribute.
var (
	idValue    = compiledOnce(`^[\p{L}\p{M}\p{N}\p{Pc}.:-]{1,200}$`)
	classValue = compiledOnce(`^[A-Za-z0-9_ -]{1,200}$`)
	langValue  = compiledOnce(`^[A-Za-z0-9-]{1,35}$`)
	wordValue  = compiledOnce(`^[A-Za-z0-9%_ :.+-]{0,200}$`)
	textValue  = compiledOnce(`^[^\x00-\x08\x0B-\x1F\x7F]*$`)
)

func compiledOnce(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// allows reports whether raw HTML may use an attribute.
func (e element) allows(name, value string) bool {
	switch name {
	case "id":
		return idValue().MatchString(value) && isID([]byte(value))
	case "name":
		return hasWord(e.attrs, name) && idValue().MatchString(value) && isID([]byte(value))
	case "class":
		return classValue().MatchString(value)
	case "lang", "dir":
		return langValue().MatchString(value)
	case "title":
		return textValue().MatchString(value)
	case "href", "src", "alt", "cite":
		return hasWord(e.attrs, name)
	}
	return hasWord(e.attrs, name) && wordValue().MatchString(value)
}

func hasWord(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// pixels reads a width or height; 0 when it is none.
func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 0 || n > 1<<16 {
		return 0
	}
	return n
}

// articlePolicy is what an article may consist of: our own markup and what elements allows. It is the second wall behind the printer, which
// writes nothing else; a finished article with raw HTML in it passes through it.
var articlePolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel", "slack", "msteams")
	for name, e := range elements {
		p.AllowElements(name)
		p.AllowNoAttrs().OnElements(name)
		for _, attr := range e.attrs {
			switch attr {
			case "href", "src", "cite":
				p.AllowAttrs(attr).OnElements(name)
			case "alt":
				p.AllowAttrs(attr).Matching(textValue()).OnElements(name)
			case "name":
				p.AllowAttrs(attr).Matching(idValue()).OnElements(name)
			default:
				p.AllowAttrs(attr).Matching(wordValue()).OnElements(name)
			}
		}
	}
	p.AllowAttrs("id").Matching(idValue()).Globally()
	p.AllowAttrs("class").Matching(classValue()).Globally()
	p.AllowAttrs("lang", "dir").Matching(langValue()).Globally()
	p.AllowAttrs("title").Matching(textValue()).Globally()
	allowOurs(p)
	allowDrawings(p)
	return p
})

// allowOurs allows what only the printer writes.
func allowOurs(p *bluemonday.Policy) {
	words := func(attr string, tags ...string) { p.AllowAttrs(attr).Matching(wordValue()).OnElements(tags...) }
	texts := func(attr string, tags ...string) { p.AllowAttrs(attr).Matching(textValue()).OnElements(tags...) }
	words("rel", "a")
	words("role", "a", "div", "section")
	words("tabindex", "a", "div", "pre")
	words("aria-hidden", "a")
	texts("aria-label", "a", "div", "section", "input")
	words("scope", "th")
	words("loading", "img")
	words("decoding", "img")
	words("translate", "code")
	words("data-step", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6")
	words("data-minutes", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6")
	texts("data-lang", "figure")
	texts("data-audience", "figure")
	texts("data-destructive", "figure")
	texts("data-approved-by", "figure")
	texts("data-param", "span")
}
