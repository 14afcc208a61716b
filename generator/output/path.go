package output

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
)

// Rules under which Check reports.
const (
	RulePathUnsafe    = "path-unsafe"
	RulePathCollision = "path-collision"
)

// maxSegment is the longest name, in bytes of UTF-8, that ext4, XFS, APFS and most others can hold.
const maxSegment = 255

// Names that Windows keeps for devices, with any extension (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
var windowsDevice = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])( *\.|$)`)

// Check returns what is wrong with the paths of a Set, as errors at the files' origins. A path must be safe on every system that
// may check out, serve or copy the site, and no two may be one after Unicode normalisation and case folding, unless their bytes are the same
// (they are rendered to find out).
func Check(ctx context.Context, s Set) ([]diag.Diagnostic, error) {
	var ds []diag.Diagnostic
	for _, f := range s.files {
		if why := Unsafe(f.Path); !why.IsZero() {
			ds = append(ds, pathError(f, RulePathUnsafe, diag.T("the output path %q %s", f.Path, why), "rename the file, or give the page another address"))
		}
	}
	folded := make([]string, len(s.files))
	for i, f := range s.files {
		folded[i] = fold(f.Path)
	}
	twins, err := twins(ctx, s, folded)
	if err != nil {
		return nil, err
	}
	ds = append(ds, twins...)
	ds = append(ds, filesAsFolders(s, folded)...)
	diag.Sort(ds)
	return ds, nil
}

func pathError(f File, rule string, message diag.Text, hint string) diag.Diagnostic {
	return diag.Diagnostic{Pos: f.Origin, Rule: rule, Severity: diag.Error, Message: message, Hint: diag.T(hint)}
}

// Unsafe says why a path is not safe, as the end of a sentence, or nothing.
func Unsafe(path string) diag.Text {
	switch {
	case path == "":
		return diag.T("is empty")
	case !utf8.ValidString(path):
		return diag.T("is not UTF-8")
	case strings.HasPrefix(path, "/"):
		return diag.T("is absolute")
	case strings.IndexFunc(path, unicode.IsControl) >= 0:
		return diag.T("holds a control character")
	case strings.Contains(path, `\`):
		return diag.T("holds a backslash, which separates folders on Windows")
	case len(path) > 1 && path[1] == ':':
		return diag.T("starts with a drive letter")
	}
	for i, segment := range strings.Split(path, "/") {
		if why := unsafeSegment(segment, i == 0); !why.IsZero() {
			return why
		}
	}
	return diag.Text{}
}

func unsafeSegment(name string, first bool) diag.Text {
	switch {
	case name == "":
		return diag.T("holds an empty name")
	case name == "." || name == "..":
		return diag.T("holds %q", name)
	case len(name) > maxSegment:
		return diag.T("holds a name of %s bytes in UTF-8, which is more than %s", len(name), maxSegment)
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return diag.T("holds a name that ends with a dot or a space, which Windows drops")
	case windowsDevice.MatchString(name):
		return diag.T("holds %q, which Windows keeps for a device", name)
	case first && strings.HasPrefix(strings.ToLower(name), ".opsbook"):
		return diag.T("holds %q, a name that is kept for what a build remembers", name)
	}
	return diag.Text{}
}

// fold returns what a file system that ignores case and Unicode form makes of a path.
func fold(path string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, norm.NFC.String(path))
}

// twins finds files that want one path. Alert stubs in the original and in lower case are twins with the same bytes, and exempt.
func twins(ctx context.Context, s Set, folded []string) ([]diag.Diagnostic, error) {
	first := make(map[string]File, len(s.files))
	var ds []diag.Diagnostic
	for i, f := range s.files {
		other, taken := first[folded[i]]
		if !taken {
			first[folded[i]] = f
			continue
		}
		same, err := sameBytes(ctx, f, other)
		if err != nil {
			return nil, err
		}
		if !same {
			ds = append(ds, twin(f, other))
		}
	}
	return ds, nil
}

func twin(f, first File) diag.Diagnostic {
	message := diag.T("two files want the output path %q", f.Path)
	if f.Path != first.Path {
		message = diag.T("the output paths %q and %q differ only in case or Unicode form", f.Path, first.Path)
	}
	return collision(f, first, message)
}

func collision(f, other File, message diag.Text) diag.Diagnostic {
	d := pathError(f, RulePathCollision, message, "rename one of the two")
	if other.Origin != (diag.Pos{}) {
		d = d.WithRelated(other.Origin, "the other is here")
	}
	return d
}

func sameBytes(ctx context.Context, f, g File) (bool, error) {
	defer f.drop()
	defer g.drop()
	if key := f.key(); key != ([32]byte{}) && key == g.key() {
		return true, nil
	}
	a, err := render(ctx, f)
	if err != nil {
		return false, err
	}
	b, err := render(ctx, g)
	if err != nil {
		return false, err
	}
	return bytes.Equal(a, b), nil
}

// filesAsFolders finds paths that are a file and the folder of another file at once.
func filesAsFolders(s Set, folded []string) []diag.Diagnostic {
	files := make(map[string]File, len(s.files))
	for i, f := range s.files {
		files[folded[i]] = f
	}
	var ds []diag.Diagnostic
	for i, f := range s.files {
		for folder := range folders(folded[i]) {
			if other, found := files[folder]; found {
				message := diag.T("the output path %q is below %q, which is a file", f.Path, other.Path)
				ds = append(ds, collision(f, other, message))
			}
		}
	}
	return ds
}

// folders iterates over the folders above a path, nearest first, without the root.
func folders(path string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := strings.LastIndexByte(path, '/'); i > 0; i = strings.LastIndexByte(path[:i], '/') {
			if !yield(path[:i]) {
				return
			}
		}
	}
}

func render(ctx context.Context, f File) ([]byte, error) {
	content, err := f.Render(ctx)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", f.Path, err)
	}
	return content, nil
}
