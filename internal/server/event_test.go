package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// lookup is a call of CloudTrail's LookupEvents.
func lookup(input string) request {
	return request{service: "cloudtrail", body: input, header: map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"}}
}

type eventPage struct {
	Events []struct {
		EventName, EventSource, ReadOnly, Username, AccessKeyId, CloudTrailEvent string
		EventTime                                                                float64
	}
	NextToken string
}

func (r *running) events(t *testing.T, input string) eventPage {
	t.Helper()
	status, body := r.call(t, lookup(input), r.admin())
	var p eventPage
	if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusOK {
		t.Fatalf("%s: %d %s: %v", input, status, body, err)
	}
	return p
}

func (p *eventPage) names() (names []string) {
	for _, e := range p.Events {
		names = append(names, e.EventName)
	}
	return names
}

// TestEvents: pages of what was written down, reads and writes and refusals in one order.
func TestEvents(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	began := time.Now().Add(-time.Minute).Unix()
	nobody := r.nobody(t, "nobody") // CreateUser, CreateAccessKey
	if _, err := r.iam(nobody).GetUser(t.Context(), nil); err == nil {
		t.Fatal("allowed")
	}
	var names []string
	input := fmt.Sprintf(`{"MaxResults":2,"StartTime":%d}`, began)
	for range 3 {
		p := r.events(t, input)
		if len(p.Events) > 2 {
			t.Errorf("%d events", len(p.Events))
		}
		names = append(names, p.names()...)
		for _, e := range p.Events {
			if strings.Contains(e.CloudTrailEvent, nobody.SecretAccessKey) {
				t.Errorf("a secret in %s", e.CloudTrailEvent)
			}
		}
		if p.NextToken == "" {
			break
		}
		input = fmt.Sprintf(`{"MaxResults":2,"StartTime":%d,"NextToken":"%s"}`, began, p.NextToken)
	}
	if len(names) < 3 || !slices.Equal(names[:3], []string{"GetUser", "CreateAccessKey", "CreateUser"}) {
		t.Errorf("%v", names)
	}
	find := func(key, value string) []string {
		p := r.events(t, fmt.Sprintf(`{"LookupAttributes":[{"AttributeKey":%q,"AttributeValue":%q}]}`, key, value))
		return p.names()
	}
	for key, value := range map[string]string{"EventName": "GetUser", "Username": "nobody", "AccessKeyId": nobody.AccessKeyID} {
		if got := find(key, value); !slices.Equal(got, []string{"GetUser"}) {
			t.Errorf("by %s: %v", key, got)
		}
	}
	if got := find("ReadOnly", "false"); !slices.Equal(got, []string{"CreateAccessKey", "CreateUser"}) {
		t.Errorf("writes: %v", got)
	}
	e := r.events(t, `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"CreateUser"}]}`).Events[0]
	if e.EventSource != "iam.amazonaws.com" || e.ReadOnly != "false" || e.Username != "admin" || e.AccessKeyId != r.admin().AccessKeyID ||
		time.Since(time.UnixMilli(int64(e.EventTime*1000))) > time.Minute {
		t.Errorf("%+v", e)
	}
	for _, none := range []string{fmt.Sprintf(`{"StartTime":%d}`, time.Now().Add(time.Hour).Unix()), `{"EndTime":0}`, `{"EventCategory":"insight"}`} {
		if p := r.events(t, none); len(p.Events) > 0 {
			t.Errorf("%s: %v", none, p.names())
		}
	}
}

// TestLookupsAreNotFollowed: who reads what was written down finds the calls of others, and not his own of before. A lookup that is
// refused is written down as all refusals are.
func TestLookupsAreNotFollowed(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	if status, body := r.call(t, lookup("{}"), r.nobody(t, "nobody")); status != http.StatusBadRequest {
		t.Fatalf("%d %s", status, body)
	}
	for range 3 {
		if p := r.events(t, "{}"); !slices.Equal(p.names(), []string{"LookupEvents", "CreateAccessKey", "CreateUser"}) {
			t.Errorf("%v", p.names())
		}
	}
}

func TestLookupsThatCannotBe(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for input, want := range map[string]string{
		`{"NextToken":"forged"}`:        "InvalidNextTokenException",
		`{"MaxResults":51}`:             "InvalidMaxResultsException",
		`{"MaxResults":0}`:              "InvalidMaxResultsException",
		`{"StartTime":200,"EndTime":1}`: "InvalidTimeRangeException",
		`{"EventCategory":"data"}`:      "InvalidEventCategoryException",
		`{"LookupAttributes":[{"AttributeKey":"Colour","AttributeValue":"x"}]}`:                                                    "InvalidLookupAttributesException",
		`{"LookupAttributes":[{"AttributeKey":"EventName"}]}`:                                                                      "InvalidLookupAttributesException",
		`{"LookupAttributes":[{"AttributeKey":"ResourceName","AttributeValue":"x"}]}`:                                              "InvalidLookupAttributesException",
		`{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"x"},{"AttributeKey":"EventId","AttributeValue":"x"}]}`: "InvalidLookupAttributesException",
		`{"Nonsense":1}`: "ValidationException",
	} {
		status, header, body := send(t, r.sign(t, lookup(input), r.admin(), time.Now()))
		if status != http.StatusBadRequest || code(header, body) != want {
			t.Errorf("%s: %d %s, want %s", input, status, body, want)
		}
	}
	q := lookup("{}")
	q.header["X-Amz-Target"] = "CloudTrail_20131101.LookupEvents" // as aws-sdk-go-v2 spells it
	if status, body := r.call(t, q, r.admin()); status != http.StatusOK {
		t.Errorf("without the namespace of the model: %d %s", status, body)
	}
}
