package config

import (
	"regexp"
	"strconv"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// defaultLimit is how much a copy of the site may weigh on a reader's device, in bytes. Browsers grant a site several hundred megabytes at
// least; 1,000 documents weigh about 42.
const defaultLimit = 50_000_000

// Offline is what readers keep for the time when the site cannot be reached.
type Offline struct {
	On       bool      // browsers keep a copy
	Limit    int64     // of that copy, in bytes as it lies on the device
	ValidFor meta.Span // how long an emergency pack holds from the day it is made
}

func offlineDefaults() Offline {
	return Offline{On: true, Limit: defaultLimit, ValidFor: meta.Span{Days: 30}}
}

// offline reads true or false, or a map of details, which means true.
func (r *reader) offline(f meta.Field) Offline {
	o := offlineDefaults()
	if f.Value.Kind != meta.Map {
		o.On = r.flag(f)
		return o
	}
	r.object(f, keys{
		"limit":     func(f meta.Field) { o.Limit = r.size(f, o.Limit) },
		"valid_for": func(f meta.Field) { o.ValidFor = r.span(f) },
	})
	if o.ValidFor.IsZero() {
		o.ValidFor = offlineDefaults().ValidFor
	}
	return o
}

var sizePattern = regexp.MustCompile(`(?i)^([0-9]{1,6})\s*(kb|mb|gb)$`)

// size reads an amount of bytes in the units of drives: 1 MB is 1,000,000 bytes.
func (r *reader) size(f meta.Field, otherwise int64) int64 {
	s := r.str(f)
	if s.IsZero() {
		return otherwise
	}
	m := sizePattern.FindStringSubmatch(s.Text)
	if m == nil {
		r.wrong(s.Pos, diag.T("a whole number of KB, MB or GB, such as 50 MB"), "%s must be a size, got %q", f.Raw, s)
		return otherwise
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return otherwise // six digits are a number
	}
	return n * map[string]int64{"kb": 1e3, "mb": 1e6, "gb": 1e9}[strings.ToLower(m[2])]
}
