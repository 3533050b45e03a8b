package function_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
)

// which answers who runs: the same environment answers the same number, and counts its events.
const which = `const me = Math.random(); let n = 0; exports.handler = async () => me + ' ' + ++n;`

func TestWarm(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := inline(t, "nodejs20.x", which)
	first, second := invoke(t, h, s, `{}`), invoke(t, h, s, `{}`)
	if me, _, _ := strings.Cut(string(first.Payload), " "); string(second.Payload) != me+` 2"` || first.InitDuration == 0 || second.InitDuration != 0 {
		t.Errorf("%s, then %s", first.Payload, second.Payload)
	}
	s.Key += " changed"
	if third := invoke(t, h, s, `{}`); third.InitDuration == 0 || strings.HasPrefix(string(third.Payload), string(first.Payload[:5])) {
		t.Errorf("another revision ran in the environment of the first: %s", third.Payload)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := inline(t, "nodejs20.x", which)
	invoke(t, h, s, `{}`)
	h.Forget(s.Key)
	h.Forget("nobody")
	if o := invoke(t, h, s, `{}`); o.InitDuration == 0 {
		t.Errorf("a forgotten environment ran: %s", o.Payload)
	}
}

// TestFilesThatFail: an event that finds no files for its environment is refused, and the next one tries again.
func TestFilesThatFail(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := inline(t, "nodejs20.x", which)
	late := filepath.Join(t.TempDir(), "layer")
	s.Layers = []string{spec(t, "nodejs20.x", "", nil).Code, late}
	if o, err := h.Invoke(t.Context(), s, function.Event{}); err == nil {
		t.Errorf("it ran without a layer: %s", o.Payload)
	}
	if err := os.Mkdir(late, 0o755); err != nil {
		t.Fatal(err)
	}
	if o := invoke(t, h, s, `{}`); o.FunctionError != "" {
		t.Errorf("%s", o.Payload)
	}
}

// TestForgetBusy holds that an event that runs is answered.
func TestForgetBusy(t *testing.T) {
	t.Parallel()
	var out output
	h := newHost(t, func(o *function.Options) { o.Output = &out })
	s := inline(t, "nodejs20.x", `exports.handler = async () => { console.log('running'); await new Promise((r) => setTimeout(r, 500)); return 'done'; };`)
	var wg sync.WaitGroup
	wg.Go(func() {
		if o, err := h.Invoke(t.Context(), s, function.Event{}); err != nil || string(o.Payload) != `"done"` {
			t.Errorf("%v %s", err, o.Payload)
		}
	})
	eventually(t, "it runs", func() bool { return strings.Contains(out.text(), "running") })
	h.Forget(s.Key)
	wg.Wait()
}

func TestConcurrency(t *testing.T) {
	t.Parallel()
	var out output
	h := newHost(t, func(o *function.Options) { o.MaxEnvironments, o.Output = 2, &out })
	s := inline(t, "nodejs20.x", `exports.handler = (ms) => { console.log('running'); return new Promise((r) => setTimeout(r, ms, 'done')); };`)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if o, err := h.Invoke(ctx, s, function.Event{Payload: []byte("3600000")}); !errors.Is(err, context.Canceled) {
				t.Errorf("%v %s", err, o.Payload)
			}
		})
	}
	eventually(t, "two run", func() bool { return strings.Count(out.text(), "INFO\trunning") == 2 })
	if _, err := h.Invoke(t.Context(), s, function.Event{}); !errors.Is(err, function.ErrTooMany) {
		t.Errorf("a third: %v", err)
	}
	cancel()
	wg.Wait()
	eventually(t, "there is room", func() bool {
		o, err := h.Invoke(t.Context(), s, function.Event{Payload: []byte("0")})
		return err == nil && string(o.Payload) == `"done"`
	})
	other := inline(t, "nodejs20.x", hello)
	third := inline(t, "nodejs20.x", hello)
	invoke(t, h, other, `{}`)
	invoke(t, h, third, `{}`) // an idle one makes room
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	c := &credentials{expires: now.Add(time.Hour)}
	h := newHost(t, func(o *function.Options) {
		o.Credentials = c
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	s := inline(t, "nodejs20.x", `exports.handler = async () => process.env.AWS_ACCESS_KEY_ID;`)
	s.Timeout = time.Minute
	key := func() string { return string(invoke(t, h, s, `{}`).Payload) }
	if a, b := key(), key(); a != b || c.issued.Load() != 1 {
		t.Errorf("%s, then %s: %d issued", a, b, c.issued.Load())
	}
	mu.Lock()
	now = now.Add(58*time.Minute + time.Second) // an event could outlive them
	mu.Unlock()
	c.expires = now.Add(time.Hour)
	if got := key(); got != `"ASIATEST000000000002"` {
		t.Errorf("after they were about to expire: %s", got)
	}
	denied := errors.New("denied")
	h = newHost(t, func(o *function.Options) { o.Credentials = &credentials{err: denied} })
	if _, err := h.Invoke(t.Context(), s, function.Event{}); !errors.Is(err, denied) {
		t.Errorf("%v", err)
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	h := newHost(t, func(o *function.Options) { o.Idle = time.Millisecond })
	s := inline(t, "nodejs20.x", which)
	invoke(t, h, s, `{}`)
	eventually(t, "the idle environment has ended", func() bool { return invoke(t, h, s, `{}`).InitDuration > 0 })
}

func TestClose(t *testing.T) {
	t.Parallel()
	var out output
	h := newHost(t, func(o *function.Options) { o.Output = &out })
	s := inline(t, "nodejs20.x", `exports.handler = () => { console.log('running'); return new Promise((r) => setTimeout(r, 3600000)); };`)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := h.Invoke(t.Context(), s, function.Event{}); !errors.Is(err, function.ErrClosed) {
			t.Errorf("the event that ran: %v", err)
		}
	})
	eventually(t, "it runs", func() bool { return strings.Contains(out.text(), "running") })
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if _, err := h.Invoke(t.Context(), s, function.Event{}); !errors.Is(err, function.ErrClosed) {
		t.Errorf("an event after it: %v", err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if err := newHost(t).Close(); err != nil {
		t.Errorf("a host that has run nothing: %v", err)
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, s := range []function.Spec{
		inline(t, "nodejs20.x", `exports.handler = async (e, c) => [c.awsRequestId, c.functionName, c.functionVersion, c.memoryLimitInMB, c.logGroupName,
			c.invokedFunctionArn, c.clientContext.custom, c.getRemainingTimeInMillis() > 1000 && c.getRemainingTimeInMillis() <= 120000, process.env._X_AMZN_TRACE_ID];`),
		inline(t, "python3.12", `
import os
def handler(e, c):
    return [c.aws_request_id, c.function_name, c.function_version, c.memory_limit_in_mb, c.log_group_name,
        c.invoked_function_arn, c.client_context.custom, 1000 < c.get_remaining_time_in_millis() <= 120000, os.environ["_X_AMZN_TRACE_ID"]]
`),
	} {
		o, err := h.Invoke(t.Context(), s, function.Event{
			RequestID: "8c5f9a0e-1111-4222-8333-123456789abc", InvokedARN: s.ARN + ":live", ClientContext: []byte("{\"custom\":\n{\"k\":\"ä😀\"}}"), TraceID: "Root=1-2-3",
		})
		want := `["8c5f9a0e-1111-4222-8333-123456789abc","users","$LATEST","512","/aws/lambda/users","` + s.ARN + `:live",{"k":"ä😀"},true,"Root=1-2-3"]`
		if got := strings.ReplaceAll(strings.ReplaceAll(string(o.Payload), ", ", ","), ": ", ":"); err != nil || got != want {
			t.Errorf("%v %s\nwant %s\n%s", err, got, want, o.LogTail)
		}
	}
}
