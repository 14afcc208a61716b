package main

import (
	"compress/gzip"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// peerSites are the settings of the sites whose pages are weighed.
//
//go:embed all:weigh
var peerSites embed.FS

// weight is what a first visit to a page moves, in bytes of gzip bodies, by what they are.
type weight struct {
	Name                 string
	HTML, CSS, JS, Other int
}

func (w weight) all() int { return w.HTML + w.CSS + w.JS + w.Other }

// peerSite is a generator and how it makes a site of one page: where the page goes, what builds it, where the result is.
type peerSite struct {
	name, folder, page string
	install, build     []string
	out, visit         string
}

var sitesToWeigh = []peerSite{
	{
		name: "Material for MkDocs (Debian's)", folder: "material", page: "docs/page.md",
		install: []string{"apt-get", "install", "-y", "-qq", "--no-install-recommends", "mkdocs-material"},
		build:   []string{"mkdocs", "build", "--quiet"}, out: "site", visit: "page/",
	},
	{
		name: "Docusaurus 3.9.2", folder: "docusaurus", page: "docs/page.md",
		install: []string{"npm", "install", "--silent", "--no-audit", "--no-fund"},
		build:   []string{"npx", "docusaurus", "build"}, out: "build", visit: "page/",
	},
	{
		name: "Starlight 0.36.2", folder: "starlight", page: "src/content/docs/page.md",
		install: []string{"npm", "install", "--silent", "--no-audit", "--no-fund"},
		build:   []string{"npx", "astro", "build"}, out: "dist", visit: "page/",
	},
}

// weighAll opens the page of a source as Opsbook and each peer show it, each in a fresh Chromium, and adds up what came over the wire.
func weighAll(ctx context.Context, p programs, tools, source, name string) ([]weight, error) {
	out := filepath.Join(tools, "weigh", "opsbook")
	if err := shell(ctx, ".", nil, p.opsbook, "build", "--source", source, "--out", out, "--cache", "off", "--clock", "2026-11-01"); err != nil {
		return nil, err
	}
	ours, err := visit(ctx, out, strings.TrimSuffix(name, ".md")+"/")
	if err != nil {
		return nil, err
	}
	ours.Name = "Opsbook"
	all := []weight{ours}
	text, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("read the page to weigh: %w", err)
	}
	for _, site := range sitesToWeigh {
		w, err := site.weigh(ctx, filepath.Join(tools, "weigh", site.folder), text)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

func (s peerSite) weigh(ctx context.Context, dir string, text []byte) (weight, error) {
	files, err := fs.Sub(peerSites, path.Join("weigh", s.folder))
	if err != nil {
		return weight{}, fmt.Errorf("read the settings of %s: %w", s.name, err)
	}
	if _, err := os.Stat(dir); err != nil {
		if err := os.CopyFS(dir, files); err != nil {
			return weight{}, fmt.Errorf("lay out %s: %w", s.name, err)
		}
		if err := shell(ctx, dir, nil, s.install[0], s.install[1:]...); err != nil {
			return weight{}, err
		}
	}
	target := filepath.Join(dir, filepath.FromSlash(s.page))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return weight{}, fmt.Errorf("lay out %s: %w", s.name, err)
	}
	if err := os.WriteFile(target, titled(text), 0o644); err != nil {
		return weight{}, fmt.Errorf("lay out %s: %w", s.name, err)
	}
	env := []string{"ASTRO_TELEMETRY_DISABLED=1", "DOCUSAURUS_NO_TELEMETRY=1"}
	if err := shell(ctx, dir, env, s.build[0], s.build[1:]...); err != nil {
		return weight{}, err
	}
	w, err := visit(ctx, filepath.Join(dir, s.out), s.visit)
	w.Name = s.name
	return w, err
}

// titled keeps the title of the front matter alone: the other keys are ours, and what we show of them is more than the others show.
func titled(text []byte) []byte {
	_, rest, ok := strings.Cut(string(text), "---\n")
	front, body, closed := strings.Cut(rest, "\n---\n")
	if !ok || !closed {
		return text
	}
	for line := range strings.Lines(front) {
		if strings.HasPrefix(line, "title:") {
			return []byte("---\n" + strings.TrimSpace(line) + "\n---\n" + body)
		}
	}
	return text
}

// visit serves dir, opens one page in a fresh Chromium, lets it settle, and adds up the bodies that were sent. What a service worker
// fetches for later is left out: it asks after the page is there.
func visit(ctx context.Context, dir, page string) (weight, error) {
	var w weight
	var mu sync.Mutex
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body := &counted{ResponseWriter: rw}
		zip := gzip.NewWriter(body)
		rw.Header().Set("Content-Encoding", "gzip")
		files.ServeHTTP(&zipped{ResponseWriter: rw, zip: zip}, r)
		if zip.Close() != nil || r.Header.Get("Service-Worker") != "" || strings.HasSuffix(r.Referer(), "/sw.js") {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		*w.part(rw.Header().Get("Content-Type")) += body.bytes
	}))
	defer server.Close()
	profile, err := os.MkdirTemp("", "peers-profile")
	if err != nil {
		return w, fmt.Errorf("make a profile: %w", err)
	}
	defer os.RemoveAll(profile)
	cmd := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+profile,
		"--virtual-time-budget=5000", "--dump-dom", server.URL+"/"+page)
	dom, err := cmd.Output()
	if err != nil {
		return w, fmt.Errorf("open %s in chromium: %w", page, err)
	}
	if len(dom) < 2000 {
		return w, fmt.Errorf("open %s in chromium: the page is empty", page)
	}
	mu.Lock()
	defer mu.Unlock()
	return w, nil
}

func (w *weight) part(contentType string) *int {
	kind, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return &w.Other
	case kind == "text/html":
		return &w.HTML
	case kind == "text/css":
		return &w.CSS
	case strings.HasSuffix(kind, "javascript"):
		return &w.JS
	}
	return &w.Other
}

// counted counts the bytes of a body as they go out.
type counted struct {
	http.ResponseWriter
	bytes int
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes += n
	return n, err
}

// zipped sends a body through gzip; its length is no longer the file's.
type zipped struct {
	http.ResponseWriter
	zip *gzip.Writer
}

func (z *zipped) WriteHeader(code int) {
	z.Header().Del("Content-Length")
	z.ResponseWriter.WriteHeader(code)
}

func (z *zipped) Write(b []byte) (int, error) { return z.zip.Write(b) }
