package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
)

// TestARequestThatDoesNotEnd: a request that holds the state keeps nobody from ending the server.
func TestARequestThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s, err := Open(context.Background(), Options{
		Listen: "127.0.0.1:0", Data: t.TempDir(), Account: "123456789012", Region: "us-east-1",
		Environ: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.NewTextHandler(&log, nil)), Out: io.Discard, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.closeFor = time.Millisecond
	reading, end := make(chan struct{}), make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		_ = s.world.Load().identities.View(context.Background(), "123456789012", func(identity.Reader) error {
			close(reading)
			<-end
			return nil
		})
	})
	<-reading
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := s.Serve(ctx); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "does not end") {
		t.Errorf("log: %s", &log)
	}
	close(end)
	reader.Wait()
}
