package markdown

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// Body is everything that rendering one body needs. Offsets are into Text.
type Body struct {
	Text      []byte       // the whole file
	BodyAt    int          // where its Markdown starts
	Lang      string       // language of the page
	Links     map[int]Link // by the link's key (Tree.LinkKey) plus BodyAt
	Steps     []Step
	Params    []string // declared parameters: their slots in code are marked
	Abbrs     []Abbr   // beside those that the body defines itself
	HideTitle bool     // the page shows the first level-1 heading itself
	Hidden    []int    // tables that the page shows itself, by their At plus BodyAt
	Destroys  []int    // code blocks with a destructive command, each by the offset of its first line plus BodyAt
	Words     Words
	Code      *Highlighter // nil highlights without remembering
}

// Link is a link as the site has resolved it.
type Link struct {
	Href          string // ready to print
	Class         string
	Title         string // wins over the one written
	Text          string // for a link that has none of its own
	Broken        bool   // shown as text, marked
	Why           string // why it is broken, in the page's language
	Width, Height int    // of an image, in pixels; zero is unknown
}

// Step marks the list item, heading or table row whose At plus BodyAt is the offset as a step.
type Step struct {
	At      int
	ID      string // the element's id
	Number  string // "1", "2-1"
	Minutes int    // planned duration; zero is unknown
}

// Abbr is an abbreviation and what it stands for.
type Abbr struct{ Name, Text string }

// Words are the interface words that an article needs, in the page's language.
type Words struct {
	Admonitions  map[string]string // by Admonition.Name
	Table        string            // label of a table above the first heading
	Footnotes    string            // label of the list of footnotes
	FootnoteBack string            // label of the way back, its number follows
	Done, Open   string            // labels of the boxes of a task list
	Diagram      string            // what a picture without a title is called
	DiagramText  string            // leads to the text of a picture
	BadLink      string            // why an address that is not allowed is shown as text
}

// admonition returns the title of an admonition that has none of its own.
func (w Words) admonition(name string) string {
	if word := w.Admonitions[name]; word != "" {
		return word
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// Article is rendered Markdown.
type Article struct {
	HTML    string
	TitleID string // the anchor of the level-1 heading that was hidden
}

var errBodyAt = errors.New("render markdown: the body starts outside its text")

// Render turns a body into HTML. It fails only when BodyAt is not in Text.
func Render(b Body) (Article, error) {
	if b.BodyAt < 0 || b.BodyAt > len(b.Text) {
		return Article{}, errBodyAt
	}
	return render(Parse(b.Text[b.BodyAt:]), b), nil
}

// buffers are what articles are printed into.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 64<<10); return &b }}

func render(t *Tree, b Body) Article {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	p := &printer{t: t, b: &b, words: b.Words, out: (*buffer)[:0], abbrs: newAbbrs(t.Root, b.Abbrs), slots: newSlots(b.Params)}
	p.steps = make(map[int]Step, len(b.Steps))
	for _, s := range b.Steps {
		p.steps[s.At] = s
	}
	p.blocks(t.Root)
	*buffer = p.out
	html := string(p.out)
	if t.HTML {
		html = articlePolicy().Sanitize(html)
	}
	return Article{HTML: html, TitleID: p.titleID}
}

// printer writes the HTML of one tree.
type printer struct {
	t      *Tree
	b      *Body
	words  Words
	out    []byte
	steps  map[int]Step
	abbrs  abbrs
	slots  slots
	open   []openTag       // raw HTML elements that are open
	links  int             // links of Markdown that are open
	last   rune            // the last character of running text
	used   map[string]int  // labels of regions
	rawIDs map[string]bool // ids of raw HTML that are printed

	section     string // text of the heading above
	titleHidden bool
	titleID     string
}

func (p *printer) str(ss ...string) {
	for _, s := range ss {
		p.out = append(p.out, s...)
	}
}

// blocks prints the children of a container. Raw HTML that was opened in it ends with it.
func (p *printer) blocks(n ast.Node) {
	scope := len(p.open)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.block(c, scope)
	}
	if len(p.open) > scope {
		p.closeTags(scope)
		p.str("\n")
	}
}

func (p *printer) block(n ast.Node, scope int) {
	switch n := n.(type) {
	case *ast.Heading:
		p.heading(n)
	case *ast.Paragraph:
		p.str("<p>")
		p.inlines(n)
		p.str("</p>\n")
	case *ast.TextBlock:
		p.inlines(n)
		if n.NextSibling() != nil && n.HasChildren() {
			p.str("\n")
		}
	case *ast.List:
		p.list(n)
	case *ast.Blockquote:
		p.str("<blockquote>\n")
		p.blocks(n)
		p.str("</blockquote>\n")
	case *ast.ThematicBreak:
		p.str("<hr>\n")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		p.code(n)
	case *ast.HTMLBlock:
		p.rawHTML(n, scope)
	case *east.Table:
		p.table(n)
	case *east.DefinitionList:
		p.definitions(n)
	case *east.FootnoteList:
		p.footnotes(n)
	case *Admonition:
		p.admonition(n)
	case *Group:
		p.group(n)
	case *Plain:
		p.plain(n)
	}
}

// inlines prints the running text of a block. Raw HTML that was opened in it ends with it.
func (p *printer) inlines(n ast.Node) {
	scope := len(p.open)
	if n.Type() == ast.TypeBlock {
		p.last = utf8.RuneError
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.inline(c, scope)
	}
	p.closeTags(scope)
}

func (p *printer) inline(n ast.Node, scope int) {
	switch n := n.(type) {
	case *ast.Text:
		p.textNode(n)
	case *ast.String:
		p.text(string(n.Value))
	case *ast.CodeSpan:
		p.codeSpan(n)
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		p.str("<", tag, ">")
		p.inlines(n)
		p.str("</", tag, ">")
	case *east.Strikethrough:
		p.str("<del>")
		p.inlines(n)
		p.str("</del>")
	case *ast.Link:
		p.link(n)
	case *ast.Image:
		p.image(n)
		p.last = utf8.RuneError
	case *ast.AutoLink:
		p.autoLink(n)
	case *Reference:
		p.reference(n)
	case *ast.RawHTML:
		p.rawHTML(n, scope)
	case *east.TaskCheckBox:
		p.taskBox(n)
	case *footnoteRef:
		p.footnoteRef(n)
	case *east.FootnoteBacklink:
		p.footnoteBack(n)
	case *Shortcode:
		p.shortcode(n)
	}
}

// step prints the attributes of an element that is a step. has is the id that the element has already.
func (p *printer) step(n ast.Node, has string) {
	if len(p.steps) == 0 {
		return
	}
	at := p.b.BodyAt + At(n)
	s, ok := p.steps[at]
	if !ok {
		return
	}
	delete(p.steps, at) // the item, not the list in its first line
	if has == "" && s.ID != "" && p.takeID(s.ID) {
		p.attr("id", s.ID)
	}
	p.attr("data-step", s.Number)
	p.size("data-minutes", s.Minutes)
}

// label returns the heading above as the label of a region, numbered when there are several below it.
func (p *printer) label(fallback string) string {
	name := p.section
	if name == "" {
		name = fallback
	}
	if p.used == nil {
		p.used = map[string]int{}
	}
	p.used[name]++
	if n := p.used[name]; n > 1 {
		return name + " " + strconv.Itoa(n)
	}
	return name
}

func (p *printer) size(attr string, n int) {
	if n > 0 {
		p.str(" ", attr, `="`, strconv.Itoa(n), `"`)
	}
}
