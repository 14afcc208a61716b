package generator

import (
	"opsbook/internal/alert"
	"opsbook/internal/diag"
	"opsbook/internal/memo"
)

// readAlerts reads what may wake somebody, each file once for as long as it does not change.
func (m *Memory) readAlerts(files []alert.File) (alert.Set, []diag.Diagnostic) {
	parsed := make([]alert.Parsed, len(files))
	each(len(files), func(i int) {
		f := files[i]
		key := memo.NewHash().String(f.Kind).String(f.Path).Bytes(f.Text).Key()
		parsed[i] = m.alerts.Get(key, func() alert.Parsed { return alert.Parse(f) })
	})
	return alert.Gather(parsed, nil)
}
