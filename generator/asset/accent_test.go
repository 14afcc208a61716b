package asset

import (
	"io/fs"
	"math"
	"regexp"
	"testing"

	"opsbook/templates"
)

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#0b5cad", "#ffffff", 6.67}} {
		if got := contrast(mustColour(test.a), mustColour(test.b)); math.Abs(got-test.want) > 0.01 {
			t.Errorf("%s on %s: %.2f, want %.2f", test.a, test.b, got, test.want)
		}
	}
}

func TestAnyAccentCanBeRead(t *testing.T) {
	for _, accent := range []string{"#000000", "#ffffff", "#ffff00", "#0b5cad", "#ff0000", "#808080", defaultAccent} {
		c, err := parseColour(accent)
		if err != nil {
			t.Fatal(err)
		}
		for _, ground := range []string{lightGround, darkGround} {
			got := c.readableOn(mustColour(ground))
			if contrast(got, mustColour(ground)) < 4.5 {
				t.Errorf("%s on %s became %s: %.2f", accent, ground, got, contrast(got, mustColour(ground)))
			}
			if ink := inkOn(got); contrast(ink, got) < 4.5 {
				t.Errorf("text on %s is %s: %.2f", got, ink, contrast(ink, got))
			}
		}
	}
}

// TestColoursOfTheStyleSheetCanBeRead reads the colours of tokens.css and holds every text against every ground that it stands on.
func TestColoursOfTheStyleSheetCanBeRead(t *testing.T) {
	text, err := fs.ReadFile(templates.Default(), "css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string][2]colour{}
	for _, m := range regexp.MustCompile(`--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)`).FindAllStringSubmatch(string(text), -1) {
		tokens[m[1]] = [2]colour{mustColour(m[2]), mustColour(m[3])}
	}
	grounds := []string{"bg", "sunk", "tint"}
	for _, name := range []string{"ink", "dim", "ok", "due", "bad", "odd", "c-name", "c-word", "c-text", "c-num", "c-del"} {
		for _, ground := range grounds {
			for scheme, in := range []string{"light", "dark"} {
				if got := contrast(tokens[name][scheme], tokens[ground][scheme]); got < 4.5 {
					t.Errorf("--%s on --%s in %s: %.2f, want 4.5", name, ground, in, got)
				}
			}
		}
	}
	for scheme, in := range []string{"light", "dark"} {
		if got := contrast(tokens["on"][scheme], tokens["bad"][scheme]); got < 4.5 {
			t.Errorf("--on on --bad in %s: %.2f, want 4.5", in, got)
		}
		if got := contrast(tokens["edge"][scheme], tokens["bg"][scheme]); got < 3 {
			t.Errorf("--edge on --bg in %s: %.2f, want 3 for what is no text", in, got)
		}
	}
	if want := tokens["tint"]; mustColour(lightGround) != want[0] || mustColour(darkGround) != want[1] {
		t.Error("the grounds of the accent are not those of --tint")
	}
}
