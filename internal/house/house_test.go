package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "opsbook"

type listed struct {
	ImportPath string
	Doc        string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Doc,Imports", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func ours(path string) (string, bool) {
	return strings.CutPrefix(path, module+"/")
}

func TestEveryPackageIsInThePlanAndImportsOnlyWhatItMay(t *testing.T) {
	for _, p := range packages(t) {
		name, ok := ours(p.ImportPath)
		if !ok {
			continue
		}
		room, planned := Plan[name]
		if !planned {
			t.Errorf("%s is not in the plan: add it to internal/house with its purpose and its imports", name)
			continue
		}
		if p.Doc == "" {
			t.Errorf("%s has no package comment", name)
		}
		for _, imported := range p.Imports {
			if dep, ok := ours(imported); ok && !slices.Contains(room.Imports, dep) && !slices.Contains(room.Imports, "*") {
				t.Errorf("%s may not import %s", name, dep)
			}
		}
	}
}

func TestPlanNamesOnlyPackagesThatExist(t *testing.T) {
	have := map[string]bool{}
	for _, p := range packages(t) {
		if name, ok := ours(p.ImportPath); ok {
			have[name] = true
		}
	}
	for name := range Plan {
		if !have[name] {
			t.Errorf("the plan has %s, the module has not", name)
		}
	}
}

// goFiles walks every Go file of the module that is not a test.
func goFiles(t *testing.T, visit func(path, text string)) {
	t.Helper()
	root := filepath.Join("..", "..")
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
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		visit(filepath.ToSlash(rel), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTypesAreData(t *testing.T) {
	asks := regexp.MustCompile(`(case\s+|[!=]=\s*)"(runbook|playbook|lesson|raci|record|note)"`)
	goFiles(t, func(path, text string) {
		if strings.HasPrefix(path, "generator/markdown/") || strings.HasPrefix(path, "internal/alert/") {
			return // know no types: a note is an admonition there, a runbook an annotation of an alert
		}
		if m := asks.FindString(text); m != "" {
			t.Errorf("%s asks for a type by name (%s): ask for a trait", path, m)
		}
	})
}

func TestTimeIsAnInput(t *testing.T) {
	goFiles(t, func(path, text string) {
		if strings.HasPrefix(path, "cmd/") || strings.HasPrefix(path, "internal/peers/") {
			return // programs: the second one takes time with a stopwatch
		}
		if strings.Contains(text, "time.Now(") || strings.Contains(text, "time.Since(") {
			t.Errorf("%s asks for the time: take the clock as an input", path)
		}
	})
}

func TestBleveStaysAtHome(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, "github.com/blevesearch/") && p.ImportPath != module+"/search/bleveindex" {
				t.Errorf("%s imports %s: only search/bleveindex does", p.ImportPath, imported)
			}
		}
	}
}

func TestNoInitAndNoPromisesOfLaterWork(t *testing.T) {
	initFunc := regexp.MustCompile(`(?m)^func init\(\)`)
	promise := regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)
	goFiles(t, func(path, text string) {
		if initFunc.MatchString(text) {
			t.Errorf("%s registers something in init", path)
		}
		if m := promise.FindString(text); m != "" {
			t.Errorf("%s promises later work (%s)", path, m)
		}
	})
}
