package front_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/front"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A sender is a request with a body of its own making, and the answer.
type sender struct {
	h    *house
	key  aws.Credentials
	at   time.Time
	body string
	read func(io.Reader) io.Reader // what the server gets of the body
}

func (h *house) sender(body string) sender {
	key := h.identities.Start().Admin
	return sender{h: h, key: aws.Credentials{AccessKeyID: string(key.ID), SecretAccessKey: key.Secret.Reveal()}, at: time.Now(), body: body,
		read: func(r io.Reader) io.Reader { return r }}
}

func (s sender) send(t *testing.T) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:4566/", s.read(strings.NewReader(s.body)))
	r.ContentLength = int64(len(s.body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(s.body))
	if s.key.AccessKeyID != "" {
		if err := v4.NewSigner().SignHTTP(context.Background(), s.key, r, hex.EncodeToString(sum[:]), "iam", "us-east-1", s.at); err != nil {
			t.Error(err)
		}
	}
	r.RequestURI = "/"
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

// answers is IAM with one operation that succeeds.
func answers() service.Service {
	return getUser(func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error) {
		return service.Body(&iam.GetUserOutput{}), nil
	})
}

// large is a body that is not small, and that IAM has nothing against but a parameter.
var large = askGetUser + "&UserName=" + strings.Repeat("a", 100<<10)

// TestNothingIsKeptForWhoIsRefusedAnyway: where there is no room at all, who is refused by the head of the request is answered as ever,
// after the whole body. Only who may be somebody needs room.
func TestNothingIsKeptForWhoIsRefusedAnyway(t *testing.T) {
	t.Parallel()
	h := build(t, func(o *front.Options) { o.BodyRoom = 1 }, answers())
	for _, c := range []struct {
		name   string
		change func(*sender)
		want   string
	}{
		{"unsigned", func(s *sender) { s.key = aws.Credentials{} }, "403 MissingAuthenticationToken"},
		{"unknown key", func(s *sender) { s.key.AccessKeyID = "AKIAIOSFODNN7EXAMPLE" }, "403 InvalidClientTokenId"},
		{"no token of ours", func(s *sender) { s.key.SessionToken = "IQoJb3JpZ2luX2Vj" }, "403 InvalidClientTokenId"},
		{"signed an hour ago", func(s *sender) { s.at = s.at.Add(-time.Hour) }, "403 SignatureDoesNotMatch"},
		{"too large", func(s *sender) { s.body, s.key.AccessKeyID = strings.Repeat(large, 11), "AKIAIOSFODNN7EXAMPLE" }, "413 RequestEntityTooLarge"},
		{"somebody, perhaps", func(s *sender) { s.key.SecretAccessKey = "guessed" }, "503 ServiceUnavailable"},
		{"the administrator", func(*sender) {}, "503 ServiceUnavailable"},
		{"the administrator, with little to say", func(s *sender) { s.body = askGetUser }, "200 "},
	} {
		s := h.sender(large)
		c.change(&s)
		left := 0
		s.read = func(r io.Reader) io.Reader { left = len(s.body); return counting{r, &left} }
		w := s.send(t)
		status, code, _ := strings.Cut(c.want, " ")
		if got := w.Result().Status; !strings.HasPrefix(got, status) || code != "" && !strings.Contains(w.Body.String(), "<Code>"+code+"</Code>") {
			t.Errorf("%s: %s %s, want %s", c.name, got, w.Body, c.want)
		}
		if left > 0 && status != "413" {
			t.Errorf("%s: %d bytes were left unread: the sender does not see the answer", c.name, left)
		}
	}
}

type counting struct {
	io.Reader
	left *int
}

func (c counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	*c.left -= n
	return n, err
}

// TestHalfSentBodiesAreBounded: those who send half of a large body in the name of a key that exists take the room and no more. Small
// requests are answered meanwhile, large ones are asked to come again, and find room when the others are gone.
func TestHalfSentBodiesAreBounded(t *testing.T) {
	t.Parallel()
	h := build(t, func(o *front.Options) { o.BodyRoom = 256 << 10 }, answers())
	const senders, fit = 20, 3 // of 256 KiB each takes 84 KiB until it is half sent
	half := stuck{make(chan struct{}), make(chan struct{})}
	done := make(chan int, senders)
	send := func(n int) { // and wait until as many are half sent: those for whom there is no room have been given up by then
		for range n {
			s := h.sender(large)
			s.key.SecretAccessKey = "guessed"
			s.read = func(r io.Reader) io.Reader { return io.MultiReader(io.LimitReader(r, 90<<10), half, r) }
			go func() { done <- s.send(t).Code }()
		}
		for range n {
			<-half.reached
		}
	}
	for range fit { // one by one: all at once might take each other's room
		send(1)
	}
	send(senders - fit)
	if w := h.sender(large).send(t); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a large body while there is no room: %d %s", w.Code, w.Body)
	}
	if w := h.sender(askGetUser).send(t); w.Code != http.StatusOK {
		t.Errorf("a small request while there is no room: %d %s", w.Code, w.Body)
	}
	close(half.released)
	codes := map[int]int{}
	for range senders {
		codes[<-done]++
	}
	if codes[http.StatusForbidden] == 0 || codes[http.StatusServiceUnavailable] == 0 || len(codes) != 2 {
		t.Errorf("the senders were answered %v", codes)
	}
	for range 3 * senders { // more than the room, were it not given back
		if w := h.sender(large).send(t); w.Code == http.StatusServiceUnavailable {
			t.Fatalf("a large body after the others: %d %s", w.Code, w.Body)
		}
	}
}

// stuck is a piece of a body that says when it is reached, comes when it is released, and is empty.
type stuck struct{ reached, released chan struct{} }

func (s stuck) Read([]byte) (int, error) {
	s.reached <- struct{}{}
	<-s.released
	return 0, io.EOF
}

// TestSlowBodiesMakeRoom: who sends half of a large body and then nothing, as long as nobody else needs the room, is asked to come again
// when somebody does.
func TestSlowBodiesMakeRoom(t *testing.T) {
	t.Parallel()
	const senders, sent = 3, 90 << 10 // which take 84 KiB each until then
	h := build(t, func(o *front.Options) { o.BodyRoom = 256 << 10 }, answers())
	half := make(chan struct{}, senders)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Slow") != "" {
			r.Body = &noticed{ReadCloser: r.Body, left: sent, reached: half}
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	send := func(unsent int) (int, string) {
		s := h.sender(large)
		r, err := http.NewRequest(http.MethodPost, server.URL+"/", strings.NewReader(s.body))
		if err != nil {
			return 0, err.Error()
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if unsent > 0 {
			r.Header.Set("X-Slow", "1")
		}
		sum := sha256.Sum256([]byte(s.body))
		if err := v4.NewSigner().SignHTTP(context.Background(), s.key, r, hex.EncodeToString(sum[:]), "iam", "us-east-1", s.at); err != nil {
			return 0, err.Error()
		}
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			return 0, err.Error()
		}
		defer conn.Close()
		var spelled bytes.Buffer
		if err := r.Write(&spelled); err != nil {
			return 0, err.Error()
		}
		if _, err := conn.Write(spelled.Bytes()[:spelled.Len()-unsent]); err != nil {
			return 0, err.Error()
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), r)
		if err != nil {
			return 0, err.Error()
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return 0, err.Error()
		}
		return resp.StatusCode, string(text)
	}
	type answer struct {
		status int
		body   string
	}
	slow := make(chan answer, senders)
	for range senders {
		go func() {
			status, body := send(len(large) - sent)
			slow <- answer{status, body}
		}()
		<-half
	}
	if status, body := send(0); status == 0 || status == http.StatusServiceUnavailable {
		t.Errorf("a large body beside slow ones: %d %s", status, body)
	}
	if a := <-slow; a.status != http.StatusBadRequest || !strings.Contains(a.body, "<Code>RequestTimeout</Code>") {
		t.Errorf("a slow one: %d %s", a.status, a.body)
	}
	server.CloseClientConnections()
	for range senders - 1 {
		<-slow
	}
}

// noticed is a body that says when more of it is wanted than is left.
type noticed struct {
	io.ReadCloser
	left    int
	reached chan<- struct{}
}

func (n *noticed) Read(b []byte) (int, error) {
	if n.left == 0 { // and never again
		n.reached <- struct{}{}
	}
	got, err := n.ReadCloser.Read(b[:min(len(b), max(n.left, 1))])
	n.left -= got
	return got, err
}
