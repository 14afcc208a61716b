// Command peers builds the same documents with Opsbook, Hugo and Pagefind, in turns, and says what each costs.
//
//	go run ./internal/peers --from DIR --docs 5000 --runs 3 --readme README.md --chart tools/pictures/peers.svg
//
// Hugo comes from the Go module proxy and Pagefind from npm, in the versions named here, into a temporary folder. Hugo has a theme that does
// what a site of ours does without search: navigation, contents, lists by tag, service and owner, highlighted code, resolved links. Pagefind
// then indexes what Hugo wrote. Machines are noisy: turns alternate, medians are compared, and the ratio is the result.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

func main() {
	o := options{docs: []int{5000}}
	flag.Func("from", "folder of Markdown to sample from (may be repeated)", func(dir string) error {
		o.from = append(o.from, dir)
		return nil
	})
	flag.Func("docs", "numbers of documents, with commas; 0 for none (default 5000)", func(list string) (err error) {
		o.docs, err = numbers(list)
		return err
	})
	flag.IntVar(&o.runs, "runs", 3, "turns of each program")
	flag.StringVar(&o.readme, "readme", "", "file whose table is replaced")
	flag.StringVar(&o.chart, "chart", "", "SVG file to write")
	flag.StringVar(&o.tools, "tools", "", "folder to keep Hugo and Pagefind in (default: a temporary one)")
	flag.StringVar(&o.page, "page", "", "page whose first visit is weighed, by its path below --source")
	flag.StringVar(&o.source, "source", "content", "folder of the page to weigh")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

type options struct {
	from   []string
	docs   []int
	runs   int
	readme string
	chart  string
	tools  string
	page   string
	source string
}

func numbers(list string) ([]int, error) {
	var all []int
	if list == "0" {
		return nil, nil
	}
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("read %q as a number of documents: name 1 or more", part)
		}
		all = append(all, n)
	}
	return all, nil
}

func run(ctx context.Context, o options) error {
	if len(o.from) == 0 && len(o.docs) > 0 || o.runs < 1 {
		return fmt.Errorf("name folders to sample with --from, and one turn or more with --runs")
	}
	work, err := os.MkdirTemp("", "peers")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(work)
	if o.tools == "" {
		o.tools = work
	}
	programs, err := install(ctx, o.tools)
	if err != nil {
		return err
	}
	var tables []comparison
	for _, docs := range o.docs {
		c, err := compare(ctx, programs, o, docs, work)
		if err != nil {
			return err
		}
		tables = append(tables, c)
		fmt.Print(c.markdown())
	}
	var weights []weight
	if o.page != "" {
		if weights, err = weighAll(ctx, programs, o.tools, o.source, o.page); err != nil {
			return err
		}
		fmt.Print(weightTable(weights))
	}
	if o.chart != "" && len(tables) > 0 {
		if err := os.WriteFile(o.chart, []byte(chart(tables)), 0o644); err != nil {
			return fmt.Errorf("write the chart: %w", err)
		}
	}
	if o.readme != "" {
		return replace(o.readme, tables, weights, o.runs)
	}
	return nil
}
