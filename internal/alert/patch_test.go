package alert_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/alert"
)

func TestPatch(t *testing.T) {
	text := `groups:
- name: a
  rules:
  - alert: A
    expr: up == 0
    annotations:
      summary: a
  - alert: B
    expr: up == 0
  - alert: C
    annotations:
      runbook_url: https://old.example.com/c
      summary: c
  - alert: D
    annotations: {summary: d}
`
	f := alert.File{Kind: alert.Prometheus, Path: "_alerts/a.yaml", Text: []byte(text)}
	patch, left := alert.Patch([]alert.File{f}, alert.Parse(f).Alerts, func(a alert.Alert) string { return "https://kb.example.com/alerts/" + a.Name + "/" },
		func(path string) string { return "content/" + path })
	want := `--- a/content/_alerts/a.yaml
+++ b/content/_alerts/a.yaml
@@ -3,13 +3,16 @@
   rules:
   - alert: A
     expr: up == 0
     annotations:
+      runbook_url: https://kb.example.com/alerts/A/
       summary: a
   - alert: B
+    annotations:
+      runbook_url: https://kb.example.com/alerts/B/
     expr: up == 0
   - alert: C
     annotations:
-      runbook_url: https://old.example.com/c
+      runbook_url: https://kb.example.com/alerts/C/
       summary: c
   - alert: D
     annotations: {summary: d}
`
	if d := cmp.Diff(want, patch); d != "" {
		t.Error(d)
	}
	if len(left) != 1 || left[0].Name != "D" {
		t.Errorf("left out: %v", left)
	}
}
