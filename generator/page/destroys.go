package page

import (
	"regexp"
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// destroyers are commands that take something away for good or from under its users. A site adds its own below `destructive`. Every match
// holds one of the words, in letters of any size, at the beginning of a word: most blocks hold none, and need not be matched at all.
var destroyers = []struct {
	words   []string
	pattern string
}{
	{[]string{"rm"}, `\brm\s+(?:-\S+\s+)*-\S*[rRf]`},
	{[]string{"mkfs", "fdisk", "wipefs", "shred", "of="}, `\b(?:mkfs\S*|fdisk|wipefs|shred|dd\s+.*\bof=)`},
	{[]string{"shutdown", "reboot", "halt", "poweroff"}, `\b(?:shutdown|reboot|halt|poweroff)\b`},
	{[]string{"kill"}, `\bkill(?:all)?\s+-(?:9|KILL|SIGKILL)\b`},
	{[]string{"aws"}, `\baws\s+\S+\s+(?:delete|terminate|remove|deregister|purge|failover|reboot|stop|disable)-`},
	{[]string{"aws"}, `\baws\s+s3\s+(?:rm|rb|mv)\b|\baws\s+s3\s+sync\b.*--delete`},
	{[]string{"delete", "drain", "cordon"}, `\bkubectl\b.*\s(?:delete|drain|cordon)\b`},
	{[]string{"helm"}, `\bhelm\s+(?:uninstall|delete|rollback)\b`},
	{[]string{"terraform", "tofu"}, `\b(?:terraform|tofu)\s+(?:destroy|apply)\b`},
	{[]string{"git"}, `\bgit\s+(?:push\s+.*(?:--force|-f)\b|reset\s+--hard|clean\s+-)`},
	{[]string{"docker"}, `\bdocker\s+(?:rm|rmi|kill|system\s+prune|volume\s+rm)\b`},
	{[]string{"drop", "truncate", "delete"}, `(?i)\b(?:drop\s+(?:table|database|schema|index)|truncate\s+(?:table\s+)?\w|delete\s+from)\b`},
	{[]string{"flush"}, `(?i)\bflush(?:all|db)\b`},
}

// destroyer finds a destructive command.
type destroyer struct {
	words []string // none: any text may match
	*regexp.Regexp
}

// destructive compiles the patterns of destructive commands, ours and the site's. The configuration has reported those that are none.
func destructive(own []meta.Str) []destroyer {
	var all []destroyer
	for _, d := range destroyers {
		all = append(all, destroyer{d.words, regexp.MustCompile(d.pattern)}) // a test compiles them
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
	small := strings.ToLower(command)
	return slices.ContainsFunc(pl.destructive, func(d destroyer) bool { return d.mayMatch(small) && d.MatchString(command) })
}

// mayMatch reports whether a text in small letters holds one of the words without which nothing matches.
func (d destroyer) mayMatch(small string) bool {
	return len(d.words) == 0 || slices.ContainsFunc(d.words, func(w string) bool { return begins(small, w) })
}

// begins reports whether a word of a text begins with some letters: rm is in terraform, and does nothing there.
func begins(text, letters string) bool {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], letters)
		if i < 0 {
			return false
		}
		if at += i; at == 0 || !isLetter(text[at-1]) {
			return true
		}
	}
}

// isLetter is what \b of a pattern takes for a part of a word.
func isLetter(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
