package doctype_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"opsbook/generator/doctype"
	"opsbook/internal/config"
	"opsbook/internal/meta"
	"opsbook/templates"
)

const example = "../../content"

// forEditors compiles what `list schema` prints.
func forEditors(t *testing.T, name string, text []byte, err error) *jsonschema.Schema {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("file:///"+name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("file:///" + name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return schema
}

// asJSON is a value as an editor that knows YAML reads it: numbers and truth values that are not quoted are such.
func asJSON(v meta.Value) any {
	switch v.Kind {
	case meta.Map:
		out := map[string]any{}
		for _, f := range v.Fields {
			out[f.Raw] = asJSON(f.Value)
		}
		return out
	case meta.List:
		out := make([]any, len(v.Items))
		for i, item := range v.Items {
			out[i] = asJSON(item)
		}
		return out
	case meta.Scalar:
		if n, ok := v.Float(); ok && !v.Quoted {
			return n
		}
		if !v.Quoted && (v.Text == "true" || v.Text == "false") {
			return v.Text == "true"
		}
		return v.Text
	}
	return nil
}

// TestSchemasForEditorsTakeTheExample holds the schemas that editors get to the files of the example: all of them are right, and a misspelt
// key of opsbook.yaml is not.
func TestSchemasForEditorsTakeTheExample(t *testing.T) {
	own, err := fs.Sub(os.DirFS(example), "_types")
	if err != nil {
		t.Fatal(err)
	}
	set, _ := doctype.Load(templates.Default(), own)
	for _, lang := range []string{"ja", "en"} {
		schemas := map[string]*jsonschema.Schema{}
		for _, kind := range set.All {
			text, err := kind.Schema.ForEditors(lang)
			schemas[kind.Name] = forEditors(t, kind.Name, text, err)
			var doc struct {
				Properties map[string]struct{ Description string }
			}
			if err := json.Unmarshal(text, &doc); err != nil || doc.Properties["owner"].Description == "" {
				t.Errorf("%s in %s says nothing about owner: %v", kind.Name, lang, err)
			}
		}
		checked := 0
		err := filepath.WalkDir(example, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), "_") {
				return fs.SkipDir // templates of pages
			}
			if err != nil || filepath.Ext(path) != ".md" {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			f := meta.SplitFront(text)
			v, _ := meta.Read(path, text[f.From:f.To], 2)
			kind := v.Get("type").Text
			if f.Line == 0 || schemas[kind] == nil {
				return nil
			}
			checked++
			if err := schemas[kind].Validate(asJSON(v)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			return nil
		})
		if err != nil || checked < 10 {
			t.Errorf("%d pages name their type: %v", checked, err)
		}
		settings, err := doctype.AloneForEditors(config.SettingsSchema(), lang)
		settingsSchema := forEditors(t, "opsbook", settings, err)
		directory, err := doctype.AloneForEditors(config.DirectorySchema(), lang)
		for name, schema := range map[string]*jsonschema.Schema{"opsbook.yaml": settingsSchema, "directory.yaml": forEditors(t, "directory", directory, err)} {
			text, err := os.ReadFile(filepath.Join(example, name))
			if err != nil {
				t.Fatal(err)
			}
			v, _ := meta.Read(name, text, 1)
			if err := schema.Validate(asJSON(v)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if settingsSchema.Validate(map[string]any{"titel": "x"}) == nil {
			t.Error("a misspelt key passes")
		}
	}
}
