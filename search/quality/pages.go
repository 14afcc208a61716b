package quality

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"

	"opsbook/search"
)

// WritePages writes records as plain HTML pages, for search engines that read
// those: the same titles, headings and texts that our index is made of.
func WritePages(records []search.Record, dir string) error {
	for _, r := range records {
		path := filepath.Join(dir, filepath.FromSlash(r.URL), "index.html")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write pages: %w", err)
		}
		if err := os.WriteFile(path, []byte(page(r)), 0o644); err != nil {
			return fmt.Errorf("write pages: %w", err)
		}
	}
	return nil
}

func page(r search.Record) string {
	var b strings.Builder
	title := html.EscapeString(r.Title)
	fmt.Fprintf(&b, "<!doctype html><html lang=%q><head><meta charset=utf-8><title>%s</title></head><body><main data-pagefind-body><h1>%s</h1>\n", r.Lang, title, title)
	for _, s := range r.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&b, "<h2 id=%q>%s</h2>\n", html.EscapeString(s.Anchor), html.EscapeString(s.Heading))
		}
		for line := range strings.Lines(s.Text) {
			if line = strings.TrimSpace(line); line != "" {
				fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(line))
			}
		}
	}
	b.WriteString("</main></body></html>\n")
	return b.String()
}
