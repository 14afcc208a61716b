// Package worksheet reads a procedure that was kept in a spreadsheet: a row for each step, saved as CSV.
//
// It reads what spreadsheets save (UTF-8 with and without a mark, Shift_JIS, UTF-16; commas, semicolons or tabs) and loses nothing: a column
// that it does not know becomes a note of its steps.
package worksheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// maxBytes is how long a sheet may be; a procedure of 1,000 steps has some 200 KB.
const maxBytes = 4 << 20

// Step is one row.
type Step struct {
	Text     string // one line
	More     string // the lines below it in its cell
	Command  string
	Expected string
	Minutes  int // 0: not given
	Notes    []Note
}

// Note is what a further column says of a step; Name is the head of the column, "" for that of notes.
type Note struct{ Name, Text string }

// Read reads a sheet. With problems there are no steps; columns of positions are code points, as everywhere.
func Read(file string, src []byte) ([]Step, []diag.Diagnostic) {
	if len(src) > maxBytes {
		return nil, []diag.Diagnostic{problem(diag.Pos{File: file}, "the sheet is larger than %s MB", maxBytes>>20)}
	}
	text, problems := charset.Clean(file, src, 1)
	if bad := unread(src, text, problems); len(bad) > 0 {
		return nil, bad
	}
	r := reader{file: file, lines: strings.Split(string(text), "\n")}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = separator(r.lines), -1, false
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, []diag.Diagnostic{r.misquoted(wrong)}
		}
		r.row(row, func(i int) diag.Pos { return r.pos(in.FieldPos(i)) })
	}
	return r.finish()
}

// unread is what is wrong with a text that could not be read. A byte order mark and another encoding are nothing wrong: this is how
// spreadsheets save.
func unread(src, text []byte, problems []diag.Diagnostic) []diag.Diagnostic {
	if len(text) > 0 && !bytes.ContainsRune(text, utf8.RuneError) || len(src) == 0 {
		return nil
	}
	problems = slices.DeleteFunc(problems, func(d diag.Diagnostic) bool {
		return d.Rule == charset.RuleBOM || d.Rule == charset.RuleEncoding && len(text) > 0 && d.Hint.Format == "convert it: %s"
	})
	for i := range problems {
		problems[i].Rule, problems[i].Severity = "", diag.Error
	}
	return problems
}

func problem(pos diag.Pos, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Pos: pos, Severity: diag.Error, Message: diag.T(format, args...)}
}

// separator is what stands between the cells of the first line: a comma, a semicolon where commas are decimal, a tab when copied.
func separator(lines []string) rune {
	best := ','
	for _, sign := range []rune{';', '\t'} {
		if strings.Count(lines[0], string(sign)) > strings.Count(lines[0], string(best)) {
			best = sign
		}
	}
	return best
}

type reader struct {
	file   string
	lines  []string
	head   []string // of the columns, as written
	roles  []role
	steps  []Step
	wrong  []diag.Diagnostic
	headAt diag.Pos
}

// pos is a position of the csv package, whose columns are bytes.
func (r *reader) pos(line, column int) diag.Pos {
	p := diag.Pos{File: r.file, Line: line, Col: column}
	if line >= 1 && line <= len(r.lines) {
		text := r.lines[line-1]
		p.Col = utf8.RuneCountInString(text[:min(max(column-1, 0), len(text))]) + 1
	}
	return p
}

func (r *reader) misquoted(e *csv.ParseError) diag.Diagnostic {
	d := problem(r.pos(e.Line, e.Column), "a quote in a cell is not doubled")
	if e.StartLine != e.Line {
		d = problem(r.pos(e.StartLine, 1), "a quote is opened in this row and never closed")
	}
	d.Hint = diag.T("save the sheet as CSV again; by hand, a cell with quotes is written \"so \"\"quoted\"\"\"")
	return d
}

// role is what a column holds.
type role uint8

const (
	other role = iota // a note under the column's own name
	number
	step
	command
	expected
	duration
	note
)

// heads are the names of columns, in the form of plain.
var heads = map[role][]string{
	number:   {"#", "no", "no.", "番号", "項番", "手順番号", "ステップ番号", "順番"},
	step:     {"step", "steps", "task", "action", "procedure", "operation", "work", "手順", "作業", "作業内容", "作業手順", "操作", "操作内容", "実施内容", "実施手順", "手順内容", "内容", "ステップ"},
	command:  {"command", "commands", "コマンド", "実行コマンド", "入力コマンド"},
	expected: {"expected", "expectedresult", "expectedresults", "result", "check", "verification", "期待結果", "期待値", "期待される結果", "想定結果", "結果", "確認", "確認内容", "確認事項", "確認項目", "確認ポイント"},
	duration: {"duration", "time", "minutes", "estimate", "所要時間", "時間", "目安", "目安時間", "予定時間", "見込み時間", "作業時間"},
	note:     {"note", "notes", "remark", "remarks", "comment", "comments", "備考", "注意", "注意点", "注意事項", "補足", "メモ"},
}

// unit is what stands in brackets behind the name of a column: 所要時間(分).
var unit = regexp.MustCompile(`\([^)]*\)$`)

// plain is a name without what people vary: width, case, blanks, a unit.
func plain(name string) string {
	name = strings.ToLower(norm.NFKC.String(name))
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\n' || r == '\u3000' }), "")
	return unit.ReplaceAllString(name, "")
}

func roleOf(name string) role {
	for role, names := range heads {
		if slices.Contains(names, plain(name)) {
			return role
		}
	}
	return other
}

// row reads one row: the first that names a column of steps is the head, what stands above it is a title.
func (r *reader) row(cells []string, at func(int) diag.Pos) {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	filled := slices.ContainsFunc(cells, func(c string) bool { return c != "" })
	switch {
	case !filled:
	case r.roles == nil:
		r.header(cells, at)
	default:
		r.step(cells, at)
	}
}

func (r *reader) header(cells []string, at func(int) diag.Pos) {
	if r.headAt.File == "" {
		r.headAt = at(0)
	}
	roles := make([]role, len(cells))
	seen := map[role]int{}
	for i, c := range cells {
		roles[i] = roleOf(c)
		if first, twice := seen[roles[i]]; twice && roles[i] != other && roles[i] != note {
			if roles[i] != step {
				roles[i] = other // the second is a note of its own
				continue
			}
			r.wrong = append(r.wrong, problem(at(i), "%q and %q both name the steps", cells[first], c))
		}
		seen[roles[i]] = i
	}
	if _, ok := seen[step]; ok {
		r.head, r.roles = cells, roles
	}
}

func (r *reader) step(cells []string, at func(int) diag.Pos) {
	var s Step
	for i, text := range cells {
		if text == "" {
			continue
		}
		if i >= len(r.roles) {
			r.wrong = append(r.wrong, problem(at(i), "the row has %s cells, its head has %s", len(cells), len(r.roles)))
			return
		}
		switch r.roles[i] {
		case step:
			first, more, _ := strings.Cut(text, "\n")
			s.Text, s.More = strings.TrimSpace(first), strings.TrimSpace(more)
		case command:
			s.Command = text
		case expected:
			s.Expected = text
		case duration:
			s.Minutes = r.minutes(text, r.head[i], at(i))
		case note:
			s.Notes = append(s.Notes, Note{Text: text})
		case other:
			s.Notes = append(s.Notes, Note{Name: r.head[i], Text: text})
		}
	}
	r.add(s, at(0))
}

// add takes a step. A row without one goes on with the step above it, as under a merged cell.
func (r *reader) add(s Step, pos diag.Pos) {
	if s.Text != "" {
		r.steps = append(r.steps, s)
		return
	}
	if s.Command == "" && s.Expected == "" && s.Minutes == 0 && len(s.Notes) == 0 {
		return // a number alone
	}
	if len(r.steps) == 0 {
		r.wrong = append(r.wrong, problem(pos, "the first row names no step"))
		return
	}
	last := &r.steps[len(r.steps)-1]
	last.Command, last.Expected = joined(last.Command, s.Command), joined(last.Expected, s.Expected)
	last.Minutes += s.Minutes
	last.Notes = append(last.Notes, s.Notes...)
}

func joined(a, b string) string { return strings.Trim(a+"\n"+b, "\n") }

var (
	clock   = regexp.MustCompile(`^(\d{1,2}):([0-5]\d)(?::[0-5]\d)?$`)
	minutes = regexp.MustCompile(`^\d{1,4}$`)
)

// minutes reads a duration: 5分, 1h30m, 0:05 as spreadsheets write times, or a bare number, which is minutes unless the head says hours.
func (r *reader) minutes(text, head string, pos diag.Pos) int {
	text = norm.NFKC.String(text)
	if m := clock.FindStringSubmatch(text); m != nil {
		hours, _ := strconv.Atoi(m[1])
		rest, _ := strconv.Atoi(m[2])
		return hours*60 + rest
	}
	if minutes.MatchString(text) {
		n, _ := strconv.Atoi(text)
		if in := unit.FindString(strings.ToLower(norm.NFKC.String(head))); strings.Contains(in, "時") || strings.Contains(in, "h") {
			n *= 60
		}
		return n
	}
	span, problems := meta.ParseSpan(meta.Str{Text: text, Pos: pos})
	if len(problems) > 0 || span.Months > 0 {
		d := problem(pos, "%q is not a length of time", text)
		d.Hint = diag.T("write minutes as a number, or for example 15m, 1h30m, 15分 or 0:15")
		r.wrong = append(r.wrong, d)
	}
	return span.Days*24*60 + span.Minutes
}

func (r *reader) finish() ([]Step, []diag.Diagnostic) {
	switch {
	case len(r.wrong) > 0:
		return nil, r.wrong
	case r.roles == nil:
		pos := r.headAt
		if pos.File == "" {
			pos = diag.Pos{File: r.file, Line: 1, Col: 1}
		}
		d := problem(pos, "no row is a head that names a column of steps")
		d.Hint = diag.T("call the columns step, command, expected, duration and notes, or 手順, コマンド, 期待結果, 所要時間 and 備考")
		return nil, []diag.Diagnostic{d}
	case len(r.steps) == 0:
		return nil, []diag.Diagnostic{problem(diag.Pos{File: r.file, Line: r.headAt.Line}, "there is no step below the head")}
	}
	return r.steps, nil
}
