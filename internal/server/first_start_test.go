package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/server"
)

// TestCredentialsAreThereWhenThePortOpens: scripts wait for the port, and then read the file.
func TestCredentialsAreThereWhenThePortOpens(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address, dir := free.Addr().String(), filepath.Join(t.TempDir(), "data")
	free.Close()

	found, opened := make(chan error, 1), make(chan struct{})
	go func() {
		for {
			if c, err := net.Dial("tcp", address); err == nil {
				_, err := os.Stat(filepath.Join(dir, "credentials"))
				if stands(c) {
					found <- err
					return
				}
			}
			select {
			case <-opened:
				found <- errors.New("the port never opened")
				return
			case <-time.After(100 * time.Microsecond):
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
	time.AfterFunc(quickly, func() { close(opened) })
	if err := <-found; err != nil {
		t.Error(err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if err := s.Serve(ended); err != nil {
		t.Error(err)
	}
}

// stands tells whether somebody listens, and did not just look whether that can be done.
func stands(c net.Conn) bool {
	defer c.Close()
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		return false
	}
	_, err := c.Read(make([]byte, 1))
	return errors.Is(err, os.ErrDeadlineExceeded)
}
