package ambit

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// LookupEventsInput asks for what was written down, the newest first.
type LookupEventsInput struct {
	MaxResults *int32
	NextToken  *string
	StartTime  *time.Time // leaves out what is older
}

// LookupEventsOutput is a page of events in the shape of CloudTrail's call of that name.
type LookupEventsOutput struct {
	Events    []Event
	NextToken *string
}

// An Event is one request that was written down.
type Event struct {
	EventId         string
	EventName       string
	EventSource     string
	EventTime       *time.Time
	CloudTrailEvent string // the whole record, JSON
}

// Pages of events.
const (
	defaultEvents = 50
	mostEvents    = 1000
)

// tokenPrefix keeps the tokens of this call apart from the markers of others.
const tokenPrefix = "LookupEvents\x00"

// A record is what is read of one that was written down.
type record struct {
	EventID      string               `json:"eventID"`
	EventName    string               `json:"eventName"`
	EventSource  string               `json:"eventSource"`
	EventTime    time.Time            `json:"eventTime"`
	RequestID    string               `json:"requestID"`
	ErrorCode    string               `json:"errorCode"`
	ErrorMessage string               `json:"errorMessage"`
	UserIdentity struct{ ARN string } `json:"userIdentity"`
	Decisions    []decision           `json:"decisions"`
}

func checkLookup(in *LookupEventsInput) error {
	var c service.Constraints
	c.Between("maxResults", in.MaxResults, 1, mostEvents)
	c.Length("nextToken", in.NextToken, 1, 320)
	return c.Err()
}

// lookup lists events, the newest first. The token of the next page names the last event of this one, so that events that come
// meanwhile are not told twice.
func (s server) lookup(c *service.Call, in *LookupEventsInput, r identity.Reader) (service.Answer, error) {
	limit := defaultEvents
	if in.MaxResults != nil {
		limit = int(*in.MaxResults)
	}
	after := ""
	if in.NextToken != nil {
		text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *in.NextToken)
		last, found := strings.CutPrefix(string(text), tokenPrefix)
		if err != nil || !found {
			return service.Answer{}, service.BadRequest("InvalidNextTokenException", "The NextToken is not one of this call.")
		}
		after = last
	}
	records, err := s.trail.Records(r)
	if err != nil {
		return service.Answer{}, err
	}
	out := &LookupEventsOutput{Events: []Event{}}
	for i := len(records) - 1; i >= 0; i-- {
		var e record
		if err := json.Unmarshal(records[i], &e); err != nil {
			return service.Answer{}, err
		}
		switch {
		case after != "":
			if e.EventID == after {
				after = ""
			}
			continue
		case in.StartTime != nil && e.EventTime.Before(*in.StartTime):
			continue
		case len(out.Events) == limit:
			last := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte(tokenPrefix+out.Events[limit-1].EventId))
			out.NextToken = &last
			return service.Body(out), nil
		}
		out.Events = append(out.Events, Event{
			EventId: e.EventID, EventName: e.EventName, EventSource: e.EventSource, EventTime: &e.EventTime, CloudTrailEvent: string(records[i]),
		})
	}
	return service.Body(out), nil
}
