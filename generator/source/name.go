package source

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
)

// sameFile reports whether two infos are of the same file.
func sameFile(a, b fs.FileInfo) bool { return os.SameFile(a, b) }

// nameOK checks a name by itself. It reports false when nothing can be made of a file with that name; a name that only other systems
// refuse is a problem too, but the file is read.
func (l *lister) nameOK(at, name string) bool {
	if !utf8.ValidString(name) {
		l.report(strings.ToValidUTF8(at, "\ufffd"), RuleName, "the file name is not UTF-8").Hint = diag.T("rename it; convmv converts the names of a whole folder: convmv -f cp932 -t utf8 -r --notest .")
		return false
	}
	for _, r := range name {
		if unicode.IsControl(r) || invisible(r) {
			clean := strings.Map(func(r rune) rune {
				if unicode.IsControl(r) || invisible(r) {
					return '\ufffd'
				}
				return r
			}, at)
			l.report(clean, RuleName, "the file name contains %s", charset.Name(r)).Hint = diag.T("rename the file without it")
			return false
		}
	}
	switch base, _, _ := strings.Cut(name, "."); {
	case len(name) > maxName:
		l.report(at, RuleName, "the file name is %s bytes long; no file system takes more than %s", len(name), maxName)
		return false
	case reserved(base):
		l.report(at, RuleName, "Windows reserves the name %q, so the repository cannot be checked out there", base).Hint = diag.T("rename the file")
	case strings.ContainsAny(name, `<>:"|?*\`):
		i := strings.IndexAny(name, `<>:"|?*\`)
		l.report(at, RuleName, "the file name contains %q, which Windows does not allow", name[i:i+1]).Hint = diag.T("rename the file")
	case strings.TrimRight(name, ". ") != name:
		l.report(at, RuleName, "the file name ends in a dot or a space, which Windows removes").Hint = diag.T("rename the file")
	}
	return true
}

// reserved reports whether Windows keeps a name for a device.
func reserved(base string) bool {
	base = strings.ToLower(strings.TrimRight(base, " "))
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(base) == 4 && (base[:3] == "com" || base[:3] == "lpt") && base[3] >= '1' && base[3] <= '9'
}

// invisible reports whether a character cannot be seen but changes how text is read: directions and zero widths.
func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff, r == 0x061c, r == 0x2028, r == 0x2029:
		return true
	}
	return false
}

// single checks a name against those already seen in its folder. It reports false for one that spells the same characters in another
// form: only one of the two can have an address.
func (l *lister) single(seen map[string]string, dir, name string) bool {
	key := strings.ToLower(name)
	before, ok := seen[key]
	if !ok {
		seen[key] = name
		return true
	}
	at, other := path.Join(dir, name), diag.Pos{File: path.Join(dir, before)}
	if before == name {
		d := l.report(at, RuleName, "two files have this name, in composed (NFC) and decomposed (NFD) letters; only the first is read")
		*d = d.WithHint("delete or rename one of them").WithRelated(other, "the first")
		return false
	}
	d := l.report(at, RuleName, "%q and %q differ in case only, which Windows and macOS cannot tell apart", name, before)
	*d = d.WithHint("rename one of them").WithRelated(other, "the other")
	return true
}
