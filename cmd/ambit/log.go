package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// How often log -f asks for what is new, how many events are printed at once, and how many CloudTrail tells at once.
const (
	pollEvery = time.Second
	most      = 1000
	page      = 50
)

func newLog() *cobra.Command {
	var follow bool
	var last int
	c := &cobra.Command{
		Use:   "log",
		Short: "List the latest requests of the running server",
		Long: `Log lists the latest requests to the running server, the newest last: time,
answer, caller, operation and request id. With -o json it prints the records in
CloudTrail's shape, one a line. Calls such as its own are not among them, and of
more than 2000 within ten seconds --follow may leave some out.

Exit codes: 0 listed, 2 no running server or a wrong flag.`,
		Args: cobra.NoArgs,
		Example: `  ambit log
  ambit log -f
  ambit log --last 500 -o json`,
	}
	k := addCaller(c)
	output := addOutput(c, "text", "json")
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on with new requests as they come")
	c.Flags().IntVar(&last, "last", 50, "`number` of requests, up to 1000")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if last < 1 || last > most {
			return fmt.Errorf("--last %d: it must be 1 to %d", last, most)
		}
		l := tail{caller: k, w: c.OutOrStdout(), json: output.json(), printed: map[string]bool{}}
		if err := l.begin(c.Context(), last, follow); err != nil || !follow {
			return err
		}
		for {
			select {
			case <-c.Context().Done():
				return nil
			case <-time.After(pollEvery):
			}
			if err := l.next(c.Context()); err != nil {
				return err
			}
		}
	}
	return c
}

// overlap is asked for once more each time: what is written down late must not be left out.
const overlap = 10 * time.Second

// A tail prints events that it has not printed before.
type tail struct {
	caller  *caller
	w       io.Writer
	json    bool
	printed map[string]bool // events of the overlap that were printed, or came before the first that was
	latest  time.Time
}

// An event is what is read of one that CloudTrail tells.
type event struct {
	EventId, CloudTrailEvent string
	record                   eventRecord
}

// An eventRecord is what is read of the record of an event.
type eventRecord struct {
	EventTime                                    time.Time
	EventSource, EventName, RequestID, ErrorCode string
	UserIdentity                                 struct{ ARN, Type string }
}

// begin prints the newest events, up to a number. Who goes on from there must have met what is in the overlap.
func (l *tail) begin(ctx context.Context, number int, follow bool) error {
	var events []event
	err := l.each(ctx, func(e *event) bool {
		if l.latest.IsZero() {
			l.latest = e.record.EventTime
		}
		if len(events) < number {
			events = append(events, *e)
		}
		l.printed[e.EventId] = true
		return len(events) < number || follow && !e.record.EventTime.Before(l.since())
	})
	return errors.Join(err, l.print(events))
}

// next prints what has come since.
func (l *tail) next(ctx context.Context) error {
	var events []event
	met, latest, since := map[string]bool{}, l.latest, l.since()
	err := l.each(ctx, func(e *event) bool {
		if e.record.EventTime.Before(since) {
			return false
		}
		if e.record.EventTime.After(latest) {
			latest = e.record.EventTime
		}
		if !l.printed[e.EventId] {
			events = append(events, *e)
		}
		met[e.EventId] = true
		return true
	})
	l.printed, l.latest = met, latest
	return errors.Join(err, l.print(events))
}

// since is where the overlap begins: in whole seconds, as times of events are.
func (l *tail) since() time.Time { return l.latest.Add(-overlap) }

// each hands over the newest events, the newest first, page by page, until it is told to stop; at most so many that a busy server is
// not read from end to end.
func (l *tail) each(ctx context.Context, more func(*event) bool) error {
	input := map[string]any{"MaxResults": page}
	for read := 0; read < 2*most; read += page {
		var answer struct {
			Events    []event
			NextToken string
		}
		if err := l.caller.lookupEvents(ctx, input, &answer); err != nil {
			return err
		}
		for i := range answer.Events {
			e := &answer.Events[i]
			if err := json.Unmarshal([]byte(e.CloudTrailEvent), &e.record); err != nil {
				return err
			}
			if !more(e) {
				return nil
			}
		}
		if answer.NextToken == "" {
			return nil
		}
		input["NextToken"] = answer.NextToken
	}
	return nil
}

// print prints events, the newest of which stands first, the newest last.
func (l *tail) print(events []event) error {
	for i := range slices.Backward(events) {
		if err := l.line(&events[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *tail) line(e *event) error {
	r := &e.record
	if l.json {
		_, err := fmt.Fprintln(l.w, e.CloudTrailEvent)
		return err
	}
	answer := newPaint(l.w).good("ok")
	if r.ErrorCode != "" {
		answer = newPaint(l.w).bad(oneLine(r.ErrorCode))
	}
	who := r.UserIdentity.ARN
	if who == "" {
		who = r.UserIdentity.Type
	}
	return linef(l.w, "%s  %-14s %s  %s %s  %s\n", r.EventTime.UTC().Format(time.RFC3339), painted(answer), who, r.EventSource, r.EventName, r.RequestID)
}
