//go:build browser

package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/text/unicode/norm"
)

// printed is what has to be on paper: every piece of text in the prose and its tables, where links to other places lead, and what is signed.
const printed = `JSON.stringify({
	texts: [...document.querySelectorAll(".prose pre, .prose td, .prose th, .prose li[data-step] > p, .plate dd")].map((e) => e.textContent),
	links: [...document.querySelectorAll(".prose a[href^=http]:not(.flag)")].map((a) => a.href),
	steps: document.querySelectorAll(".prose li[data-step]").length,
	signs: [...document.querySelectorAll(".signatures td")].map((e) => e.textContent).filter(Boolean),
})`

// TestBrowserPrints prints the heaviest runbooks and a page with everything that is too wide for paper, and reads the PDF: nothing is lost or
// leaves the sheet, links say where they lead, pages are numbered, steps have a box to tick and the run is signed.
func TestBrowserPrints(t *testing.T) {
	at, err := exampleSite()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("example", func(t *testing.T) { prints(t, at, heaviest(t, at.dir, "runbooks")) })
	t.Run("wide", func(t *testing.T) {
		dir := t.TempDir()
		row, head := "|", "|"
		for i := range 14 {
			row, head = row+fmt.Sprintf(" value-%02d-of-the-row |", i), head+fmt.Sprintf(" column %02d |", i)
		}
		text := "---\ntitle: Wide\ntype: runbook\n---\n\n## Steps\n\n1. Run [the console](https://console.example.com/a/very/long/address?with=query&and=more)\n\n   ```sh\n   aws rds describe-db-clusters " +
			strings.Repeat("--option-with-a-long-name some-long-value ", 12) + "last-word\n   ```\n\n## Verify\n\n" + head + "\n|" + strings.Repeat("---|", 14) + "\n" + strings.Repeat(row+"\n", 60)
		if err := os.WriteFile(filepath.Join(dir, "wide.md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		at, err := hostSite(dir)
		if err != nil {
			t.Fatal(err)
		}
		prints(t, at, "wide/")
	})
	t.Run("openshift-runbooks", func(t *testing.T) {
		source := "../../../shared/corpora/openshift-runbooks"
		if _, err := os.Stat(source); err != nil {
			t.Skip("the corpus openshift-runbooks is not beside this checkout")
		}
		at, err := hostSite(source)
		if err != nil {
			t.Fatal(err)
		}
		prints(t, at, heaviest(t, at.dir, "alerts"))
	})
}

var blank = regexp.MustCompile(`[\s\x{00AD}\x{200B}]+`)

// squeeze makes texts comparable that were wrapped.
func squeeze(s string) string { return blank.ReplaceAllString(norm.NFKC.String(s), "") }

func prints(t *testing.T, at builtSite, address string) {
	b := openTab(t, at.home)
	b.view(t, 1440, true) // paper is white even when the screen is dark
	b.run(t, chromedp.Navigate(at.home+address), chromedp.WaitReady("main"))
	var want struct {
		Texts, Links, Signs []string
		Steps               int
	}
	read(t, b, printed, &want)
	yes := true
	pdf := call(t, b, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PaperWidth: 8.27, PaperHeight: 11.69}).Data
	file := filepath.Join(t.TempDir(), "page.pdf")
	if keep := os.Getenv("OPSBOOK_PRINTS"); keep != "" {
		file = filepath.Join(keep, strings.ReplaceAll(strings.Trim(address, "/"), "/", "_")+".pdf")
	}
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	text, pages := readPDF(t, file)
	flat := squeeze(text)
	for n := range pages {
		flat = strings.ReplaceAll(flat, squeeze(fmt.Sprintf("%d / %d", n+1, pages)), "\n") // page numbers stand between lines that were one
	}
	if got := strings.Count(flat, "\n"); got < pages {
		t.Errorf("%s: %d of %d pages have a number", address, got, pages)
	}
	flat = strings.ReplaceAll(flat, "\n", "")
	for _, s := range append(append(want.Texts, want.Links...), want.Signs...) {
		for _, word := range strings.Fields(s) { // cells of a row are read side by side, so words are what stays together
			if !strings.Contains(flat, squeeze(word)) && !scattered(flat, squeeze(word)) {
				t.Errorf("%s: %q is not on paper", address, word)
			}
		}
	}
	if want.Steps == 0 || len(want.Signs) == 0 {
		t.Errorf("%s: %d steps, signatures %q", address, want.Steps, want.Signs)
	}
	t.Logf("%s: %d pages, %d texts, %d links, %d steps", address, pages, len(want.Texts), len(want.Links), want.Steps)
	b.clean(t)
}

// scattered reports whether a word stands in the text in two or more pieces: broken over the lines of a narrow column.
func scattered(text, word string) bool {
	r := []rune(word)
	for i := len(r) - 1; i > 1; i-- {
		if strings.Contains(text, string(r[:i])) {
			rest := string(r[i:])
			return len([]rune(rest)) < 2 || strings.Contains(text, rest) || scattered(text, rest)
		}
	}
	return false
}

// readPDF returns the text of a PDF and the number of its pages, and fails where a word leaves its page.
func readPDF(t *testing.T, file string) (string, int) {
	t.Helper()
	text, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (make setup installs it): %v", err)
	}
	boxes, err := exec.Command("pdftotext", "-bbox", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages, width, height := 0, 0.0, 0.0
	dec := xml.NewDecoder(strings.NewReader(string(boxes)))
	dec.Strict = false
	for {
		token, err := dec.Token()
		if err != nil {
			break
		}
		el, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]float64{}
		for _, a := range el.Attr {
			at[a.Name.Local], _ = strconv.ParseFloat(a.Value, 64)
		}
		switch el.Name.Local {
		case "page":
			pages, width, height = pages+1, at["width"], at["height"]
		case "word":
			if at["xMin"] < 0 || at["yMin"] < 0 || at["xMax"] > width || at["yMax"] > height {
				t.Errorf("a word at %v leaves page %d", at, pages)
			}
		}
	}
	if pages == 0 {
		t.Fatal("the PDF has no page")
	}
	return string(text), pages
}
