package server

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"syscall"
	"time"
)

// A server shows that it is the one that left a runtime file: each start draws a nonce, which stands in the file and nowhere else,
// and /healthz answers a challenge with what only the nonce's holder can compute. Another program that got the port of a server that
// died cannot.
const (
	challengeHeader = "X-Ambit-Challenge"
	proofHeader     = "X-Ambit-Proof"
)

// answersWithin is how long a server may take to show that it is there.
const answersWithin = 2 * time.Second

func newNonce() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// proofOf is what the holder of a nonce answers to a challenge.
func proofOf(nonce, challenge string) string {
	mac := hmac.New(sha256.New, []byte(nonce))
	mac.Write([]byte(challenge))
	return hex.EncodeToString(mac.Sum(nil))
}

// healthy answers GET /healthz.
func (s *Server) healthy(w http.ResponseWriter, r *http.Request) {
	if challenge := r.Header.Get(challengeHeader); challenge != "" {
		w.Header().Set(proofHeader, proofOf(s.nonce, challenge))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// answers reports whether the server of a runtime file lives and is the one behind its endpoint.
func (r Running) answers(ctx context.Context) bool {
	if r.Nonce == "" || !alive(r.Process) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.Endpoint+"/healthz", nil)
	if err != nil {
		return false
	}
	challenge := newNonce()
	request.Header.Set(challengeHeader, challenge)
	request.Host = "localhost" // the endpoint may be an address of this machine that is not a loopback one
	transport := &http.Transport{
		DisableKeepAlives: true,
		// The certificate may be made for other names than that of the endpoint. Nothing is told here, and what is believed is
		// the proof.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	proof := answer.Header.Get(proofHeader)
	return answer.StatusCode == http.StatusOK && hmac.Equal([]byte(proof), []byte(proofOf(r.Nonce, challenge)))
}

// alive reports whether there is a process of that number. Where that cannot be asked, it may be.
func alive(process int) bool {
	if process <= 0 {
		return false
	}
	p, err := os.FindProcess(process)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH)
}
