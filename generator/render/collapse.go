package render

import "bytes"

// collapse drops the empty lines that conditions leave behind in templates, in place. Lines inside <pre> and <textarea> are kept.
func collapse(html []byte) []byte {
	out := html[:0]
	inside := 0
	area := bytes.Contains(html, []byte("textarea"))
	for len(html) > 0 {
		end := bytes.IndexByte(html, '\n') + 1
		if end == 0 {
			end = len(html)
		}
		line := html[:end]
		html = html[end:]
		if inside == 0 && line[0] <= ' ' && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if area || bytes.Contains(line, []byte("pre")) { // few lines have either, so most are looked at once
			inside += opened(line)
		}
		out = append(out, line...)
	}
	return out
}

// opened returns how many more elements in which white space counts a line opens than it closes.
func opened(line []byte) int {
	n := 0
	for _, name := range []string{"pre", "textarea"} {
		n += bytes.Count(line, []byte("<"+name)) - bytes.Count(line, []byte("</"+name))
	}
	return n
}
