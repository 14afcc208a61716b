package markdown

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
	HideInfo  bool     // the page shows the information table itself: the first table before the first section
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

// Step marks the list item, heading or table row at an offset (At plus BodyAt) as a step.
type Step struct {
	At      int
	ID      string // the element's id
	Number  string // "1", "2-1"
	Minutes int    // planned duration; zero is unknown
}

// Abbr is an abbreviation and what it stands for.
type Abbr struct{ Name, Text string }

// Article is rendered Markdown.
type Article struct {
	HTML    string
	TitleID string // the anchor of the level-1 heading that was hidden
}

// Render turns a body into HTML.
func Render(b Body) (Article, error) {
	t := Parse(b.Text[b.BodyAt:])
	return renderTree(t, b), nil
}
