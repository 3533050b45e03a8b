package cloudtrail

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// lookupEventsInput asks for what was written down, the newest first.
type lookupEventsInput struct {
	LookupAttributes []lookupAttribute
	StartTime        *time.Time
	EndTime          *time.Time
	EventCategory    *string
	MaxResults       *int32
	NextToken        *string
}

type lookupAttribute struct{ AttributeKey, AttributeValue *string }

type lookupEventsOutput struct {
	Events    []event
	NextToken *string
}

// An event is one request that was written down.
type event struct {
	EventId         string
	EventName       string
	ReadOnly        string
	AccessKeyId     *string
	EventTime       time.Time
	EventSource     string
	Username        *string
	Resources       []struct{}
	CloudTrailEvent string // the whole record, JSON
}

// maxEvents is the size of a page, and its largest ("LookupEvents", MaxResults).
const maxEvents = 50

// tokenPrefix keeps the tokens of this call apart from the markers of others.
const tokenPrefix = "LookupEvents\x00"

// Codes of LookupEvents. AWS documents when they are answered, and not in which words.
func checkLookup(in *lookupEventsInput) error {
	switch {
	case in.MaxResults != nil && (*in.MaxResults < 1 || *in.MaxResults > maxEvents):
		return service.BadRequest("InvalidMaxResultsException", "MaxResults must be between 1 and 50.")
	case in.EventCategory != nil && *in.EventCategory != "insight":
		return service.BadRequest("InvalidEventCategoryException", "EventCategory must be insight.")
	case in.StartTime != nil && in.EndTime != nil && in.EndTime.Before(*in.StartTime):
		return service.BadRequest("InvalidTimeRangeException", "StartTime must not be later than EndTime.")
	case len(in.LookupAttributes) > 1:
		return invalidAttributes("LookupAttributes can contain only one item.")
	}
	for _, a := range in.LookupAttributes {
		switch {
		case a.AttributeKey == nil || a.AttributeValue == nil:
			return invalidAttributes("A lookup attribute has a key and a value.")
		case *a.AttributeKey == "ResourceName" || *a.AttributeKey == "ResourceType":
			return invalidAttributes("Events are written down without their resources here: " + *a.AttributeKey + " finds none.")
		case !slices.Contains(attributeKeys, *a.AttributeKey):
			return invalidAttributes("AttributeKey must be one of " + strings.Join(attributeKeys, ", ") + ".")
		}
	}
	return nil
}

func invalidAttributes(message string) error {
	return service.BadRequest("InvalidLookupAttributesException", message)
}

// A record is what is read of one that was written down.
type record struct {
	EventID      string    `json:"eventID"`
	EventName    string    `json:"eventName"`
	EventSource  string    `json:"eventSource"`
	EventTime    time.Time `json:"eventTime"`
	ReadOnly     bool      `json:"readOnly"`
	UserIdentity struct {
		Type        string `json:"type"`
		ARN         string `json:"arn"`
		UserName    string `json:"userName"`
		AccessKeyID string `json:"accessKeyId"`
	} `json:"userIdentity"`
}

// attributeKeys are what can be looked for, as record.attribute knows them.
var attributeKeys = []string{"EventId", "EventName", "ReadOnly", "Username", "EventSource", "AccessKeyId"}

func (r *record) attribute(key string) string {
	switch key {
	case "EventId":
		return r.EventID
	case "EventName":
		return r.EventName
	case "ReadOnly":
		return r.readOnly()
	case "Username":
		return r.userName()
	case "EventSource":
		return r.EventSource
	case "AccessKeyId":
		return r.UserIdentity.AccessKeyID
	}
	return ""
}

func (r *record) readOnly() string {
	if r.ReadOnly {
		return "true"
	}
	return "false"
}

// userName is the name by which events are looked up: the user's, "root", or that of the session.
func (r *record) userName() string {
	switch u := &r.UserIdentity; {
	case u.UserName != "":
		return u.UserName
	case u.Type == "Root":
		return "root"
	default:
		return u.ARN[strings.LastIndexByte(u.ARN, '/')+1:]
	}
}

// wanted reports whether a record is asked for.
func (in *lookupEventsInput) wanted(r *record) bool {
	switch {
	case in.EventCategory != nil: // there are no Insights events
		return false
	case in.StartTime != nil && r.EventTime.Before(*in.StartTime), in.EndTime != nil && r.EventTime.After(*in.EndTime):
		return false
	}
	return !slices.ContainsFunc(in.LookupAttributes, func(a lookupAttribute) bool { return r.attribute(*a.AttributeKey) != *a.AttributeValue })
}

// lookupEvents lists events, the newest first. The token of the next page names the last event of this one, so that events that come
// meanwhile are not told twice.
func lookupEvents(trail Trail, c *service.Call, in *lookupEventsInput, r identity.Reader) (service.Answer, error) {
	limit := maxEvents
	if in.MaxResults != nil {
		limit = int(*in.MaxResults)
	}
	after, err := openToken(c, in.NextToken)
	if err != nil {
		return service.Answer{}, err
	}
	records, err := trail.Records(r)
	if err != nil {
		return service.Answer{}, err
	}
	out := &lookupEventsOutput{Events: []event{}}
	for _, text := range slices.Backward(records) {
		var one record
		if err := json.Unmarshal(text, &one); err != nil {
			return service.Answer{}, err
		}
		switch {
		case after != "":
			if one.EventID == after {
				after = ""
			}
		case !in.wanted(&one):
		case len(out.Events) == limit:
			last := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte(tokenPrefix+out.Events[limit-1].EventId))
			out.NextToken = &last
			return service.Body(out), nil
		default:
			out.Events = append(out.Events, eventOf(&one, text))
		}
	}
	return service.Body(out), nil
}

// openToken returns the id of the last event of the page before.
func openToken(c *service.Call, token *string) (string, error) {
	if token == nil {
		return "", nil
	}
	text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *token)
	last, found := strings.CutPrefix(string(text), tokenPrefix)
	if err != nil || !found {
		return "", service.BadRequest("InvalidNextTokenException", "The NextToken is not one of this call.")
	}
	return last, nil
}

func eventOf(r *record, text json.RawMessage) event {
	e := event{
		EventId: r.EventID, EventName: r.EventName, ReadOnly: r.readOnly(), EventTime: r.EventTime, EventSource: r.EventSource,
		Resources: []struct{}{}, CloudTrailEvent: string(text),
	}
	if id := r.UserIdentity.AccessKeyID; id != "" {
		e.AccessKeyId = &id
	}
	if name := r.userName(); name != "" {
		e.Username = &name
	}
	return e
}
