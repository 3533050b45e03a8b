package front_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// BenchmarkDoor is one signed read from the head of its request to the last byte of its answer, without the network: what H1
// adds to bare net/http.
func BenchmarkDoor(b *testing.B) {
	h := build(b, nil, getUser(func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error) {
		return service.Body(&iam.GetUserOutput{}), nil
	}))
	sum := sha256.Sum256([]byte(askGetUser))
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:4566/", strings.NewReader(askGetUser))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	key := h.identities.Start().Admin
	credentials := aws.Credentials{AccessKeyID: string(key.ID), SecretAccessKey: key.Secret.Reveal()}
	if err := v4.NewSigner().SignHTTP(context.Background(), credentials, r, hex.EncodeToString(sum[:]), "iam", "us-east-1", time.Now()); err != nil {
		b.Fatal(err)
	}
	r.RequestURI = "/"
	body := strings.NewReader(askGetUser)
	r.Body = io.NopCloser(body)
	w := discard{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		body.Reset(askGetUser)
		w.status = 0
		h.ServeHTTP(&w, r)
		if w.status != http.StatusOK {
			b.Fatalf("status %d", w.status)
		}
	}
}

// discard is an answer that nobody reads.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
