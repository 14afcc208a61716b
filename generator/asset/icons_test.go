package asset_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"opsbook/generator/asset"
	"opsbook/templates"
)

// A page's first frame waits for every drawing that it shows: there is one, whatever number of icons is in it.
func TestIconsAreOneDrawing(t *testing.T) {
	css := made(t, templates.Default(), options(t, templates.Default()))["main.css"]
	if n := strings.Count(css, "data:image/svg+xml"); n != 1 {
		t.Errorf("the style sheet holds %d drawings, not one", n)
	}
	if strings.Contains(css, "--icon-") { // a name that was not replaced
		t.Error("an icon has no place in the drawing")
	}
}

// A site replaces one icon by its own file, whatever size it was drawn in.
func TestOneIconIsReplaced(t *testing.T) {
	theme := templates.Layered(fstest.MapFS{"css/icons/search.svg": {Data: []byte(`<?xml version="1.0"?>
<!-- by hand --><svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 48 48"><path d="M1 2h31"/></svg>`)}}, nil)
	css := made(t, theme, options(t, theme))["main.css"]
	if !strings.Contains(css, "M1 2h31") || strings.Contains(css, "by hand") || strings.Contains(css, "48px") {
		t.Errorf("the site's icon is not in the place of ours:\n%.3000s", css)
	}
}

func TestBrokenIconIsNamed(t *testing.T) {
	for _, bad := range []string{"<svg", "<p/>", ""} {
		theme := templates.Layered(fstest.MapFS{"css/icons/search.svg": {Data: []byte(bad)}}, nil)
		if _, err := asset.Make(theme, options(t, templates.Default())); err == nil || !strings.Contains(err.Error(), "css/icons/search.svg") {
			t.Errorf("%q: got %v, want an error that names the file", bad, err)
		}
	}
}
