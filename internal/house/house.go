// Package house is the architecture as data: which package may import which, and why each exists.
//
// Its test walks the module and fails on a missing package or a forbidden import, so that the folders tell the truth.
package house

// Room is one package: what it is for, in one line, and which of our packages it may import.
type Room struct {
	Purpose string
	Imports []string
}

// Plan is every package of the module by its path below the module's root.
var Plan = map[string]Room{
	"internal/diag":    {Purpose: "what is wrong, where, by which rule"},
	"internal/memo":    {Purpose: "remembers pure functions by input hash"},
	"internal/charset": {Purpose: "text in any encoding to clean UTF-8", Imports: []string{"internal/diag"}},
	"internal/secret":  {Purpose: "finds credentials in text", Imports: []string{"internal/diag"}},
	"internal/inert":   {Purpose: "takes what would run out of pictures and other XML", Imports: []string{"internal/diag"}},
	"internal/meta":    {Purpose: "YAML read safely into positioned values", Imports: []string{"internal/diag", "internal/charset"}},
	"internal/watch":   {Purpose: "file-system noise into \"look again\""},
	"internal/history": {Purpose: "commits per file and what they changed, code owners", Imports: []string{"internal/diag", "internal/meta", "internal/secret"}},
	"internal/edit":    {Purpose: "changes one front-matter value and keeps every other byte", Imports: []string{"internal/meta"}},
	"internal/config":  {Purpose: "reads opsbook.yaml and directory.yaml", Imports: []string{"internal/diag", "internal/meta"}},
	"internal/alert":   {Purpose: "reads alert sources: Prometheus rules, CloudFormation alarms, lists", Imports: []string{"internal/diag", "internal/charset", "internal/meta"}},
	"internal/check": {
		Purpose: "holds a site against the rules",
		Imports: []string{"internal/diag", "internal/meta", "internal/config", "internal/history", "generator/document", "generator/doctype", "generator/site"},
	},
	"internal/compare": {
		Purpose: "what a change does to a site, for who reviews it",
		Imports: []string{"internal/config", "internal/diag", "generator/site"},
	},
	"internal/fix": {
		Purpose: "mends what has one right answer",
		Imports: []string{"internal/diag", "internal/meta", "internal/edit", "internal/config", "generator/document", "generator/doctype", "generator/site"},
	},
	"internal/lsp": {
		Purpose: "answers editors while pages are written",
		Imports: []string{
			"internal/diag", "internal/meta", "internal/config", "internal/check", "internal/fix", "generator", "generator/doctype", "generator/site",
		},
	},
	"internal/weblink": {
		Purpose: "asks other sites whether links to them still lead somewhere",
		Imports: []string{"internal/config", "internal/diag", "internal/meta", "generator/site"},
	},
	"internal/worksheet": {
		Purpose: "reads procedures kept in spreadsheets",
		Imports: []string{"internal/charset", "internal/diag", "internal/meta", "generator/doctype", "generator/document"},
	},
	"internal/migrate": {Purpose: "reads sites of other generators as content", Imports: []string{"internal/edit", "internal/meta"}},
	"internal/serve": {
		Purpose: "shows the latest build, reloads browsers",
		Imports: []string{"internal/diag", "internal/watch", "generator", "generator/output", "search", "search/bleveindex"},
	},
	"internal/publish": {Purpose: "plans and applies a built site to a target", Imports: []string{"internal/diag"}},
	"internal/corpus":  {Purpose: "writes realistic documents for measuring"},
	"internal/peers":   {Purpose: "measures Hugo and Pagefind beside us"},
	"internal/house":   {Purpose: "this plan"},

	"generator/source": {
		Purpose: "lists and reads the content tree",
		Imports: []string{"internal/charset", "internal/diag", "internal/inert", "internal/meta", "internal/secret"},
	},
	"generator/diagram":  {Purpose: "flowcharts and sequences to SVG"},
	"generator/markdown": {Purpose: "the Markdown dialect: text to tree to HTML", Imports: []string{"internal/diag", "generator/diagram"}},
	"generator/document": {
		Purpose: "one Markdown file, read alone",
		Imports: []string{"internal/charset", "internal/diag", "internal/meta", "internal/secret", "generator/source", "generator/markdown"},
	},
	"generator/doctype": {Purpose: "document types from folders of data", Imports: []string{"internal/diag", "internal/meta"}},
	"generator/site": {
		Purpose: "resolves all documents into one linked whole",
		Imports: []string{"internal/alert", "internal/diag", "internal/inert", "internal/meta", "internal/config", "internal/history", "generator/document", "generator/doctype", "generator/markdown", "generator/output"},
	},
	"generator/page": {
		Purpose: "plans every page as a closed value",
		Imports: []string{"internal/alert", "internal/diag", "internal/meta", "internal/config", "internal/history", "generator/document", "generator/doctype", "generator/markdown", "generator/site"},
	},
	"generator/render": {
		Purpose: "page to HTML",
		Imports: []string{"internal/diag", "generator/document", "generator/markdown", "generator/page"},
	},
	"generator/asset":  {Purpose: "bundles and fingerprints CSS and JS", Imports: []string{"internal/diag", "generator/output"}},
	"generator/output": {Purpose: "finished files, written atomically", Imports: []string{"internal/diag"}},
	"generator": {
		Purpose: "runs the stages in order, in parallel, remembered",
		Imports: []string{
			"internal/alert", "internal/diag", "internal/inert", "internal/meta", "internal/memo", "internal/config", "internal/history", "internal/check",
			"generator/source", "generator/document", "generator/doctype", "generator/markdown", "generator/site", "generator/page",
			"generator/render", "generator/asset", "generator/output", "search", "search/webindex", "templates",
		},
	},
	"templates": {Purpose: "the default theme and types, a user's layered over them"},

	"search":            {Purpose: "what can be found and asked; the one analyzer"},
	"search/bleveindex": {Purpose: "answers queries on this machine", Imports: []string{"search"}},
	"search/quality":    {Purpose: "measures what search finds", Imports: []string{"search", "search/bleveindex", "search/webindex"}},
	"search/webindex":   {Purpose: "writes the browser's index", Imports: []string{"search", "generator/output"}},

	"cmd/opsbook": {Purpose: "what a user can say", Imports: []string{"*"}},
}
