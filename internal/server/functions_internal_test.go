package server

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/logs"
)

// A counter is an Invoker that counts its calls.
type counter struct{ calls int }

func (c *counter) Invoke(context.Context, service.Invocation) (service.Answer, error) {
	c.calls++
	return service.Answer{}, nil
}

// TestOutputEndsWithItsSession: what a function prints is written as its newest session, and by nobody when that has expired.
func TestOutputEndsWithItsSession(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	caller := &identity.Caller{Session: &identity.Session{Expires: noon}}
	for _, tt := range []struct {
		now    time.Time
		caller *identity.Caller
		want   int
	}{
		{noon.Add(-time.Second), caller, 1}, {noon, caller, 0}, {noon.Add(time.Hour), caller, 0}, {noon.Add(-time.Second), nil, 0},
	} {
		var door counter
		f := &functions{
			writer: logs.Writer{Invoker: &door}, logger: slog.New(slog.DiscardHandler), now: func() time.Time { return tt.now },
			revisions: map[string]*runningRevision{"k": {caller: tt.caller}},
		}
		f.Write(t.Context(), function.Spec{Key: "k"}, "stream", []function.Line{{Time: noon, Text: "line"}})
		if door.calls != tt.want {
			t.Errorf("at %s: %d calls", tt.now, door.calls)
		}
	}
}
