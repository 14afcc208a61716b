package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"opsbook/internal/check"
)

// A message is written once, where it arises, as an English format. These tests read the whole module's source for such formats and hold
// them against the catalogue of translations and the registry of rules.

const catalogueFile = "../../templates/i18n/diagnostics.ja.yaml"

func TestEveryMessageIsTranslated(t *testing.T) {
	catalogue := readCatalogue(t)
	messages := readMessages(t)
	for _, format := range slices.Sorted(maps.Keys(messages.formats)) {
		if _, ok := catalogue[format]; !ok {
			t.Errorf("%s: no translation of %q", messages.formats[format], format)
		}
	}
	for _, at := range messages.dynamic {
		t.Errorf("%s: the format of a message is put together; write it whole, so that it can be translated", at)
	}
	for _, format := range slices.Sorted(maps.Keys(catalogue)) {
		if _, ok := messages.formats[format]; !ok {
			t.Errorf("%s: nothing says %q", catalogueFile, format)
		}
	}
}

var verb = regexp.MustCompile(`%(\[(\d)\])?([a-zA-Z%])`)

func TestTranslationsTakeTheSameArguments(t *testing.T) {
	for format, translated := range readCatalogue(t) {
		want := map[int]string{}
		for i, v := range verbs(format) {
			want[i+1] = v
			if v != "s" && v != "q" {
				t.Errorf("%q: arguments are text, so %%%s does not fit; use %%s or %%q", format, v)
			}
		}
		got, next := map[int]string{}, 1
		for _, m := range verb.FindAllStringSubmatch(translated, -1) {
			if m[3] == "%" {
				continue
			}
			if m[2] != "" {
				next, _ = strconv.Atoi(m[2])
			}
			got[next] = m[3]
			next++
		}
		if len(got) > len(want) {
			t.Errorf("%q has %d arguments, its translation uses %d", format, len(want), len(got))
		}
		for n, v := range got {
			if w, ok := want[n]; !ok || w != v && v != "s" {
				t.Errorf("argument %d of %q is %%%s, in its translation %%%s", n, format, w, v)
			}
		}
		for n := range want {
			if _, ok := got[n]; !ok {
				t.Errorf("the translation of %q leaves out argument %d", format, n)
			}
		}
	}
}

// verbs returns the verbs of a format that take an argument.
func verbs(format string) []string {
	var all []string
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[3] != "%" {
			all = append(all, m[3])
		}
	}
	return all
}

func TestEveryRuleThatIsReportedIsRegistered(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range check.Rules() {
		known[rule.ID] = true
	}
	reported := readMessages(t).rules
	for _, id := range slices.Sorted(maps.Keys(reported)) {
		if !known[id] {
			t.Errorf("%s: the rule %q is not registered", reported[id], id)
		}
	}
	for id := range known {
		if _, ok := reported[id]; !ok {
			t.Errorf("nothing reports the rule %q", id)
		}
	}
}

func readCatalogue(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(catalogueFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Diagnostics map[string]string `yaml:"diagnostics"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Diagnostics
}

// messages is what the module's source says: formats and rules with the first place that has them, and places whose format is not in
// the source as a whole.
type messages struct {
	formats, rules map[string]string
	dynamic        []string
}

// role is what an argument is.
type role struct {
	at   int
	rule bool // a rule's id, else a format
}

// seeds are the functions that make messages.
var seeds = map[string][]role{
	"At": {{1, true}, {2, false}}, "T": {{0, false}}, "WithHint": {{0, false}}, "WithRelated": {{1, false}},
}

// folder is one package.
type folder struct {
	files  []*ast.File
	set    *token.FileSet
	consts map[string][]string // name -> values, wherever in the package it is declared
	makers map[string][]role   // functions that pass a parameter on as a rule or a format
	result *messages
}

func readMessages(t *testing.T) *messages {
	t.Helper()
	root, set := filepath.Join("..", ".."), token.NewFileSet()
	folders := map[string]*folder{}
	result := &messages{formats: map[string]string{}, rules: map[string]string{}}
	exported := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "tools" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if folders[dir] == nil {
			folders[dir] = &folder{set: set, consts: map[string][]string{}, makers: maps.Clone(seeds), result: result}
		}
		folders[dir].files = append(folders[dir].files, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		folders[dir].readConsts(exported)
	}
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		f := folders[dir]
		for name, value := range exported {
			if _, own := f.consts[name]; !own {
				f.consts[name] = []string{value}
			}
		}
		for f.findMakers() {
		}
		f.collect()
	}
	return result
}

// readConsts collects constants, and variables that hold one of a few, by name. Exported ones are known everywhere, since rules are named
// by the package that reports them.
func (f *folder) readConsts(exported map[string]string) {
	for _, file := range f.files {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Names) != len(spec.Values) {
				return true
			}
			for i, name := range spec.Names {
				if text, ok := literal(spec.Values[i]); ok {
					f.consts[name.Name] = append(f.consts[name.Name], text)
					if name.IsExported() {
						exported[name.Name] = text
					}
				}
			}
			return true
		})
	}
	for _, file := range f.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if assign, ok := n.(*ast.AssignStmt); ok && len(assign.Lhs) == len(assign.Rhs) {
				for i, left := range assign.Lhs {
					values, known := f.values(assign.Rhs[i])
					if name, ok := left.(*ast.Ident); ok && known {
						f.consts[name.Name] = append(f.consts[name.Name], values...)
					}
				}
			}
			return true
		})
	}
}

// functions calls visit for every function with a name: declared, or kept in a variable.
func (f *folder) functions(visit func(name string, kind *ast.FuncType, body *ast.BlockStmt)) {
	for _, file := range f.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Body != nil {
					visit(n.Name.Name, n.Type, n.Body)
				}
			case *ast.AssignStmt:
				for i, right := range n.Rhs {
					name, ok := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident)
					if fun, isFunc := right.(*ast.FuncLit); isFunc && ok {
						visit(name.Name, fun.Type, fun.Body)
					}
				}
			}
			return true
		})
	}
}

// params returns the names of a function's parameters.
func params(kind *ast.FuncType) []string {
	var names []string
	for _, field := range kind.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return names
}

// findMakers adds functions that pass a parameter on as a rule or a format, and reports whether there were any that it did not know.
func (f *folder) findMakers() bool {
	found := false
	f.functions(func(name string, kind *ast.FuncType, body *ast.BlockStmt) {
		names := params(kind)
		f.calls(body, func(arg ast.Expr, r role) {
			ident, ok := arg.(*ast.Ident)
			if !ok {
				return
			}
			passed := role{slices.Index(names, ident.Name), r.rule}
			if passed.at >= 0 && !slices.Contains(f.makers[name], passed) {
				f.makers[name] = append(slices.Clone(f.makers[name]), passed)
				found = true
			}
		})
	})
	return found
}

// calls visits every rule and format below a node: arguments of calls, and the Rule of a diagnostic that is written out.
func (f *folder) calls(n ast.Node, visit func(arg ast.Expr, r role)) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, r := range f.makers[called(n)] {
				if r.at < len(n.Args) {
					visit(n.Args[r.at], r)
				}
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
				visit(n.Value, role{rule: true})
			}
		case *ast.AssignStmt:
			if to, ok := n.Lhs[0].(*ast.SelectorExpr); ok && to.Sel.Name == "Rule" && len(n.Rhs) == 1 {
				visit(n.Rhs[0], role{rule: true})
			}
		}
		return true
	})
}

func called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// collect notes every rule and format of the package.
func (f *folder) collect() {
	passed := map[token.Pos]bool{} // arguments that are parameters of the function around them
	f.functions(func(_ string, kind *ast.FuncType, body *ast.BlockStmt) {
		names := params(kind)
		f.calls(body, func(arg ast.Expr, _ role) {
			if ident, ok := arg.(*ast.Ident); ok && slices.Contains(names, ident.Name) {
				passed[arg.Pos()] = true
			}
		})
	})
	for _, file := range f.files {
		f.calls(file, func(arg ast.Expr, r role) {
			if passed[arg.Pos()] {
				return
			}
			values, ok := f.values(arg)
			at := strings.TrimPrefix(f.set.Position(arg.Pos()).String(), "../../")
			if !ok && !r.rule {
				f.result.dynamic = append(f.result.dynamic, at)
			}
			for _, value := range values {
				switch {
				case r.rule:
					f.result.rules[value] = at
				case strings.Trim(value, "%sq:, ") != "": // a format without words has nothing to translate
					f.result.formats[value] = at
				}
			}
		})
	}
}

// values returns what an expression can be: a literal, a constant, or several literals put together.
func (f *folder) values(e ast.Expr) ([]string, bool) {
	if text, ok := literal(e); ok {
		return []string{text}, true
	}
	switch e := e.(type) {
	case *ast.Ident:
		values, ok := f.consts[e.Name]
		return values, ok
	case *ast.SelectorExpr:
		values, ok := f.consts[e.Sel.Name]
		return values, ok
	}
	return nil, false
}

// literal returns the text of a string literal or of several put together.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return literal(e.X)
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, too := literal(e.Y)
		return left + right, ok && too && e.Op == token.ADD
	}
	return "", false
}
