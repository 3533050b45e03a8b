package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

// pollEvery is how often log -f asks for what is new.
const pollEvery = time.Second

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
		if last < 1 || last > 1000 {
			return fmt.Errorf("--last %d: it must be 1 to 1000", last)
		}
		l := tail{caller: k, w: c.OutOrStdout(), json: output.json(), seen: map[string]bool{}}
		parameters := url.Values{"MaxResults": {strconv.Itoa(last)}}
		for {
			if err := l.next(c, parameters); err != nil || !follow {
				return err
			}
			select {
			case <-c.Context().Done():
				return nil
			case <-time.After(pollEvery):
			}
			parameters = url.Values{"MaxResults": {"1000"}}
			if !l.latest.IsZero() {
				parameters.Set("StartTime", l.latest.Add(-overlap).UTC().Format(time.RFC3339))
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

type event struct {
	ID     string `xml:"EventId"`
	Record string `xml:"CloudTrailEvent"`
}

// next asks once and prints what is new. Its own calls are not printed while it follows: they would follow themselves.
func (l *tail) next(c *cobra.Command, parameters url.Values) error {
	var answer struct {
		Events []event `xml:"LookupEventsResult>Events>member"`
	}
	if err := l.caller.call(c.Context(), "LookupEvents", parameters, &answer); err != nil {
		return err
	}
	seen := make(map[string]bool, len(answer.Events))
	for _, e := range slices.Backward(answer.Events) {
		seen[e.ID] = true
		if l.seen[e.ID] {
			continue
		}
		if err := l.print(e); err != nil {
			return err
		}
	}
	l.seen = seen
	return nil
}

func (l *tail) print(e event) error {
	var r struct {
		EventTime                                    time.Time
		EventSource, EventName, RequestID, ErrorCode string
		UserIdentity                                 struct{ ARN, Type string }
	}
	if err := json.Unmarshal([]byte(e.Record), &r); err != nil {
		return err
	}
	l.latest = r.EventTime
	if r.EventSource == "ambit.amazonaws.com" && r.EventName == "LookupEvents" {
		return nil
	}
	if l.json {
		_, err := fmt.Fprintln(l.w, e.Record)
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
