// Command corpus writes realistic documents for measuring: sentences, code and tables sampled from real Markdown, by a fixed seed.
//
//	go run ./internal/corpus --from DIR --docs 5000 --ja 0.33 --out DIR
//
// The same arguments give the same bytes. A document has about 5.7 KB: front matter, sections of prose, numbered steps with code, a table,
// a list and links to its neighbours. At least half of the code blocks occur once, as in real runbooks, so that nothing that remembers
// highlighted code looks better than it is.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	var o options
	flag.Func("from", "folder of Markdown to sample from (may be repeated)", func(dir string) error {
		o.from = append(o.from, dir)
		return nil
	})
	flag.IntVar(&o.docs, "docs", 1000, "number of documents")
	flag.Float64Var(&o.ja, "ja", 1.0/3, "share of Japanese documents, 0 to 1")
	flag.IntVar(&o.bytes, "bytes", 5700, "size of a document in bytes, about")
	flag.Uint64Var(&o.seed, "seed", 1, "seed")
	flag.StringVar(&o.out, "out", "", "folder to write; it must not exist")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

type options struct {
	from  []string
	docs  int
	ja    float64
	bytes int
	seed  uint64
	out   string
}

func run(o options) error {
	if len(o.from) == 0 || o.out == "" || o.docs < 1 {
		return fmt.Errorf("name folders to sample with --from and a new folder with --out")
	}
	if _, err := os.Stat(o.out); err == nil {
		return fmt.Errorf("write to %s: it exists; name a new folder", o.out)
	}
	samples, err := read(o.from)
	if err != nil {
		return err
	}
	return write(o, samples)
}
