package webindex_test

import (
	"fmt"
	"opsbook/search"
	"opsbook/search/quality"
	"opsbook/search/webindex"
	"os"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	records := quality.Synthesize(corpora(t), 5000, .5, 1)
	if os.Getenv("REAL") != "" {
		records = corpora(t)
	}
	var es []webindex.Entry
	for _, r := range records {
		es = append(es, webindex.Analyze(r))
	}
	files, _ := webindex.Write(es, webindex.Options{})
	_ = search.Version
	type st struct{ terms, post, termb, postb, markb int }
	by := map[string]*st{}
	for p, d := range files {
		if !strings.HasPrefix(p, "search/s") {
			continue
		}
		s := string(d)
		s = s[strings.Index(s, "`")+1 : strings.LastIndex(s, "`")]
		before := ""
		for _, l := range strings.Split(s, "\n") {
			if l == "" {
				continue
			}
			f := strings.SplitN(l, " ", 3)
			sh := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", f[0][0])
			term := string([]rune(before)[:min(sh, len([]rune(before)))]) + f[0][1:]
			before = term
			k := "cjk"
			if term[0] < 0x80 {
				k = "latin"
				if strings.ContainsAny(term, "-_.:/") {
					k = "whole"
				}
				if term[0] == '/' {
					k = "path"
				}
				if term[0] == '=' {
					k = "key"
				}
			} else if len([]rune(term)) == 1 {
				k = "last"
			}
			if strings.ContainsFunc(term, func(r rune) bool { return r >= 0x3041 && r <= 0x309f }) {
				k = "weak"
			}
			n := len(f[1]) / 2
			switch {
			case f[1][0] == '!':
				k += "-common"
			case n > 1000:
				k += "-1000+"
			case n > 400:
				k += "-400+"
			case n > 100:
				k += "-100+"
			case n > 10:
				k += "-10+"
			default:
				k += "-few"
			}
			x := by[k]
			if x == nil {
				x = &st{}
				by[k] = x
			}
			x.terms++
			x.termb += len(f[0]) + 2
			x.postb += len(f[1])
			if len(f) > 2 {
				x.markb += len(f[2]) + 1
			}
		}
	}
	for k, x := range by {
		fmt.Printf("%-12s %+v\n", k, *x)
	}
}
