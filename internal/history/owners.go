package history

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"opsbook/internal/diag"
)

// RuleCodeowners is the rule under which ReadOwners reports.
const RuleCodeowners = "codeowners"

// maxOwnersSize is GitHub's limit for a CODEOWNERS file; it ignores a larger one.
const maxOwnersSize = 3 << 20

// ownersPlaces are where a Git host looks, in this order: GitHub's three, then GitLab's own.
func ownersPlaces() []string {
	return []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}
}

// Owners says who owns which path of a repository. The zero value knows of nobody.
type Owners struct {
	// File is where it was read from, relative to the repository; empty if there is none.
	File   string
	prefix string // of every path that is asked about
	rules  []ownerRule
}

// Below returns the same owners, asked by paths relative to a folder of the repository; back leads from there to its top, and positions
// are relative to the folder too. Both are slash-separated and may be ".".
func (o Owners) Below(folder, back string) Owners {
	if folder == "." {
		return o
	}
	o.prefix = folder + "/"
	o.rules = slices.Clone(o.rules)
	for i, r := range o.rules {
		o.rules[i].pos.File = back + "/" + r.pos.File
	}
	return o
}

// ownerRule is one line. Rules of one section compete, and the last that matches wins; those of different sections (GitLab) add up.
type ownerRule struct {
	section string
	match   *regexp.Regexp
	owners  []string
	exclude bool // GitLab: `!pattern` takes the path out of its section
	pos     diag.Pos
}

// String writes all rules: equal owners write the same.
func (o Owners) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q", o.File, o.prefix)
	for _, r := range o.rules {
		fmt.Fprintf(&b, "\n%q %q %q %t %v", r.section, r.match, r.owners, r.exclude, r.pos)
	}
	return b.String()
}

// ReadOwners reads the CODEOWNERS file of a repository, given its top folder. Lines that a Git host would skip are diagnostics, with
// positions relative to the repository. An error is one of reading.
func ReadOwners(repository fs.FS) (Owners, []diag.Diagnostic, error) {
	for _, place := range ownersPlaces() {
		if info, err := fs.Stat(repository, place); err != nil || !info.Mode().IsRegular() {
			continue
		}
		content, err := fs.ReadFile(repository, place)
		if err != nil {
			return Owners{}, nil, fmt.Errorf("read %s: %w", place, err)
		}
		o, ds := ParseOwners(place, content)
		return o, ds, nil
	}
	return Owners{}, nil, nil
}

// ParseOwners reads a CODEOWNERS file. Name is for positions.
func ParseOwners(name string, content []byte) (Owners, []diag.Diagnostic) {
	o := Owners{File: name}
	if len(content) > maxOwnersSize {
		d := warn(diag.Pos{File: name}, "the file is larger than %s MiB, so Git hosts ignore it", maxOwnersSize>>20)
		return Owners{}, []diag.Diagnostic{d}
	}
	var ds []diag.Diagnostic
	section, inherited := "", []string(nil)
	text := strings.TrimPrefix(string(content), "\ufeff")
	for i, line := range strings.Split(text, "\n") {
		l := ownersLine{pos: diag.Pos{File: name, Line: i + 1, Col: 1}, words: splitLine(strings.TrimSuffix(line, "\r"))}
		switch header, isSection := sectionHeader(line); {
		case isSection:
			section = strings.ToLower(header.name)
			inherited, ds = l.checkOwners(header.owners, ds)
		case len(l.words) > 0:
			var rule ownerRule
			if rule, ds = l.rule(section, inherited, ds); rule.match != nil {
				o.rules = append(o.rules, rule)
			}
		}
	}
	return o, ds
}

// Of returns the owners of a path relative to the repository, in the order of the file: handles such as "@org/dba", or email addresses.
func (o Owners) Of(path string) []string {
	var found []string
	for _, r := range o.winners(path) {
		for _, owner := range r.owners {
			if !slices.Contains(found, owner) {
				found = append(found, owner)
			}
		}
	}
	return found
}

// Line returns the line that gives a path its owners, for diagnostics; false if there is none.
func (o Owners) Line(path string) (diag.Pos, bool) {
	for _, r := range o.winners(path) {
		if len(r.owners) > 0 {
			return r.pos, true
		}
	}
	return diag.Pos{}, false
}

// winners returns the last rule of each section that matches a path, in the order of the file. What a section excludes once, it cannot
// take back.
func (o Owners) winners(path string) []ownerRule {
	path = o.prefix + path
	var won []ownerRule
	decided, excluded := map[string]bool{}, map[string]bool{}
	for _, r := range slices.Backward(o.rules) {
		switch {
		case decided[r.section] && !r.exclude, !r.match.MatchString(path):
		case r.exclude:
			excluded[r.section] = true
		default:
			decided[r.section] = true
			won = append(won, r)
		}
	}
	slices.Reverse(won)
	return slices.DeleteFunc(won, func(r ownerRule) bool { return excluded[r.section] })
}

type ownersLine struct {
	pos   diag.Pos
	words []word
}

// word is a part of a line, with its 1-based column in code points.
type word struct {
	text string
	col  int
}

func warn(pos diag.Pos, format string, args ...any) diag.Diagnostic {
	d := diag.At(pos, RuleCodeowners, format, args...)
	d.Severity = diag.Warning
	return d
}

func (l ownersLine) at(col int) diag.Pos {
	return diag.Pos{File: l.pos.File, Line: l.pos.Line, Col: col}
}

func (l ownersLine) rule(section string, inherited []string, ds []diag.Diagnostic) (ownerRule, []diag.Diagnostic) {
	pattern := l.words[0]
	body, exclude := strings.CutPrefix(pattern.text, "!")
	match, err := compileOwners(body)
	if err != nil {
		d := warn(l.at(pattern.col), "the pattern %q is not valid, so Git hosts skip the line", pattern.text)
		return ownerRule{}, append(ds, d)
	}
	owners, ds := l.checkOwners(l.words[1:], ds)
	if len(l.words) == 1 {
		owners = inherited
	}
	return ownerRule{section: section, match: match, owners: owners, exclude: exclude, pos: l.at(pattern.col)}, ds
}

// An owner is a handle (@user, @org/team, GitLab's @group/sub/group and @@role) or an email address.
var ownerForm = regexp.MustCompile(`^(@@?[\p{L}\p{N}_.-]+(/[\p{L}\p{N}_.-]+)*|[^@\s]+@[^@\s]+\.[^@\s]+)$`)

func (l ownersLine) checkOwners(words []word, ds []diag.Diagnostic) ([]string, []diag.Diagnostic) {
	var owners []string
	for _, w := range words {
		if !ownerForm.MatchString(w.text) {
			ds = append(ds, warn(l.at(w.col), "%q is neither a handle nor an email address", w.text).WithHint("write @user, @org/team or name@example.com"))
			continue
		}
		owners = append(owners, w.text)
	}
	return owners, ds
}

// splitLine splits at blanks that no backslash precedes, up to a comment.
func splitLine(line string) []word {
	var words []word
	var text strings.Builder
	col, start, escaped := 0, 0, false
	end := func() {
		if text.Len() > 0 {
			words = append(words, word{text.String(), start})
			text.Reset()
		}
	}
	for _, r := range line {
		col++
		switch {
		case escaped:
			if r != ' ' && r != '#' && r != '\t' {
				text.WriteByte('\\')
			}
			escaped = false
		case r == '\\':
			if text.Len() == 0 {
				start = col
			}
			escaped = true
			continue
		case r == ' ' || r == '\t':
			end()
			continue
		case r == '#' && text.Len() == 0:
			return words
		}
		if text.Len() == 0 {
			start = col
		}
		text.WriteRune(r)
	}
	end()
	return words
}

// section is a GitLab header: `[Name] @owner`, `^[Name]` for an optional one, `[Name][2]` for two approvals.
type section struct {
	name   string
	owners []word
}

var sectionForm = regexp.MustCompile(`^\s*\^?\[([^\]]+)\](\[\d+\])?(?:\s+|$)`)

func sectionHeader(line string) (section, bool) {
	m := sectionForm.FindStringSubmatchIndex(line)
	if m == nil {
		return section{}, false
	}
	owners := splitLine(strings.TrimSuffix(line[m[1]:], "\r"))
	for i := range owners {
		owners[i].col += utf8.RuneCountInString(line[:m[1]])
	}
	return section{name: strings.TrimSpace(line[m[2]:m[3]]), owners: owners}, true
}

// compileOwners turns a pattern into an expression. Patterns are those of .gitignore without negation and character ranges: a slash
// at the start or in the middle ties it to the top, one at the end means a folder with all that it holds, and what names a folder
// stands for everything in it. Only `*` at the end of a path does not: `docs/*` leaves docs/a/b alone.
func compileOwners(pattern string) (*regexp.Regexp, error) {
	if pattern == "" || strings.ContainsAny(pattern, "[]") {
		return nil, errors.New("unsupported")
	}
	body := strings.Trim(pattern, "/")
	anchored := strings.Contains(strings.TrimSuffix(pattern, "/"), "/")
	segments := strings.Split(body, "/")
	last := segments[len(segments)-1]
	var b strings.Builder
	b.WriteString("^")
	if !anchored {
		b.WriteString("(?:.*/)?")
	}
	for i, segment := range segments {
		writeSegment(&b, segment, i == len(segments)-1)
	}
	switch {
	case last == "**":
	case strings.HasSuffix(pattern, "/"):
		b.WriteString("/.*")
	case last == "*" && anchored:
	default:
		b.WriteString("(?:/.*)?")
	}
	b.WriteString("$")
	return regexp.Compile(b.String())
}

// writeSegment writes the part of an expression for one name of a pattern, with the slash after it.
func writeSegment(b *strings.Builder, segment string, last bool) {
	switch {
	case segment == "**" && last:
		b.WriteString(".*")
		return
	case segment == "**":
		b.WriteString("(?:.*/)?")
		return
	}
	for _, r := range segment {
		switch r {
		case '*':
			b.WriteString("[^/]*")
		case '?':
			b.WriteString("[^/]")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	if !last {
		b.WriteString("/")
	}
}
