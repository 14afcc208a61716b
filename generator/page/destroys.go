package page

import (
	"regexp"
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// destroyers are commands that take something away for good or from under its users. A site adds its own below `destructive`. Each begins with
// one of the words, in letters of any size: most blocks hold none, and the pattern is only held against what begins with one.
var destroyers = []struct {
	words   []string
	pattern string
}{
	{[]string{"rm"}, `rm\s+(?:-\S+\s+)*-\S*[rRf]`},
	{[]string{"mkfs", "fdisk", "wipefs", "shred"}, `(?:mkfs|fdisk|wipefs|shred)`},
	{[]string{"dd"}, `dd\s+.*\bof=`},
	{[]string{"shutdown", "reboot", "halt", "poweroff"}, `(?:shutdown|reboot|halt|poweroff)\b`},
	{[]string{"kill"}, `kill(?:all)?\s+-(?:9|KILL|SIGKILL)\b`},
	{[]string{"aws"}, `aws\s+\S+\s+(?:delete|terminate|remove|deregister|purge|failover|reboot|stop|disable)-`},
	{[]string{"aws"}, `aws\s+s3\s+(?:(?:rm|rb|mv)\b|sync\b.*--delete)`},
	{[]string{"kubectl"}, `kubectl\b.*\s(?:delete|drain|cordon)\b`},
	{[]string{"helm"}, `helm\s+(?:uninstall|delete|rollback)\b`},
	{[]string{"terraform", "tofu"}, `(?:terraform|tofu)\s+(?:destroy|apply)\b`},
	{[]string{"git"}, `git\s+(?:push\s+.*(?:--force|-f)\b|reset\s+--hard|clean\s+-)`},
	{[]string{"docker"}, `docker\s+(?:rm|rmi|kill|system\s+prune|volume\s+rm)\b`},
	{[]string{"drop", "truncate", "delete"}, `(?i)(?:drop\s+(?:table|database|schema|index)|truncate\s+(?:table\s+)?\w|delete\s+from)\b`},
	{[]string{"flush"}, `(?i)flush(?:all|db)\b`},
}

// destroyer finds a destructive command.
type destroyer struct {
	words []string // none: a match may begin anywhere
	*regexp.Regexp
}

// destructive compiles the patterns of destructive commands, ours and the site's. The configuration has reported those that are none.
func destructive(own []meta.Str) []destroyer {
	var all []destroyer
	for _, d := range destroyers {
		all = append(all, destroyer{d.words, regexp.MustCompile(`\A(?:` + d.pattern + `)`)}) // a test compiles them
	}
	for _, p := range own {
		if r, err := regexp.Compile(p.Text); err == nil {
			all = append(all, destroyer{nil, r})
		}
	}
	return all
}

// destroys returns the code blocks of a page that hold a destructive command, by the offset of their first line.
func (pl *planner) destroys(e *site.Entry) []int {
	var all []int
	for _, c := range e.Doc.Codes {
		if c.Lang != "mermaid" && c.Lang != "message" && pl.isDestructive(strings.ReplaceAll(c.Text, "\\\n", " ")) {
			all = append(all, c.At)
		}
	}
	return all
}

func (pl *planner) isDestructive(command string) bool {
	small := lower(command)
	return slices.ContainsFunc(pl.destructive, func(d destroyer) bool { return d.in(command, small) })
}

// in reports whether a text, which small repeats in small letters, holds the command.
func (d destroyer) in(text, small string) bool {
	if len(d.words) == 0 {
		return d.MatchString(text)
	}
	return slices.ContainsFunc(d.words, func(word string) bool {
		for at := 0; ; at += len(word) {
			i := strings.Index(small[at:], word)
			if i < 0 {
				return false
			}
			at += i
			if (at == 0 || !isLetter(text[at-1])) && d.MatchString(text[at:]) {
				return true
			}
		}
	})
}

// lower is a text in small letters of ASCII: every byte stays in its place.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// isLetter is what \b of a pattern takes for a part of a word.
func isLetter(b byte) bool { return isWord(b) && b != '-' }
