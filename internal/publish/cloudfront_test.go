package publish

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

type batch struct {
	XMLName         xml.Name `xml:"InvalidationBatch"`
	CallerReference string
	Paths           struct {
		Quantity int
		Items    []string `xml:"Items>Path"`
	}
}

const created = `<?xml version="1.0"?><Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I1</Id><Status>InProgress</Status></Invalidation>`

func refusal(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	io.WriteString(w, `<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>`+code+
		`</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`)
}

// openFake opens a CloudFront whose answers are those of a list, one by one.
func openFake(t *testing.T, answers ...http.HandlerFunc) (*CloudFront, *atomic.Int32) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := int(asked.Add(1)) - 1
		answers[min(i, len(answers)-1)](w, r)
	}))
	t.Cleanup(server.Close)
	c, err := OpenCloudFront(t.Context(), "E123", CloudFrontOptions{
		Endpoint: server.URL, Prefix: "preview/社内", Timeout: 300 * time.Millisecond, Pause: time.Millisecond, Attempts: 4,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, &asked
}

func TestInvalidationRequest(t *testing.T) {
	c, _ := openFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/2020-05-31/distribution/E123/invalidation" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=opsbook/") || !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/cloudfront/aws4_request") {
			t.Errorf("not signed: %s", r.Header.Get("Authorization"))
		}
		var b batch
		if err := xml.NewDecoder(r.Body).Decode(&b); err != nil {
			t.Error(err)
		}
		want := []string{"/preview/%E7%A4%BE%E5%86%85/d/", "/preview/%E7%A4%BE%E5%86%85/*"}
		if b.CallerReference != "ref" || b.Paths.Quantity != 2 || !slices.Equal(b.Paths.Items, want) {
			t.Errorf("%+v", b)
		}
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, created)
	})
	if id, err := c.Invalidate(t.Context(), "ref", []string{"/d/", "/*"}); err != nil || id != "I1" {
		t.Errorf("%q, %v", id, err)
	}
}

func TestInvalidationIsRepeated(t *testing.T) {
	ok := func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, created)
	}
	hang := func(http.ResponseWriter, *http.Request) { time.Sleep(600 * time.Millisecond) } // longer than the client waits
	answer := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { refusal(w, status, code) }
	}
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		asked   int32
		fails   bool
	}{
		{"too many under way", []http.HandlerFunc{answer(400, "TooManyInvalidationsInProgress"), ok}, 2, false},
		{"throttling", []http.HandlerFunc{answer(400, "Throttling"), answer(503, "ServiceUnavailable"), ok}, 3, false},
		{"a hang", []http.HandlerFunc{hang, ok}, 2, false},
		{"too many for ever", []http.HandlerFunc{answer(400, "TooManyInvalidationsInProgress")}, 4, true},
		{"no permission", []http.HandlerFunc{answer(403, "AccessDenied"), ok}, 1, true},
		{"no such distribution", []http.HandlerFunc{answer(404, "NoSuchDistribution"), ok}, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			cdn, asked := openFake(t, c.answers...)
			_, err := cdn.Invalidate(t.Context(), "ref", []string{"/*"})
			if (err != nil) != c.fails || asked.Load() != c.asked {
				t.Errorf("asked %d times, %v", asked.Load(), err)
			}
		})
	}
}

func TestAFailedInvalidationIsMadeUpFor(t *testing.T) {
	broken, _ := openFake(t, func(w http.ResponseWriter, _ *http.Request) { refusal(w, 403, "AccessDenied") })
	w := newWorld(t, newDirectory(t))
	res, err := w.publish(w.target, broken, version(1))
	if res.Exit != 15 || err == nil {
		t.Fatalf("exit %d: %v", res.Exit, err)
	}
	w.must(version(1))
	if p := w.unfinished(version(1)); len(p) > 0 {
		t.Error(p)
	}
}
