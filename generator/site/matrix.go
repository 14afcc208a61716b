package site

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// matrix reads who does what: from the front matter, else from the tables of the body that are a matrix.
func (r *resolver) matrix(w *work) {
	w.Roles, w.Activities = w.Meta.Roles, w.Meta.Activities
	if !w.Type.Has(doctype.Matrix) || len(w.Activities) > 0 {
		if len(w.Roles) == 0 {
			w.Roles = rolesOf(w.Activities)
		}
		return
	}
	m := &matrixReader{r: r, w: w, legend: legend(w.Meta.Legend)}
	for _, t := range w.Doc.Tables {
		if cols, ok := m.columns(t); ok {
			m.read(t, cols)
		}
	}
	if len(w.Meta.Roles) == 0 {
		w.Roles = m.roles
	}
}

// rolesOf are the roles that activities name, in the order in which they appear.
func rolesOf(activities []document.Activity) []meta.Str {
	var out []meta.Str
	for _, a := range activities {
		for _, list := range [][]meta.Str{a.Responsible, a.Accountable, a.Consulted, a.Informed} {
			for _, role := range list {
				out = addRole(out, role)
			}
		}
	}
	return out
}

func addRole(list []meta.Str, role meta.Str) []meta.Str {
	if slices.ContainsFunc(list, func(s meta.Str) bool { return s.Text == role.Text }) {
		return list
	}
	return append(list, role)
}

// matrixReader reads the tables of one page.
type matrixReader struct {
	r      *resolver
	w      *work
	legend map[string]string
	roles  []meta.Str
}

// column is what a column of a matrix holds.
type column struct {
	role    meta.Str // the zero Str in columns that hold text
	note    bool
	runbook bool
}

// noteColumns and runbookColumns are headings of columns that hold text.
var (
	noteColumns    = []string{"備考", "補足", "注記", "コメント", "note", "notes", "remark", "remarks", "comment", "comments"}
	runbookColumns = []string{"手順書", "ランブック", "手順", "runbook", "runbooks", "procedure", "link"}
)

// columns decides whether a table is a matrix: most of what stands below its roles must be letters or signs.
func (m *matrixReader) columns(t document.Table) ([]column, bool) {
	if len(t.Header) < 2 || len(t.Rows) == 0 {
		return nil, false
	}
	cols := make([]column, len(t.Header))
	good, bad := 0, 0
	for i, h := range t.Header {
		name := fold(h.Text)
		switch {
		case i == 0:
		case slices.Contains(noteColumns, name):
			cols[i].note = true
		case slices.Contains(runbookColumns, name):
			cols[i].runbook = true
		default:
			cols[i].role = m.role(h)
			for _, row := range t.Rows {
				if i >= len(row) || row[i].IsZero() {
					continue
				}
				if _, unknown := m.letters(row[i].Text); unknown == "" {
					good++
				} else {
					bad++
				}
			}
		}
	}
	return cols, good > 0 && good > bad
}

// role is the party that a heading means, by its id or one of its names.
func (m *matrixReader) role(h meta.Str) meta.Str {
	text := strings.TrimSpace(h.Text)
	if p := m.r.site.parties[text]; p != nil {
		return meta.Str{Text: p.ID, Pos: h.Pos}
	}
	for i := range m.r.in.Directory.Parties {
		p := &m.r.in.Directory.Parties[i]
		for _, name := range p.Name {
			if fold(name) == fold(text) {
				return meta.Str{Text: p.ID, Pos: h.Pos}
			}
		}
	}
	return meta.Str{Text: text, Pos: h.Pos}
}

// read reads the rows of a matrix.
func (m *matrixReader) read(t document.Table, cols []column) {
	for _, c := range cols {
		if !c.role.IsZero() {
			m.roles = addRole(m.roles, c.role)
		}
	}
	for _, row := range t.Rows {
		if len(row) == 0 {
			continue
		}
		a := document.Activity{Activity: row[0]}
		if a.Activity.Pos.Line == 0 {
			a.Activity.Pos = t.Pos
		}
		for i, c := range cols {
			if i < len(row) {
				m.cell(&a, c, row[i])
			}
		}
		m.w.Activities = append(m.w.Activities, a)
	}
}

// cell adds what one cell says to an activity. Everybody it names stands at the cell's place.
func (m *matrixReader) cell(a *document.Activity, c column, cell meta.Str) {
	switch {
	case c.note:
		a.Note = cell
		if a.Runbook.IsZero() && m.r.site.byID[cell.Text] != nil {
			a.Runbook = cell
		}
	case c.runbook:
		a.Runbook = cell
	case !c.role.IsZero():
		letters, unknown := m.letters(cell.Text)
		if unknown != "" {
			d := diag.At(cell.Pos, ruleLetter, "%q is none of R, A, C and I", unknown).
				WithHint("write R, A, C or I, several as A/R, or say what the sign means: legend: {%s: R}", unknown)
			d.Severity = diag.Error
			m.w.wrong(d)
		}
		role := meta.Str{Text: c.role.Text, Pos: cell.Pos}
		for _, l := range letters {
			switch l {
			case 'R':
				a.Responsible = append(a.Responsible, role)
			case 'A':
				a.Accountable = append(a.Accountable, role)
			case 'C':
				a.Consulted = append(a.Consulted, role)
			case 'I':
				a.Informed = append(a.Informed, role)
			}
		}
	}
}

// legend folds the signs of a page's legend, so that the same sign counts whichever of its forms was typed.
func legend(signs map[string]string) map[string]string {
	out := map[string]string{}
	for sign, means := range signs {
		out[sign1(sign)] = means
	}
	return out
}

// sign1 is one form for signs that look the same.
func sign1(s string) string {
	return strings.NewReplacer("◯", "○", "〇", "○", "△", "△", "—", "-", "–", "-", "―", "-", "−", "-", "ー", "-", "‐", "-").Replace(strings.TrimSpace(norm.NFKC.String(s)))
}

// words are the letters spelled out.
var words = map[string]string{
	"responsible": "R", "accountable": "A", "consulted": "C", "informed": "I",
	"実行責任": "R", "説明責任": "A", "相談先": "C", "報告先": "I", "none": "", "なし": "",
}

// letters reads a cell: letters in any case, several with or without something between them, signs of the legend, or words. unknown is the
// first part that is none of these.
func (m *matrixReader) letters(cell string) (letters, unknown string) {
	text := sign1(cell)
	if text == "" {
		return "", ""
	}
	if means, ok := m.sign(text); ok {
		return means, ""
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/,、・&+ ()|", r) })
	if len(parts) == 0 {
		return "", text
	}
	for _, part := range parts {
		means, ok := m.sign(part)
		if !ok {
			return letters, part
		}
		letters += means
	}
	return unique(letters), ""
}

// sign reads one part of a cell.
func (m *matrixReader) sign(part string) (letters string, ok bool) {
	if means, ok := m.legend[part]; ok {
		if strings.EqualFold(means, "none") {
			return "", true
		}
		return onlyLetters(means)
	}
	if means, ok := words[strings.ToLower(part)]; ok {
		return means, true
	}
	if strings.Trim(part, "-") == "" {
		return "", true
	}
	if letters, ok = onlyLetters(part); ok {
		return letters, true
	}
	for _, r := range part { // several signs without anything between them
		means, ok := m.legend[string(r)]
		if !ok {
			return "", false
		}
		more, _ := onlyLetters(means)
		letters += more
	}
	return letters, true
}

// onlyLetters reads text that is nothing but the four letters, and separators between them.
func onlyLetters(s string) (string, bool) {
	var out []rune
	for _, r := range strings.ToUpper(s) {
		switch {
		case strings.ContainsRune("RACI", r):
			out = append(out, r)
		case strings.ContainsRune("/, +&", r):
		default:
			return "", false
		}
	}
	return unique(string(out)), len(out) > 0
}

// unique keeps the first of every letter.
func unique(letters string) string {
	var out strings.Builder
	for i, r := range letters {
		if !strings.ContainsRune(letters[:i], r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}
