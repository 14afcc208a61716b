package config

import (
	"testing"
	"testing/fstest"
)

// FuzzRead holds Read to its promise: whatever the files hold, it returns, and every problem stands in one of the two files.
func FuzzRead(f *testing.F) {
	for _, seed := range [][2]string{
		{"title: x\nrules: {orphan: off}\nreview_in: 90d\n", "teams: [{id: a, contacts: {phone: 1}}]\n"},
		{"alerts: {sources: [{list: a.yaml}], exempt: [{alert: x, reason: y}]}\nsynonyms: [[a, b]]\n", "escalations: {web: [a, {to: a, after: 5m}]}\n"},
		{"defaults: [{paths: ['**'], set: {owner: a}}]\nrequests: {problem: 'mailto:a@b'}\n", "people: {a: {name: {ja: あ}}}\nvendors: [{id: a}]\n"},
		{"title: [", "teams: {"},
		{"- a", "- b"},
		{"\x00", "\xff"},
		{"title:\n  title:\n    - title: {", "teams:\n- id:\n  - {}"},
		{"sections: {a: {ja: [x], en: {}}}\nlabels: {a: [x]}\ntimezone: ../../x\n", "agreements: [{from: a}]\nservices: [{id: s, depends_on: {a: b}}]\n"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, settings, directory string) {
		c, d, err := Read(fstest.MapFS{"opsbook.yaml": {Data: []byte(settings)}, "directory.yaml": {Data: []byte(directory)}})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(c.Problems, d.Problems...) {
			if p.Pos.File != "opsbook.yaml" && p.Pos.File != "directory.yaml" || p.Message.IsZero() || p.Rule == "" {
				t.Errorf("a problem without place, message or rule: %+v", p)
			}
		}
		if c.Title == "" || c.Timezone == "" {
			t.Errorf("a default is missing: %+v", c)
		}
	})
}
