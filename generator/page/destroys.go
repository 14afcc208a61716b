package page

import (
	"regexp"
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// destroyers are commands that take something away for good or from under its users. A site adds its own below `destructive`.
var destroyers = []string{
	`\brm\s+(?:-\S+\s+)*-\S*[rRf]`,
	`\b(?:mkfs\S*|fdisk|wipefs|shred|dd\s+.*\bof=)`,
	`\b(?:shutdown|reboot|halt|poweroff)\b`,
	`\bkill(?:all)?\s+-(?:9|KILL|SIGKILL)\b`,
	`\baws\s+\S+\s+(?:delete|terminate|remove|deregister|purge|failover|reboot|stop|disable)-`,
	`\baws\s+s3\s+(?:rm|rb|mv)\b|\baws\s+s3\s+sync\b.*--delete`,
	`\bkubectl\b.*\s(?:delete|drain|cordon)\b`,
	`\bhelm\s+(?:uninstall|delete|rollback)\b`,
	`\b(?:terraform|tofu)\s+(?:destroy|apply)\b`,
	`\bgit\s+(?:push\s+.*(?:--force|-f)\b|reset\s+--hard|clean\s+-)`,
	`\bdocker\s+(?:rm|rmi|kill|system\s+prune|volume\s+rm)\b`,
	`(?i)\b(?:drop\s+(?:table|database|schema|index)|truncate\s+(?:table\s+)?\w|delete\s+from)\b`,
	`(?i)\bflush(?:all|db)\b`,
}

// destructive compiles the patterns of destructive commands, ours and the site's. The configuration has reported those that are none.
func destructive(own []meta.Str) []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, p := range destroyers {
		all = append(all, regexp.MustCompile(p)) // a test compiles them
	}
	for _, p := range own {
		if r, err := regexp.Compile(p.Text); err == nil {
			all = append(all, r)
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
	return slices.ContainsFunc(pl.destructive, func(r *regexp.Regexp) bool { return r.MatchString(command) })
}
