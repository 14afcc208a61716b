package page

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// Ledger is a table of facts about many pages: gaps, controls, routine work. What a person reads on the page is what File holds for programs.
type Ledger struct {
	ID      string // anchor
	Title   Label
	Lead    Label // one sentence that says what to do about it
	Columns []string
	Rows    []LedgerRow
	File    string // name of the CSV beside the page, "" for none
	Bad     bool   // every row is a gap that somebody has to close
}

// LedgerRow is one row. Mark is "bad" for what somebody has to see to.
type LedgerRow struct {
	ID    string
	Mark  string
	Cells []Cell
}

// Cell is what one cell shows: values, and marks beside them.
type Cell struct {
	Values   []Value
	Severity Severity
	Review   *Review
	Tag      Label
	Ask      string // address of a request, shown as a button
}

func textCell(text string) Cell { return Cell{Values: texts([]string{text})} }
func numberCell(n int) Cell {
	if n == 0 {
		return Cell{}
	}
	return textCell(strconv.Itoa(n))
}
func wordCell(key string) Cell { return Cell{Tag: Label{Key: key}} }
func dateCell(date string) Cell {
	if date == "" {
		return Cell{}
	}
	return Cell{Values: []Value{{Date: date}}}
}
func linkCell(links ...Link) Cell { return Cell{Values: linkValues(links)} }
func partyCell(to *Link) Cell {
	if to == nil {
		return Cell{}
	}
	return linkCell(*to)
}

func minutesCell(n int) Cell {
	if n <= 0 {
		return Cell{}
	}
	return Cell{Values: []Value{{Span: Span{Minutes: n}}}}
}

// pageCell leads to a page and says how far it can be trusted.
func pageCell(it *Item) Cell {
	c := linkCell(it.Link)
	if it.Review.State != "" {
		review := it.Review
		c.Review = &review
	}
	return c
}

// text is a cell as programs read it.
func (c Cell) text() string {
	var parts []string
	for _, v := range c.Values {
		switch {
		case v.Date != "":
			parts = append(parts, v.Date)
		case !v.Span.IsZero():
			parts = append(parts, strconv.Itoa(v.Span.Minutes+60*24*(v.Span.Days+30*v.Span.Months)))
		default:
			parts = append(parts, cmp.Or(v.Text, v.Key[strings.LastIndexByte(v.Key, '.')+1:]))
		}
	}
	if c.Severity.Name != "" {
		parts = append(parts, c.Severity.Name)
	}
	if c.Review != nil {
		parts = append(parts, c.Review.State)
	}
	if c.Tag.Key != "" || c.Tag.Text != "" {
		parts = append(parts, cmp.Or(c.Tag.Text, c.Tag.Key[strings.LastIndexByte(c.Tag.Key, '.')+1:]))
	}
	return strings.Join(parts, "; ")
}

// writeCSV writes ledgers with one head: the keys of their columns, and the id of the ledger before them where there are several. A length of time is
// in minutes. Text that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV Injection").
func writeCSV(sheets ...Ledger) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for i, s := range sheets {
		if i == 0 {
			if err := w.Write(columnNames(s)); err != nil {
				return nil, fmt.Errorf("write CSV: %w", err)
			}
		}
		for _, r := range s.Rows {
			var line []string
			for at, c := range r.Cells {
				if s.Columns[at] != "ask" {
					line = append(line, harmless(c.text()))
				}
			}
			if err := w.Write(line); err != nil {
				return nil, fmt.Errorf("write CSV: %w", err)
			}
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func columnNames(s Ledger) []string {
	var names []string
	for _, c := range s.Columns {
		if c != "ask" {
			names = append(names, c)
		}
	}
	return names
}

func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// ledgerFiles are the CSVs of all pages, each beside its page.
func ledgerFiles(outlines []*Outline) []File {
	var files []File
	for _, p := range outlines {
		by := map[string][]Ledger{}
		var names []string
		for _, s := range p.Ledgers {
			if s.File != "" {
				if by[s.File] == nil {
					names = append(names, s.File)
				}
				by[s.File] = append(by[s.File], s)
			}
		}
		for _, name := range names {
			files = append(files, File{Path: p.URL + name, Make: func() ([]byte, error) { return writeCSV(by[name]...) }})
		}
	}
	return files
}
