package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"opsbook/generator"
	"opsbook/internal/diag"
	"opsbook/internal/serve"
	"opsbook/internal/watch"
)

type serveCmd struct {
	place
	shape
	Port int    `help:"Port; the next free one is taken when it is not free." default:"8080"`
	Bind string `help:"Address to listen on (default: this machine alone)." placeholder:"ADDRESS"`
	Open bool   `help:"Open the site in a browser."`
}

// Run builds, serves and builds again whenever the content changes.
func (c *serveCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(c.place, c.shape)
	if err != nil {
		return err
	}
	changes, err := watch.New(ctx, []string{in.Source}, watch.Options{})
	if err != nil {
		return fmt.Errorf("watch %s: %w", in.Source, err)
	}
	listeners, port, err := listen(c.Bind, c.Port)
	if err != nil {
		return err
	}
	in.BaseURL = address(c.Bind, port)
	server := serve.New(a.catalogue)
	loop := &rebuild{app: a, in: in, memory: generator.NewMemory(), server: server}
	go func() {
		loop.once(ctx)
		fmt.Fprintf(a.stdout, "serving %s at %s (Ctrl-C stops)\n", in.Source, in.BaseURL)
		if c.Open {
			openBrowser(in.BaseURL)
		}
		for change := range changes {
			if change.Notice != "" {
				fmt.Fprintln(a.stderr, change.Notice)
			}
			loop.once(ctx)
		}
	}()
	return server.Serve(ctx, c.Bind, listeners...)
}

// rebuild builds the site anew and shows it, or says why it could not and leaves the last one.
type rebuild struct {
	app    *app
	in     generator.Input
	memory *generator.Memory
	server *serve.Server
	built  bool // the first is done
}

func (l *rebuild) once(ctx context.Context) {
	if l.built {
		defer collectLater()()
	}
	l.in.Now = l.app.now()
	built, err := generator.Build(ctx, l.in, l.memory)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		fmt.Fprintf(l.app.stderr, "build %s: %v\n", l.in.Source, err)
		l.server.Fail(err)
		return
	}
	l.server.Show(built)
	l.built = true
	counts := diag.Count(built.Diagnostics())
	took := l.app.now().Sub(l.in.Now).Round(time.Millisecond)
	fmt.Fprintf(l.app.stderr, "built %s in %s: %s\n", count(built.Pages, "page"), took, summary(counts))
}

// roomToSave is how much garbage may wait until a save is shown: a build after a save leaves about 20 KB for every page of the site.
const roomToSave = 512 << 20

// collectLater keeps garbage from being collected until the returned function is called: collecting it takes both cores when somebody waits for
// a page. There is room for that much and no more.
func collectLater() (again func()) {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	limit := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, int64(now.Sys-now.HeapReleased)+roomToSave))
	percent := debug.SetGCPercent(-1)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// listen opens the port on both loopback addresses, or on the one that was asked for. A taken port gives way to the next of ten.
func listen(bind string, port int) ([]net.Listener, int, error) {
	hosts := []string{bind}
	if bind == "" {
		hosts = []string{"127.0.0.1", "::1"}
	}
	var first error
	for try := port; try < port+10; try++ {
		got, err := listenAll(hosts, try)
		if err == nil {
			return got, got[0].Addr().(*net.TCPAddr).Port, nil
		}
		if first == nil {
			first = err
		}
		if port == 0 {
			break
		}
	}
	return nil, 0, fmt.Errorf("listen on port %d and the nine after it: %w", port, first)
}

// listenAll opens one port on every host. Only the first host has to work: a machine without IPv6 has no ::1.
func listenAll(hosts []string, port int) ([]net.Listener, error) {
	var open []net.Listener
	for i, host := range hosts {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil && i == 0 {
			return nil, err
		}
		if err == nil {
			open = append(open, l)
			port = open[0].Addr().(*net.TCPAddr).Port
		}
	}
	return open, nil
}

// address is where a browser finds the server.
func address(bind string, port int) string {
	host := bind
	if ip := net.ParseIP(bind); bind == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port)) + "/"
}

// openBrowser asks the desktop to open an address; a machine without one is no failure.
func openBrowser(address string) {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	_ = exec.Command(name, args...).Start()
}
