// Package serve shows the latest build to a writer's browser and reloads it when the content changes.
//
// It is the second reader of output.Set: a page is rendered when somebody looks at it. Nothing is written, nothing differs from a build but
// one script tag in HTML answers.
package serve

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"opsbook/generator"
	"opsbook/internal/diag"
)

//go:embed live.js
var liveScript []byte

//go:embed live.css
var liveStyle []byte

//go:embed sw.js
var noWorker []byte

// liveTag is all that serve adds to a page.
const liveTag = `<script src="/-/live.js" defer></script></body>`

// Server shows the latest build. Show gives it a new one at any time.
type Server struct {
	mu     sync.RWMutex
	built  *generator.Result // the last good one
	number int               // of the build
	fault  string            // why the machine could not build anything newer, "" when it could
	hub    *hub
	finder finder

	catalogue map[string]string
}

// New returns a server that has nothing to show yet. catalogue translates diagnostics.
func New(catalogue map[string]string) *Server {
	return &Server{hub: newHub(), catalogue: catalogue}
}

// Show replaces what is served and tells every browser.
func (s *Server) Show(built *generator.Result) {
	s.mu.Lock()
	s.built, s.fault = built, ""
	s.number++
	n := news{Generation: s.number}
	s.mu.Unlock()
	s.hub.tell(n)
}

// Fail keeps what is served and tells every browser why it is not new.
func (s *Server) Fail(err error) {
	s.mu.Lock()
	s.fault = err.Error()
	n := news{Generation: s.number, Error: s.fault}
	s.mu.Unlock()
	s.hub.tell(n)
}

func (s *Server) latest() *generator.Result {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.built
}

// Handler answers requests made to a server bound to bind.
func (s *Server) Handler(bind string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/-/events", s.hub)
	mux.HandleFunc("/-/live.js", fixed("text/javascript; charset=utf-8", liveScript))
	mux.HandleFunc("/-/live.css", fixed("text/css; charset=utf-8", liveStyle))
	mux.HandleFunc("/sw.js", fixed("text/javascript; charset=utf-8", noWorker))
	mux.HandleFunc("/-/problems", s.problems)
	mux.HandleFunc("/-/search", s.search)
	mux.HandleFunc("/", s.page)
	return guard{hosts: hostsFor(bind), next: mux}
}

// Serve answers on listeners until ctx ends.
func (s *Server) Serve(ctx context.Context, bind string, listeners ...net.Listener) error {
	server := &http.Server{
		Handler: s.Handler(bind), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
	}
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { failed <- server.Serve(l) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.hub.close()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if shut := server.Shutdown(stop); shut != nil {
		_ = server.Close() // streams that would not end are cut
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func fixed(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { answer(w, r, http.StatusOK, contentType, body) }
}

// answer writes a body with its tag; a reader that has it already gets 304.
func answer(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", tag)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if status == http.StatusOK && r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that went away is no failure of ours
	}
}

// page answers with a file of the latest build.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	built := s.latest()
	if built == nil {
		s.notYet(w)
		return
	}
	name, redirect := locate(built.Has, r.URL.Path)
	if redirect != "" {
		if r.URL.RawQuery != "" {
			redirect += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, redirect, http.StatusMovedPermanently)
		return
	}
	status := http.StatusOK
	if name == "" {
		name, status = "404.html", http.StatusNotFound
	}
	body, err := built.Read(r.Context(), name)
	if err != nil {
		http.Error(w, fmt.Sprintf("make %s: %v", name, err), http.StatusInternalServerError)
		return
	}
	if strings.HasSuffix(name, ".html") {
		w.Header().Set("Content-Security-Policy", generator.ContentSecurityPolicy+"; frame-ancestors 'self'")
		body = []byte(strings.Replace(string(body), "</body>", liveTag, 1))
	}
	answer(w, r, status, contentType(name), body)
}

// notYet answers while there is no good build: the browser asks again, so that the page comes by itself once there is one.
func (s *Server) notYet(w http.ResponseWriter) {
	s.mu.RLock()
	why := s.fault
	s.mu.RUnlock()
	if why == "" {
		why = "the first build is not ready"
	}
	w.Header().Set("Refresh", "1")
	http.Error(w, why, http.StatusServiceUnavailable)
}

// locate finds the file a path asks for, or the address it should have asked for.
func locate(has func(string) bool, asked string) (name, redirect string) {
	clean := strings.TrimPrefix(path.Clean("/"+asked), "/")
	switch {
	case strings.HasSuffix(asked, "/") && has(path.Join(clean, "index.html")):
		return path.Join(clean, "index.html"), ""
	case strings.HasSuffix(asked, "/"):
		return "", ""
	case has(clean):
		return clean, ""
	case has(path.Join(clean, "index.html")):
		return "", (&url.URL{Path: "/" + clean + "/"}).String()
	default:
		return "", ""
	}
}

// problems answers with what is wrong with the file behind a page, as JSON.
func (s *Server) problems(w http.ResponseWriter, r *http.Request) {
	built := s.latest()
	if built == nil {
		http.Error(w, "the first build is not ready", http.StatusServiceUnavailable)
		return
	}
	counts := diag.Count(built.Diagnostics())
	report := report{Errors: counts.Errors, Warnings: counts.Warnings, Diagnostics: []problem{}}
	file := built.FileOf(strings.TrimPrefix(r.URL.Query().Get("path"), "/"))
	for _, d := range built.Diagnostics() {
		if file != "" && d.Pos.File == file {
			report.Diagnostics = append(report.Diagnostics, problem{
				d.Rule, d.Severity.String(), d.Pos.File, d.Pos.Line, d.Pos.Col, d.Message.In(s.catalogue), d.Hint.In(s.catalogue),
			})
		}
	}
	answerJSON(w, r, report)
}

type report struct {
	Errors      int       `json:"errors"`
	Warnings    int       `json:"warnings"`
	Diagnostics []problem `json:"diagnostics"`
}

type problem struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

func answerJSON(w http.ResponseWriter, r *http.Request, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, r, http.StatusOK, "application/json; charset=utf-8", body)
}
