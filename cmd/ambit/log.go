package main

import (
	"context"
	"encoding/json"
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
CloudTrail's shape, one a line.

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
		l := tail{caller: k, w: c.OutOrStdout(), json: output.json(), seen: map[string]bool{}}
		if err := l.next(c.Context(), last); err != nil || !follow {
			return err
		}
		for {
			select {
			case <-c.Context().Done():
				return nil
			case <-time.After(pollEvery):
			}
			if err := l.next(c.Context(), most); err != nil {
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
	caller *caller
	w      io.Writer
	json   bool
	seen   map[string]bool
	latest time.Time
}

// An event is what is read of one that CloudTrail tells.
type event struct{ EventId, CloudTrailEvent string }

// next asks for what is new, at most a number of events, and prints it. Its own calls are not printed while it follows: they would
// follow themselves.
func (l *tail) next(ctx context.Context, number int) error {
	events, err := l.latestEvents(ctx, number)
	if err != nil {
		return err
	}
	seen := make(map[string]bool, len(events))
	for _, e := range slices.Backward(events) {
		seen[e.EventId] = true
		if l.seen[e.EventId] {
			continue
		}
		if err := l.print(e); err != nil {
			return err
		}
	}
	l.seen = seen
	return nil
}

// latestEvents returns the newest events, the newest first, page by page.
func (l *tail) latestEvents(ctx context.Context, number int) ([]event, error) {
	input := map[string]any{}
	if !l.latest.IsZero() {
		input["StartTime"] = l.latest.Add(-overlap).Unix()
	}
	var events []event
	for len(events) < number {
		input["MaxResults"] = min(number-len(events), page)
		var answer struct {
			Events    []event
			NextToken string
		}
		if err := l.caller.lookupEvents(ctx, input, &answer); err != nil {
			return nil, err
		}
		events = append(events, answer.Events...)
		if answer.NextToken == "" {
			break
		}
		input["NextToken"] = answer.NextToken
	}
	return events, nil
}

func (l *tail) print(e event) error {
	var r struct {
		EventTime                                    time.Time
		EventSource, EventName, RequestID, ErrorCode string
		UserIdentity                                 struct{ ARN, Type string }
	}
	if err := json.Unmarshal([]byte(e.CloudTrailEvent), &r); err != nil {
		return err
	}
	l.latest = r.EventTime
	if r.EventSource == "cloudtrail.amazonaws.com" && r.EventName == "LookupEvents" {
		return nil
	}
	if l.json {
		_, err := fmt.Fprintln(l.w, e.CloudTrailEvent)
		return err
	}
	answer := newPaint(l.w).good("ok")
	if r.ErrorCode != "" {
		answer = newPaint(l.w).bad(r.ErrorCode)
	}
	who := r.UserIdentity.ARN
	if who == "" {
		who = r.UserIdentity.Type
	}
	_, err := fmt.Fprintf(l.w, "%s  %-14s %s  %s %s  %s\n", r.EventTime.UTC().Format(time.RFC3339), answer, who, r.EventSource, r.EventName, r.RequestID)
	return err
}
