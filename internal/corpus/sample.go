package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// samples is what documents are put together from, by language.
type samples struct {
	prose    map[string][]string // paragraphs
	headings map[string][]string
	items    map[string][]string
	code     []block
}

type block struct{ lang, text string }

var (
	heading   = regexp.MustCompile(`^#{2,4} +(.+?)\s*$`)
	item      = regexp.MustCompile(`^(?:[-*]|\d+\.) +(.{8,})$`)
	fence     = regexp.MustCompile("^(`{3,}|~{3,}) *([A-Za-z0-9_+-]*)")
	shortcode = regexp.MustCompile(`\{\{[<%].*?[%>]\}\}`)
	markup    = regexp.MustCompile(`!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|<[^>]*>`)
)

// read collects samples from every Markdown file below dirs, in the order of their names.
func read(dirs []string) (*samples, error) {
	s := &samples{prose: map[string][]string{}, headings: map[string][]string{}, items: map[string][]string{}}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".md") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			s.take(string(text))
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("sample %s: %w", dir, err)
		}
	}
	if len(s.prose["en"])+len(s.prose["ja"]) == 0 || len(s.code) == 0 {
		return nil, fmt.Errorf("sample %s: found no prose or no code", strings.Join(dirs, ", "))
	}
	for _, m := range []map[string][]string{s.prose, s.headings, s.items} {
		for lang, other := range map[string]string{"ja": "en", "en": "ja"} {
			if len(m[lang]) == 0 {
				m[lang] = m[other]
			}
		}
	}
	return s, nil
}

// take adds the pieces of one file.
func (s *samples) take(text string) {
	var open, lang string
	var code, para []string
	end := func() {
		if joined := plain(strings.Join(para, "\n")); len(joined) > 40 {
			s.prose[language(joined)] = append(s.prose[language(joined)], joined)
		}
		para = nil
	}
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if m := fence.FindStringSubmatch(strings.TrimSpace(line)); open == "" && m != nil {
			end()
			open, lang, code = m[1], m[2], nil
			continue
		}
		if open != "" {
			if strings.HasPrefix(strings.TrimSpace(line), open) {
				if joined := strings.Join(code, "\n"); len(code) > 0 && len(code) < 60 && !shortcode.MatchString(joined) {
					s.code = append(s.code, block{lang, joined})
				}
				open = ""
				continue
			}
			code = append(code, line)
			continue
		}
		s.takeLine(line, &para, end)
	}
	end()
}

func (s *samples) takeLine(line string, para *[]string, end func()) {
	if m := heading.FindStringSubmatch(line); m != nil {
		end()
		if h := plain(m[1]); h != "" {
			s.headings[language(h)] = append(s.headings[language(h)], h)
		}
		return
	}
	if m := item.FindStringSubmatch(line); m != nil {
		end()
		if t := plain(m[1]); t != "" {
			s.items[language(t)] = append(s.items[language(t)], t)
		}
		return
	}
	if first := strings.TrimLeft(line, " "); first == "" || strings.ContainsAny(first[:1], "|>#<-*+=:~") || len(line)-len(first) > 3 {
		end()
		return
	}
	*para = append(*para, line)
}

// plain leaves the words of a piece of Markdown and drops links, tags and shortcodes, whose targets do not come along.
func plain(s string) string {
	s = shortcode.ReplaceAllString(s, "")
	s = markup.ReplaceAllString(s, "$1")
	s = strings.NewReplacer("{", "", "}", "", "[", "", "]", "", "<", "", ">", "", "|", "/").Replace(s)
	return strings.TrimSpace(s)
}

// language is "ja" for text with any kana, else "en".
func language(s string) string {
	for _, r := range s {
		if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			return "ja"
		}
	}
	return "en"
}
