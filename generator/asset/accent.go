package asset

import (
	"fmt"
	"io/fs"
	"math"
	"strconv"
	"strings"
)

// The grounds on which the accent is read, as the style sheet has them, and the accent of a site that chose none.
const (
	defaultAccent = "#17607a"
	lightGround   = "#f1f3f4" // the darkest ground of links in light
	darkGround    = "#22282f" // the lightest ground of links in dark
	readable      = 4.6       // WCAG 2.2 AA asks for 4.5:1 of text
)

// colour is a colour in sRGB, 0 to 1 a channel.
type colour [3]float64

func parseColour(s string) (colour, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil || len(s) != 7 || s[0] != '#' {
		return colour{}, fmt.Errorf("%q is no colour of the form #rrggbb", s)
	}
	return colour{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, nil
}

func (c colour) String() string {
	channel := func(x float64) int { return int(math.Round(x * 255)) }
	return fmt.Sprintf("#%02x%02x%02x", channel(c[0]), channel(c[1]), channel(c[2]))
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 {
	linear := func(x float64) float64 {
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// towards mixes c with another colour.
func (c colour) towards(d colour, share float64) colour {
	for i := range c {
		c[i] += (d[i] - c[i]) * share
	}
	return c
}

// readableOn moves a colour towards black or white until it can be read on a ground.
func (c colour) readableOn(ground colour) colour {
	end := colour{}
	if ground.luminance() < 0.2 {
		end = colour{1, 1, 1}
	}
	for share := 0.0; share < 1; share += 0.02 {
		if mixed := c.towards(end, share); contrast(mixed, ground) >= readable {
			return mixed
		}
	}
	return end
}

// accentCSS is the module that gives the style sheet its accent: made readable on both grounds, whatever a site asked for.
func accentCSS(accent string) (string, error) {
	c, err := parseColour(orDefault(accent))
	if err != nil {
		return "", fmt.Errorf("read the accent: %w", err)
	}
	light, dark := c.readableOn(mustColour(lightGround)), c.readableOn(mustColour(darkGround))
	return fmt.Sprintf(":root{--accent:light-dark(%s,%s);--accent-ink:light-dark(%s,%s)}", light, dark, inkOn(light), inkOn(dark)), nil
}

// inkOn is black or white, whichever is easier to read on a ground.
func inkOn(ground colour) colour {
	white, black := colour{1, 1, 1}, mustColour("#0d1013")
	if contrast(white, ground) >= contrast(black, ground) {
		return white
	}
	return black
}

// mustColour reads one of the constants above.
func mustColour(s string) colour {
	c, _ := parseColour(s) // a test reads them all
	return c
}

func orDefault(accent string) string {
	if accent == "" {
		return defaultAccent
	}
	return accent
}

// favicon is the theme's mark in the site's accent.
func favicon(theme fs.FS, accent string) ([]byte, error) {
	text, err := fs.ReadFile(theme, "css/icons/mark.svg")
	if err != nil {
		return nil, fmt.Errorf("read the mark: %w", err)
	}
	c, err := parseColour(orDefault(accent))
	if err != nil {
		return nil, err
	}
	return []byte(strings.ReplaceAll(string(text), "currentColor", c.readableOn(mustColour(lightGround)).String())), nil
}
