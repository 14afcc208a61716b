package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// heartbeat keeps proxies and sleeping browsers from closing a silent stream.
const heartbeat = 20 * time.Second

// maxEars is how many streams are open at once: more are no reader's tabs.
const maxEars = 200

// news is what browsers are told after each attempt to build.
type news struct {
	Generation int    `json:"generation"`
	Error      string `json:"error,omitempty"` // the machine failed: the last good site stays
}

// hub tells every open browser the latest news over server-sent events. A slow reader gets the latest and misses what lies between.
type hub struct {
	mu     sync.Mutex
	last   news
	closed bool
	ears   map[chan news]bool
}

func newHub() *hub { return &hub{ears: map[chan news]bool{}} }

// tell sends n to everybody without waiting for anybody.
func (h *hub) tell(n news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = n
	for ear := range h.ears {
		select {
		case <-ear:
		default:
		}
		ear <- n
	}
}

// close ends every stream, so that the server can shut down.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for ear := range h.ears {
		close(ear)
		delete(h.ears, ear)
	}
}

func (h *hub) listen() (ear chan news, last news, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.ears) >= maxEars {
		return nil, news{}, false
	}
	ear = make(chan news, 1)
	h.ears[ear] = true
	return ear, h.last, true
}

func (h *hub) leave(ear chan news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.ears, ear)
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ear, last, ok := h.listen()
	if !ok {
		http.Error(w, "the server is stopping, or too many pages listen", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(ear)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	stream := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for send(w, last) == nil && stream.Flush() == nil {
		select {
		case <-r.Context().Done():
			return
		case n, open := <-ear:
			if !open {
				return
			}
			last = n
		case <-beat.C:
		}
	}
}

func send(w http.ResponseWriter, n news) error {
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "data: %s\n\n", data)
	return err
}
