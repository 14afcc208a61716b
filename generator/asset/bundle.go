package asset

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// modules is where imports are read from: the theme, libraries and texts made here.
type modules struct {
	theme     fs.FS
	libraries map[string]Library
	virtual   map[string]string
	places    *strings.Replacer // of icons, in style sheets
}

// The namespaces of esbuild's plugin: a library's is its name.
const (
	themeSpace   = "theme"
	virtualSpace = "made"
)

// bundle returns one entry of the theme with all that it imports.
func (m modules) bundle(entry string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{entry},
		Outdir:            "/",
		AbsWorkingDir:     "/",
		Bundle:            true,
		Format:            api.FormatIIFE,
		Platform:          api.PlatformBrowser,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		LogLevel:          api.LogLevelSilent,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		TsconfigRaw:       "{}",
		Loader:            map[string]api.Loader{".svg": api.LoaderDataURL},
		Plugins:           []api.Plugin{{Name: "theme", Setup: m.setup}},
	})
	var problems []error
	for _, e := range result.Errors {
		problems = append(problems, fault(e))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("bundle %s: %w", entry, err)
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundle %s: %d files came out instead of one", entry, len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}

func fault(m api.Message) error {
	if m.Location == nil {
		return errors.New(m.Text)
	}
	return fmt.Errorf("%s:%d:%d: %s", strings.TrimPrefix(m.Location.File, themeSpace+":"), m.Location.Line, m.Location.Column+1, m.Text)
}

func (m modules) setup(b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		return m.resolve(a)
	})
	for _, space := range m.spaces() {
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: space}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			return m.load(a)
		})
	}
}

func (m modules) spaces() []string {
	spaces := []string{themeSpace, virtualSpace}
	for name := range m.libraries {
		spaces = append(spaces, name)
	}
	return spaces
}

func (m modules) resolve(a api.OnResolveArgs) (api.OnResolveResult, error) {
	if a.Kind == api.ResolveEntryPoint {
		return api.OnResolveResult{Path: a.Path, Namespace: themeSpace}, nil
	}
	if lib, ok := m.libraries[a.Path]; ok {
		return api.OnResolveResult{Path: lib.Entry, Namespace: a.Path}, nil
	}
	if _, ok := m.virtual[a.Path]; ok {
		return api.OnResolveResult{Path: a.Path, Namespace: virtualSpace}, nil
	}
	if strings.HasPrefix(a.Path, "data:") {
		return api.OnResolveResult{Path: a.Path, External: true}, nil
	}
	css := a.Kind == api.ResolveCSSImportRule || a.Kind == api.ResolveCSSURLToken // whose paths are relative without a dot
	if !css && !strings.HasPrefix(a.Path, "./") && !strings.HasPrefix(a.Path, "../") {
		return api.OnResolveResult{}, fmt.Errorf("%q is no relative path and no module that we provide", a.Path)
	}
	return api.OnResolveResult{Path: path.Join(path.Dir(a.Importer), a.Path), Namespace: a.Namespace}, nil
}

func (m modules) load(a api.OnLoadArgs) (api.OnLoadResult, error) {
	if a.Namespace == virtualSpace {
		text, kind := m.virtual[a.Path], loader(a.Path)
		if a.Path == "opsbook:accent" || a.Path == "opsbook:icons" {
			kind = api.LoaderCSS
		}
		return api.OnLoadResult{Contents: &text, Loader: kind}, nil
	}
	files := m.theme
	if lib, ok := m.libraries[a.Namespace]; ok {
		files = lib.Files
	}
	content, err := fs.ReadFile(files, a.Path)
	if err != nil {
		return api.OnLoadResult{}, err
	}
	text := string(content)
	if path.Ext(a.Path) == ".css" {
		text = m.places.Replace(text)
	}
	return api.OnLoadResult{Contents: &text, Loader: loader(a.Path)}, nil
}

func loader(file string) api.Loader {
	switch path.Ext(file) {
	case ".css":
		return api.LoaderCSS
	case ".svg":
		return api.LoaderDataURL
	case ".json":
		return api.LoaderJSON
	default:
		return api.LoaderJS
	}
}

// quoteJS writes a string for a script.
func quoteJS(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""` // a string can always be written
	}
	return string(text)
}
