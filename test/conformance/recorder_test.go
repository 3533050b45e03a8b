package conformance_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// An exchange is one call as it was on the wire.
type exchange struct {
	service, operation string
	status             int
	header             http.Header
	body               []byte
}

// judgedServices are those whose answers are held against the model.
var judgedServices = map[string]bool{"iam": true, "sts": true}

// A recorder keeps every exchange of the query protocol that passes through it.
type recorder struct {
	next *http.Transport

	mu        sync.Mutex
	exchanges []exchange
}

func newRecorder() *recorder { return &recorder{next: &http.Transport{}} }

// RoundTrip passes a request on.
func (r *recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	var asked []byte
	if q.Body != nil {
		var err error
		if asked, err = io.ReadAll(q.Body); err != nil {
			return nil, err
		}
		q.Body.Close()
		q.Body = io.NopCloser(bytes.NewReader(asked))
	}
	answer, err := r.next.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(asked))
	if err == nil && form.Get("Action") != "" && judgedServices[serviceOf(q)] {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.exchanges = append(r.exchanges, exchange{serviceOf(q), form.Get("Action"), answer.StatusCode, answer.Header.Clone(), body})
	}
	return answer, nil
}

// serviceOf reads the service off the scope of the signature: Credential=KEY/DATE/REGION/SERVICE/aws4_request.
func serviceOf(q *http.Request) string {
	_, scope, _ := strings.Cut(q.Header.Get("Authorization"), "Credential=")
	if parts := strings.SplitN(scope, "/", 5); len(parts) == 5 {
		return parts[3]
	}
	return ""
}

// seen returns what was recorded.
func (r *recorder) seen() []exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]exchange(nil), r.exchanges...)
}
