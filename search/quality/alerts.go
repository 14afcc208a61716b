package quality

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Alert is an alerting rule as Prometheus knows it.
type Alert struct {
	Name        string            `yaml:"alert"`
	Annotations map[string]string `yaml:"annotations"`
	Labels      map[string]string `yaml:"labels"`
}

// Alerts reads every PrometheusRule manifest below the root.
func Alerts(root fs.FS) ([]Alert, error) {
	var alerts []Alert
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" || !strings.Contains(name, "prometheusRule") && !strings.Contains(name, "PrometheusRule") {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return fmt.Errorf("read alerting rules: %w", err)
		}
		var manifest struct {
			Spec struct {
				Groups []struct{ Rules []Alert }
			}
		}
		if err := yaml.Unmarshal(data, &manifest); err != nil {
			return fmt.Errorf("read alerting rules %s: %w", name, err)
		}
		for _, g := range manifest.Spec.Groups {
			for _, rule := range g.Rules {
				if rule.Name != "" {
					alerts = append(alerts, rule)
				}
			}
		}
		return nil
	})
	return alerts, err
}

var slot = regexp.MustCompile(`\{\{[^}]*\}\}`)

// alerts draws messages as Alertmanager sends them to chat and mail, of alerts
// that one document answers.
func (d *drawer) alerts(alerts []Alert) {
	pages := map[string][]string{}
	for _, r := range d.records {
		for _, name := range r.Alerts {
			pages[name] = append(pages[name], r.URL)
		}
	}
	seen := map[string]bool{}
	for _, i := range d.random.Perm(len(alerts)) {
		a := alerts[i]
		if len(pages[a.Name]) != 1 || seen[a.Name] || len(seen) == perClass {
			continue
		}
		seen[a.Name] = true
		d.known = append(d.known, Known{"pasted alert", "en", d.message(a), pages[a.Name][0]})
	}
}

// message fills an alert's text with the names, numbers and hashes of a day.
func (d *drawer) message(a Alert) string {
	fill := func(text string) string {
		return slot.ReplaceAllStringFunc(strings.Join(strings.Fields(text), " "), func(s string) string {
			switch {
			case strings.Contains(s, "namespace"):
				return d.pick([]string{"orders", "payments", "monitoring", "kube-system"})
			case strings.Contains(s, "pod"):
				return fmt.Sprintf("orders-api-%08x-%05x", d.random.Uint32(), d.random.IntN(1<<20))
			case strings.Contains(s, "instance"), strings.Contains(s, "node"):
				return fmt.Sprintf("10.0.%d.%d:9100", d.random.IntN(256), d.random.IntN(256))
			case strings.Contains(s, "value"):
				return fmt.Sprintf("%.3f", d.random.Float64()*100)
			}
			return d.pick([]string{"k8s", "apiserver", "default", "eth0", "/dev/nvme1n1"})
		})
	}
	description := fill(a.Annotations["description"])
	switch d.random.IntN(3) {
	case 0:
		return fmt.Sprintf("[FIRING:1] %s (orders k8s %s) %s", a.Name, a.Labels["severity"], description)
	case 1:
		return fmt.Sprintf("[FIRING:%d] %s\nLabels:\n - alertname = %s\n - namespace = orders\n - prometheus = monitoring/k8s\n - severity = %s\nAnnotations:\n - description = %s\n - summary = %s\nSource: http://prometheus-k8s-0:9090/graph?g0.tab=1&g0.expr=%08x",
			1+d.random.IntN(9), a.Name, a.Name, a.Labels["severity"], description, fill(a.Annotations["summary"]), d.random.Uint32())
	}
	return fmt.Sprintf(`{"status":"firing","labels":{"alertname":"%s","severity":"%s"},"annotations":{"description":"%s"},"startsAt":"2026-10-%02dT03:%02d:11.%03dZ","fingerprint":"%016x"}`,
		a.Name, a.Labels["severity"], description, 1+d.random.IntN(30), d.random.IntN(60), d.random.IntN(1000), d.random.Uint64())
}
