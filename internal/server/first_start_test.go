package server_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/server"
	"github.com/ambit-iam/ambit/test/port"
)

// TestCredentialsAreThereWhenThePortOpens: scripts wait for the port, and then read the file.
func TestCredentialsAreThereWhenThePortOpens(t *testing.T) {
	t.Parallel()
	address, release, err := port.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	dir := filepath.Join(t.TempDir(), "data")
	found := make(chan error, 1)
	go func() {
		for {
			c, err := net.Dial("tcp", address)
			if err != nil {
				continue
			}
			_, err = os.Stat(filepath.Join(dir, "credentials"))
			if answers(c) {
				found <- err
				return
			}
		}
	}()
	s, err := server.Open(context.Background(), server.Options{
		Listen: address, Data: dir, Account: account, Region: "us-east-1", Out: io.Discard, Now: time.Now,
		Environ: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	if err := <-found; err != nil {
		t.Error(err)
	}
	end()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// answers tells whether the server that took the connection serves it at last, and did not just look whether the port can be had.
func answers(c net.Conn) bool {
	defer c.Close()
	if _, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
		return false
	}
	text, err := io.ReadAll(c)
	return err == nil && strings.HasPrefix(string(text), "HTTP/1.1 200 ")
}
