package asset

import (
	"encoding/xml"
	"fmt"
	"html"
	"io/fs"
	"path"
	"strings"
)

// iconFolder holds the theme's icons, a drawing each; markIcon among them is no icon but the site's mark.
const (
	iconFolder = "css/icons"
	markIcon   = "mark.svg"
)

// icons puts the theme's icons below one another into one drawing, and returns it and what puts the place of each icon in it where a style sheet
// says var(--icon-NAME): as properties these places would weigh more than all that is drawn. A browser makes a document of every drawing that a
// first frame needs: of one, not of one for every icon.
func icons(theme fs.FS) (places *strings.Replacer, drawing string, err error) {
	files, err := fs.Glob(theme, iconFolder+"/*.svg")
	if err != nil {
		return nil, "", fmt.Errorf("list the icons: %w", err)
	}
	var names, drawings []string
	for _, file := range files {
		if path.Base(file) == markIcon {
			continue
		}
		text, err := fs.ReadFile(theme, file)
		if err != nil {
			return nil, "", fmt.Errorf("read an icon: %w", err)
		}
		placed, err := placedIcon(text, len(drawings))
		if err != nil {
			return nil, "", fmt.Errorf("read %s: %w", file, err)
		}
		names, drawings = append(names, strings.TrimSuffix(path.Base(file), ".svg")), append(drawings, placed)
	}
	var pairs []string
	for i, name := range names {
		pairs = append(pairs, "var(--icon-"+name+")", fmt.Sprintf("%.6g%%", 100*float64(i)/float64(max(1, len(names)-1))))
	}
	drawing = fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 %d">%s</svg>`, 16*len(drawings), strings.Join(drawings, ""))
	return strings.NewReplacer(pairs...), drawing, nil
}

// placedIcon is a drawing as the nth part of one that holds many, each of 16 by 16.
func placedIcon(text []byte, n int) (string, error) {
	var drawn struct {
		XMLName xml.Name   `xml:"svg"`
		Attrs   []xml.Attr `xml:",any,attr"`
		Parts   string     `xml:",innerxml"`
	}
	if err := xml.Unmarshal(text, &drawn); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg y="%d" width="16" height="16"`, 16*n)
	for _, a := range drawn.Attrs {
		switch a.Name.Local {
		case "xmlns", "x", "y", "width", "height":
			continue
		}
		fmt.Fprintf(&b, ` %s="%s"`, a.Name.Local, html.EscapeString(a.Value))
	}
	return b.String() + ">" + strings.TrimSpace(drawn.Parts) + "</svg>", nil
}
