// Command opsbook turns a Git folder of Markdown runbooks, playbooks, lessons learned and RACI files into a searchable static site, and
// keeps that knowledge trustworthy.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return newApp(os.Stdout, os.Stderr, os.Getenv).run(ctx, os.Args[1:])
}
