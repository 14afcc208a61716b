package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// reader turns positioned values into typed ones and keeps what is wrong with them.
type reader struct{ problems []diag.Diagnostic }

// keys is what a map may hold and how each key is read.
type keys map[string]func(meta.Field)

// into reads a field and keeps it.
func into[T any](to *T, read func(meta.Field) T) func(meta.Field) {
	return func(f meta.Field) { *to = read(f) }
}

// wrong keeps a diagnostic of the rule that both files answer to.
func (r *reader) wrong(pos diag.Pos, hint diag.Text, format string, args ...any) {
	d := diag.At(pos, "config", format, args...)
	d.Hint = hint
	r.problems = append(r.problems, d)
}

// object reads every key of a map.
func (r *reader) object(f meta.Field, known keys) {
	switch f.Value.Kind {
	case meta.Scalar:
		r.wrong(f.Value.Pos, diag.Text{}, "%s must be a map, not text", f.Raw)
	case meta.List:
		r.wrong(f.Value.Pos, diag.Text{}, "%s must be a map, not a list", f.Raw)
	}
	for _, field := range f.Value.Fields {
		read, ok := known[field.Key]
		switch {
		case !ok:
			r.unknown(field, known)
		case field.Value.Kind == meta.Null:
			r.wrong(field.Pos, diag.T("write a value or delete the line"), "%s has no value", field.Raw)
		default:
			read(field)
		}
	}
}

// unknown says which keys there are. A key that somebody misspelt is graver than one that nobody knows: its value is lost.
func (r *reader) unknown(f meta.Field, known keys) {
	d := diag.At(f.Pos, "meta-unknown-key", "unknown key %q", f.Raw)
	names := sortedKeys(known)
	if near, ok := diag.Nearest(f.Key, names); ok {
		d.Severity = diag.Error
		d = d.WithHint("did you mean %q?", near)
	} else {
		d = d.WithHint("the keys here are %s", strings.Join(names, ", "))
	}
	r.problems = append(r.problems, d)
}

// str reads text with its place.
func (r *reader) str(f meta.Field) meta.Str {
	switch f.Value.Kind {
	case meta.Scalar:
		return meta.Str{Text: strings.TrimSpace(f.Value.Text), Pos: f.Value.Pos}
	case meta.List:
		r.wrong(f.Value.Pos, diag.Text{}, "%s must be text, not a list", f.Raw)
	case meta.Map:
		r.wrong(f.Value.Pos, diag.Text{}, "%s must be text, not a map", f.Raw)
	case meta.Null:
		r.wrong(f.Pos, diag.T("write a value or delete the line"), "%s has no value", f.Raw)
	}
	return meta.Str{}
}

func (r *reader) text(f meta.Field) string { return r.str(f).Text }

// items reads a list; one value alone is a list of one.
func (r *reader) items(f meta.Field) []meta.Field {
	values := []meta.Value{f.Value}
	if f.Value.Kind == meta.List {
		values = f.Value.Items
	}
	fields := make([]meta.Field, len(values))
	for i, v := range values {
		fields[i] = meta.Field{Key: f.Key, Raw: f.Raw, Pos: v.Pos, Value: v}
	}
	return fields
}

// strs reads a list of text.
func (r *reader) strs(f meta.Field) []meta.Str {
	var list []meta.Str
	for _, item := range r.items(f) {
		if s := r.str(item); !s.IsZero() {
			list = append(list, s)
		}
	}
	return list
}

func (r *reader) texts(f meta.Field) []string { return plain(r.strs(f)) }

// name reads text that can be written once for all languages or once for each: `SRE` or `{ja: データベース管理, en: Databases}`.
func (r *reader) name(f meta.Field) map[string]string {
	if f.Value.Kind != meta.Map {
		if s := r.text(f); s != "" {
			return map[string]string{"": s}
		}
		return nil
	}
	names := map[string]string{}
	for _, field := range f.Value.Fields {
		if s := r.text(field); s != "" && r.isLanguage(field.Raw, field.Pos) {
			names[field.Raw] = s
		}
	}
	return names
}

var language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func (r *reader) isLanguage(code string, pos diag.Pos) bool {
	ok := language.MatchString(code)
	if !ok {
		r.wrong(pos, diag.T("for example ja or en"), "%q is no language code", code)
	}
	return ok
}

// choice reads one of a few words.
func (r *reader) choice(f meta.Field, words ...string) string {
	s := r.str(f)
	if s.IsZero() || slices.Contains(words, s.Text) {
		return s.Text
	}
	hint := diag.Text{}
	if near, ok := diag.Nearest(s.Text, words); ok {
		hint = diag.T("did you mean %q?", near)
	}
	r.wrong(s.Pos, hint, "%s must be one of %s, got %q", f.Raw, strings.Join(words, ", "), s)
	return ""
}

// flag reads true or false.
func (r *reader) flag(f meta.Field) bool {
	yes, ok := f.Value.Bool()
	if s := r.str(f); !ok && !s.IsZero() {
		r.wrong(s.Pos, diag.Text{}, "%s must be true or false, got %q", f.Raw, s)
	}
	return yes
}

// span reads a length of time.
func (r *reader) span(f meta.Field) meta.Span {
	s := r.str(f)
	if s.IsZero() {
		return meta.Span{}
	}
	span, problems := meta.ParseSpan(s)
	r.problems = append(r.problems, problems...)
	return span
}

// day reads a date.
func (r *reader) day(f meta.Field) meta.Day {
	s := r.str(f)
	if s.IsZero() {
		return meta.Day{}
	}
	day, problems := meta.ParseDay(s)
	r.problems = append(r.problems, problems...)
	return day
}

// web reads the address of a page or a site. Anything but http and https could run something in a reader's browser.
func (r *reader) web(f meta.Field) string {
	s := r.str(f)
	if s.IsZero() || isWeb(s.Text) {
		return s.Text
	}
	r.wrong(s.Pos, diag.T("an address starts with https:// and names a host"), "%s must be a web address, got %q", f.Raw, s)
	return ""
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}

// webs reads a list of addresses.
func (r *reader) webs(f meta.Field) []meta.Str {
	var list []meta.Str
	for _, item := range r.items(f) {
		if address := r.web(item); address != "" {
			list = append(list, meta.Str{Text: address, Pos: item.Value.Pos})
		}
	}
	return list
}

// entries reads things with ids, written as a list of maps with an `id` or as one map from id to the rest.
func (r *reader) entries(f meta.Field, each func(id meta.Str, entry meta.Field)) {
	if f.Value.Kind == meta.Map {
		for _, field := range f.Value.Fields {
			each(meta.Str{Text: field.Raw, Pos: field.Pos}, field)
		}
		return
	}
	for _, item := range r.items(f) {
		if item.Value.Kind != meta.Map {
			r.wrong(item.Value.Pos, diag.T("for example {id: dba, name: Databases}"), "each of %s must be a map with an id", f.Raw)
			continue
		}
		i := slices.IndexFunc(item.Value.Fields, func(f meta.Field) bool { return f.Key == "id" })
		if i < 0 {
			r.wrong(item.Value.Pos, diag.T("pages and policies refer to it by its id"), "one of %s has no id", f.Raw)
			continue
		}
		if id := r.str(item.Value.Fields[i]); !id.IsZero() {
			each(id, item)
		}
	}
}

func plain(strs []meta.Str) []string {
	var texts []string
	for _, s := range strs {
		texts = append(texts, s.Text)
	}
	return texts
}
