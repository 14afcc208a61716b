// Package secret finds credentials in text: keys, tokens and passwords that a site would publish.
//
// It knows credentials by their form alone, so that a page may speak of passwords and show placeholders. Each form has a fixed piece that is
// looked for first; a page without any costs a few microseconds. The list is short on purpose: the forms are documented by who issues
// them, and a guess by randomness would cry at every digest of an image.
package secret

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"opsbook/internal/diag"
)

// Rule is the rule that reports what Find finds.
const Rule = "secret"

// most is how many credentials one text reports.
const most = 20

// Finding is one credential: what it is, with its article, and its bytes.
type Finding struct {
	Kind     diag.Text
	From, To int
}

// Message says what a Finding is.
func (f Finding) Message() diag.Text {
	return diag.T("this looks like %s; whoever reads the site could use it", f.Kind)
}

// Hint says what to do about any.
func Hint() diag.Text {
	return diag.T("take it out, keep it in a secret store, and replace it where it is valid: the history of the repository still holds it")
}

// Find returns the credentials of a text in order, at most twenty. A credential whose text says that it is an example (…EXAMPLE…, xxxx,
// one character repeated) is none.
func Find(text []byte) []Finding {
	var all []Finding
	var done [len(forms)]int // how far each form has been looked for
	for i := 0; i+head <= len(text); i++ {
		for _, c := range byHead[hash(text[i:])] {
			if i >= done[c.form] && bytes.HasPrefix(text[i:], []byte(c.piece)) {
				all, done[c.form] = forms[c.form].find(text, i, all)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int { return a.From - b.From })
	all = slices.CompactFunc(all, func(next, last Finding) bool { return next.From < last.To })
	return all[:min(most, len(all))]
}

// head is how many bytes of a piece are looked at first: as many as the shortest piece has.
const head = 3

// clue is a piece of a form.
type clue struct {
	form  int
	piece string
}

// byHead is the pieces by a hash of their heads, so that one pass over a text, a look-up a byte, finds where they may stand.
var byHead = func() (table [1 << 12][]clue) {
	for i, f := range forms {
		for _, piece := range f.pieces {
			h := hash([]byte(piece))
			table[h] = append(table[h], clue{i, piece})
		}
	}
	return table
}()

func hash(b []byte) int { return (int(b[0])*31*31 + int(b[1])*31 + int(b[2])) & (1<<12 - 1) }

// form is a kind of credential. One of its pieces, and the text also where there is one, stand on the line on which it begins; the first
// group of expr is the credential itself.
type form struct {
	kind   diag.Text
	pieces []string
	expr   *regexp.Regexp
	also   string
	lines  bool // it goes on over the following lines
}

// find adds what the line around an offset holds of the form, and says how far it looked.
func (f form) find(text []byte, at int, all []Finding) ([]Finding, int) {
	from, to := lineOf(text, at)
	if f.lines {
		to = min(len(text), from+reach)
	}
	line := text[from:to]
	if !bytes.Contains(line, []byte(f.also)) {
		return all, to
	}
	for _, m := range f.expr.FindAllSubmatchIndex(line, most) {
		if !madeUp(line[m[2]:m[3]]) {
			all = append(all, Finding{f.kind, from + m[2], from + m[3]})
		}
		to = max(to, from+m[3])
	}
	return all, to
}

// reach is how many bytes around a piece are looked at: a line without end, such as minified JSON, and a key of many lines are cut there.
const reach = 4096

// lineOf returns where the line around an offset begins and ends.
func lineOf(text []byte, at int) (from, to int) {
	from = max(at-reach, bytes.LastIndexByte(text[:at], '\n')+1)
	to = min(len(text), at+reach)
	if end := bytes.IndexByte(text[at:to], '\n'); end >= 0 {
		to = at + end
	}
	return from, to
}

// forms are documented by the issuers: AWS IAM identifiers, GitHub and GitLab token prefixes, Slack token types, Stripe key prefixes,
// RFC 7468 for private keys, RFC 7519 for JSON Web Tokens, RFC 3986 for passwords in URLs.
var forms = [...]form{
	{kind: diag.T("an AWS access key id"), pieces: []string{"AKIA", "ASIA"}, expr: word(`(?:AKIA|ASIA)[A-Z2-7]{16}`)},
	{kind: diag.T("an AWS secret access key"), pieces: []string{"ecret"}, expr: regexp.MustCompile(`(?i)(?:aws_?)?secret_?(?:access_?)?key["']?\s*[:=]\s*["']?([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`)},
	{kind: diag.T("a private key"), pieces: []string{"PRIVATE KEY"}, expr: regexp.MustCompile(`(-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s)+(?:[A-Za-z-]+: [^\n]*\s+)*[A-Za-z0-9+/=]{40,})`), lines: true},
	{kind: diag.T("a PuTTY private key"), pieces: []string{"PuTTY-User-Key-File"}, expr: regexp.MustCompile(`(PuTTY-User-Key-File-[23]: [^\n]+)`)},
	{kind: diag.T("an age private key"), pieces: []string{"AGE-SECRET-KEY-1"}, expr: word(`AGE-SECRET-KEY-1[0-9A-Z]{58}`)},
	{kind: diag.T("a GitHub token"), pieces: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}, expr: word(`(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})`)},
	{kind: diag.T("a GitLab token"), pieces: []string{"glpat-", "gldt-", "glrt-", "glcbt-", "glptt-"}, expr: word(`(?:glpat|gldt|glrt|glcbt|glptt)-[A-Za-z0-9_-]{20,}`)},
	{kind: diag.T("a Slack token"), pieces: []string{"xox", "xapp-"}, expr: word(`(?:xox[abeoprs]-[0-9A-Za-z-]{20,}|xapp-[0-9]-[0-9A-Za-z-]{20,})`)},
	{kind: diag.T("a Slack webhook"), pieces: []string{"hooks.slack.com"}, expr: regexp.MustCompile(`(hooks\.slack\.com/(?:services|workflows)/T[A-Z0-9]{6,}/[A-Z0-9]{6,}/[A-Za-z0-9]{16,})`)},
	{kind: diag.T("a Microsoft Teams webhook"), pieces: []string{"webhook.office.com"}, expr: regexp.MustCompile(`([a-z0-9.-]*webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36})`)},
	{kind: diag.T("a Discord webhook"), pieces: []string{"/api/webhooks/"}, expr: regexp.MustCompile(`(discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,})`)},
	{kind: diag.T("a Stripe key"), pieces: []string{"k_live_", "k_test_"}, expr: word(`[sr]k_(?:live|test)_[0-9A-Za-z]{20,}`)},
	{kind: diag.T("a Google API key"), pieces: []string{"AIza"}, expr: word(`AIza[0-9A-Za-z_-]{35}`)},
	{kind: diag.T("a Google OAuth client secret"), pieces: []string{"GOCSPX-"}, expr: word(`GOCSPX-[0-9A-Za-z_-]{28}`)},
	{kind: diag.T("an Azure storage key"), pieces: []string{"AccountKey="}, expr: regexp.MustCompile(`AccountKey=([A-Za-z0-9+/]{86}==)`)},
	{kind: diag.T("a SendGrid key"), pieces: []string{"SG."}, expr: word(`SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`)},
	{kind: diag.T("an npm token"), pieces: []string{"npm_"}, expr: word(`npm_[A-Za-z0-9]{36}`)},
	{kind: diag.T("a PyPI token"), pieces: []string{"pypi-AgEIcHlwaS5vcmc"}, expr: word(`pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}`)},
	{kind: diag.T("an OpenAI key"), pieces: []string{"T3BlbkFJ"}, expr: word(`sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}`)},
	{kind: diag.T("an Anthropic key"), pieces: []string{"sk-ant-"}, expr: word(`sk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{80,}`)},
	{kind: diag.T("a Hugging Face token"), pieces: []string{"hf_"}, expr: word(`hf_[A-Za-z]{34}`)},
	{kind: diag.T("a HashiCorp Vault token"), pieces: []string{"hvs.", "hvb."}, expr: word(`hv[sb]\.[A-Za-z0-9_-]{24,}`)},
	{kind: diag.T("a Terraform Cloud token"), pieces: []string{".atlasv1."}, expr: word(`[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}`)},
	{kind: diag.T("a DigitalOcean token"), pieces: []string{"_v1_"}, expr: word(`do[opr]_v1_[a-f0-9]{64}`)},
	{kind: diag.T("a Databricks token"), pieces: []string{"dapi"}, expr: word(`dapi[a-f0-9]{32}`)},
	{kind: diag.T("a Grafana token"), pieces: []string{"glsa_", "glc_"}, expr: word(`(?:glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/]{32,}={0,2})`)},
	{kind: diag.T("a New Relic key"), pieces: []string{"NRAK-"}, expr: word(`NRAK-[A-Z0-9]{27}`)},
	{kind: diag.T("a Shopify token"), pieces: []string{"shpat_", "shpca_", "shppa_", "shpss_"}, expr: word(`shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}`)},
	{kind: diag.T("an Atlassian token"), pieces: []string{"ATATT3"}, expr: word(`ATATT3[A-Za-z0-9_=-]{100,}`)},
	{kind: diag.T("a Docker access token"), pieces: []string{"dckr_pat_"}, expr: word(`dckr_pat_[A-Za-z0-9_-]{27}`)},
	{kind: diag.T("a JSON Web Token"), pieces: []string{"eyJ"}, expr: word(`eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}`)},
	{kind: diag.T("a password in a URL"), pieces: []string{"://"}, expr: regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^\s/:@<>"'{}$]+:([^\s/:@<>"'{}$*%]{6,})@[A-Za-z0-9]`), also: "@"},
}

// word matches an expression that no letter, digit or underscore continues.
func word(expr string) *regexp.Regexp { return regexp.MustCompile(`\b(` + expr + `)\b`) }

// examples are pieces by which writers say that a value is not real.
var examples = []string{"example", "xxxx", "....", "1234567890", "changeme", "password", "passwd", "secret", "placeholder", "your", "dummy", "redacted"}

// madeUp reports whether a value says that it is an example, or holds fewer than six different characters.
func madeUp(value []byte) bool {
	lower := strings.ToLower(string(value))
	if _, body, ok := strings.Cut(lower, "private key"); ok {
		lower = body
	}
	lower = strings.TrimPrefix(lower, "age-secret-key")
	if slices.ContainsFunc(examples, func(word string) bool { return strings.Contains(lower, word) }) {
		return true
	}
	seen := map[rune]bool{}
	for _, r := range lower {
		seen[r] = true
	}
	return len(seen) < 6
}
