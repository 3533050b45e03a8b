package front_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

// stored is S3 with one operation that streams; act gets what is read of the body.
func stored(act func(c *service.Call, body string, err error) (service.Answer, error)) service.Service {
	return service.Service{
		Name: "s3", Facts: []string{"ObjectTags", "ComparedBucket"},
		Decode: func(codec *wire.Codec, _ service.Raw, _ any) (wire.Lookup, error) {
			return codec.Members(&struct{ Bucket, Key string }{"b", "k"}), nil
		},
		Handlers: []service.Handler{service.Long[struct{}, struct{}]{
			Streams: true,
			Plan: func(*service.Call, *struct{}, identity.Reader, *service.Hold) (struct{}, error) {
				return struct{}{}, nil
			},
			Act: func(_ context.Context, c *service.Call, _ *struct{}, _ struct{}, _ *service.Hold) (service.Answer, error) {
				body, err := c.Content.Once(func() (any, error) {
					b, err := io.ReadAll(c.Content)
					return string(b), err
				})
				text, _ := body.(string)
				return act(c, text, err)
			},
		}.Named("PutObject")},
	}
}

// put signs an upload as the administrator and sends this body.
func (h *house) put(t *testing.T, payload string, body io.Reader, length int64, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPut, "http://127.0.0.1:4566/b/k", body)
	r.ContentLength = length
	r.Header.Set("X-Amz-Content-Sha256", payload)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	key := h.identities.Start().Admin
	credentials := aws.Credentials{AccessKeyID: string(key.ID), SecretAccessKey: key.Secret.Reveal()}
	if err := v4.NewSigner().SignHTTP(context.Background(), credentials, r, payload, "s3", "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	r.RequestURI = "/b/k"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestStreamedBodies: the deed sees the content, and a body that is not what was signed fails it in the words of S3.
func TestStreamedBodies(t *testing.T) {
	t.Parallel()
	const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // of "hello"
	for _, c := range []struct {
		name, payload, body string
		length              int64
		header              map[string]string
		status              int
		says                string
	}{
		{"whole", hello, "hello", 5, nil, 200, ""},
		{"another", hello, "jello", 5, nil, 400, "XAmzContentSHA256Mismatch"},
		{"broken off", hello, "hell", 5, nil, 400, "IncompleteBody"},
		{"of unknown length", hello, "hello", -1, nil, 411, "MissingContentLength"},
		{"unsigned", "UNSIGNED-PAYLOAD", "hello", 5, nil, 200, ""},
		{"in chunks", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "5\r\nhello\r\n0\r\n\r\n", 17, map[string]string{"X-Amz-Decoded-Content-Length": "5"}, 200, ""},
		{"in chunks that are none", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "hello", 5, map[string]string{"X-Amz-Decoded-Content-Length": "5"}, 400, "IncompleteBody"},
		{"in a form that nobody knows", "STREAMING-X", "hello", 5, nil, 501, "NotImplemented"},
	} {
		read := ""
		h := build(t, nil, stored(func(_ *service.Call, body string, err error) (service.Answer, error) {
			read = body
			return service.Answer{}, err
		}))
		w := h.put(t, c.payload, strings.NewReader(c.body), c.length, c.header)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) || c.status == 200 && read != "hello" {
			t.Errorf("%s: %d %s; read %q", c.name, w.Code, w.Body, read)
		}
	}
}

// TestNothingIsReadForWhoIsNotAllowed: the refusal comes before the first byte of the body.
func TestNothingIsReadForWhoIsNotAllowed(t *testing.T) {
	t.Parallel()
	h := build(t, nil, stored(func(*service.Call, string, error) (service.Answer, error) {
		t.Error("it was done")
		return service.Answer{}, nil
	}))
	err := h.identities.Update(context.Background(), account, func(tx identity.Tx) error {
		d, err := policy.Parse(`{"Statement":[{"Effect":"Deny","Action":"s3:PutObject","Resource":"*"}]}`)
		if err != nil {
			return err
		}
		return tx.PutInlinePolicy(identity.UserRef("admin"), "no", d)
	})
	if err != nil {
		t.Fatal(err)
	}
	body := &noted{Reader: strings.NewReader("hello")}
	w := h.put(t, "UNSIGNED-PAYLOAD", body, 5, map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	if w.Code != 403 || !strings.Contains(w.Body.String(), "is not authorized to perform: s3:PutObject") || body.read {
		t.Errorf("%d %s; read %v", w.Code, w.Body, body.read)
	}
}

type noted struct {
	io.Reader
	read bool
}

func (n *noted) Read(b []byte) (int, error) {
	n.read = true
	return n.Reader.Read(b)
}

// TestABodyIsReadOnce, however often the deed is tried, and what is left over is put away in the end.
func TestABodyIsReadOnce(t *testing.T) {
	t.Parallel()
	tries, ended := 0, 0
	h := build(t, nil, stored(func(c *service.Call, body string, err error) (service.Answer, error) {
		if tries++; tries == 1 {
			c.AtEnd(func() { ended++ })
		}
		if body != "hello" || err != nil || ended > 0 {
			t.Errorf("try %d: %q, %v, ended %d", tries, body, err, ended)
		}
		if tries < 3 {
			return service.Answer{}, service.ErrMoved
		}
		return service.Answer{}, nil
	}))
	if w := h.put(t, "UNSIGNED-PAYLOAD", strings.NewReader("hello"), 5, nil); w.Code != 200 || tries != 3 || ended != 1 {
		t.Errorf("%d %s after %d tries, ended %d", w.Code, w.Body, tries, ended)
	}
}

// TestContentThatBreaksOff ends the connection: nobody must take a part for the whole.
func TestContentThatBreaksOff(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		h := build(t, nil, stored(func(*service.Call, string, error) (service.Answer, error) {
			content := io.Reader(strings.NewReader("content"))
			if fails {
				content = io.MultiReader(strings.NewReader("con"), iotest.ErrReader(errors.New("disk")))
			}
			return service.Answer{Content: io.NopCloser(content), Length: 7, Header: map[string]string{"Content-Length": "7"}}, nil
		}))
		aborted := func() (aborted bool) {
			defer func() { aborted = recover() == http.ErrAbortHandler }() //nolint:errorlint // a value that is thrown
			if w := h.put(t, "UNSIGNED-PAYLOAD", strings.NewReader(""), 0, nil); w.Body.String() != "content" || w.Header().Get("X-Amz-Request-Id") == "" {
				t.Errorf("%v %s", w.Header(), w.Body)
			}
			return
		}()
		if aborted != fails {
			t.Errorf("fails %v: aborted %v", fails, aborted)
		}
	}
}
