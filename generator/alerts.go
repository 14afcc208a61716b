package generator

import (
	"opsbook/internal/alert"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/memo"
)

// readAlerts reads what may wake somebody, each file once for as long as it does not change.
func (m *Memory) readAlerts(dir string, cfg *config.Config) ([]alert.File, alert.Set, []diag.Diagnostic, error) {
	var sources []alert.Source
	for _, s := range cfg.Alerts.Sources {
		sources = append(sources, alert.Source{Kind: s.Kind, Globs: s.Globs})
	}
	files, problems, err := alert.Find(dir, sources)
	if err != nil {
		return nil, alert.Set{}, nil, err
	}
	parsed := make([]alert.Parsed, len(files))
	each(len(files), func(i int) {
		f := files[i]
		key := memo.NewHash().String(f.Kind).String(f.Path).Bytes(f.Text).Key()
		parsed[i] = m.alerts.Get(key, func() alert.Parsed { return alert.Parse(f) })
	})
	set, problems := alert.Gather(parsed, problems)
	return files, set, problems, nil
}
