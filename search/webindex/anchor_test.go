package webindex

import "testing"

// An anchor is written short where its heading tells it, and read as it was.
func TestAnchorsAreReadAsTheyWere(t *testing.T) {
	for _, c := range []struct{ anchor, heading, short string }{
		{"related-pages", "Related pages", ""},
		{"impact-2", "Impact", "-2"},
		{"エッジケース-podがservice-ip経由", "エッジケース: PodがService IP経由", ""},
		{"手順一覧", "手順（一覧）", ""},
		{"1-if-the-url-is-wrong", "1. If the `url:` is wrong", ""},
		{"x", "手順", "#x"},
		{"", "Steps", "#"},
		{"-1", "Steps", "#-1"},
		{"#x", "Steps", "##x"},
		{"größe", "Größe", "#größe"},
		{"steps-1a", "Steps", "#steps-1a"},
		{"section", "!?", "#section"},
	} {
		short := shortAnchor(c.anchor, c.heading)
		if short != c.short {
			t.Errorf("the anchor %q of %q is written %q, want %q", c.anchor, c.heading, short, c.short)
		}
		if back := wholeAnchor(short, c.heading); back != c.anchor {
			t.Errorf("the anchor %q of %q is read as %q", c.anchor, c.heading, back)
		}
	}
}
