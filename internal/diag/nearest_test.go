package diag

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"owner", "outcome", "title", "tags", "last_reviewed", "id", "障害対応"}
	for _, c := range []struct{ word, want string }{
		{"owenr", "owner"},
		{"Owner", "owner"},
		{"outcom", "outcome"},
		{"last_reviewd", "last_reviewed"},
		{"tag", "tags"},
		{"障害対策", "障害対応"},
		{"di", "id"},
		{"xy", ""},
		{"tools", ""},
		{"approver", ""},
		{"", ""},
	} {
		if got, ok := Nearest(c.word, known); got != c.want || ok != (c.want != "") {
			t.Errorf("Nearest(%q) = %q, %v, want %q", c.word, got, ok, c.want)
		}
	}
}

func TestNearestIsTheFirstOfEquallyNear(t *testing.T) {
	for _, known := range [][]string{{"dbb", "dbc"}, {"dbc", "dbb"}} {
		if got, _ := Nearest("dba", known); got != "dbb" {
			t.Errorf("Nearest(dba, %q) = %q", known, got)
		}
	}
}
