package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ambit-iam/ambit/internal/server"
)

const functionGroup = "/aws/lambda/fn"

// cloudwatch makes a call of CloudWatch Logs in Frankfurt, which must be answered with the status.
func (r *running) cloudwatch(t *testing.T, c aws.Credentials, status int, operation, body string) string {
	t.Helper()
	got, answer := r.call(t, request{service: "logs", region: "eu-central-1", body: body, header: map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Logs_20140328." + operation}}, c)
	if got != status {
		t.Fatalf("%s %s: %d %s", operation, body, got, answer)
	}
	return answer
}

// stream makes a stream, and its group if that is new.
func (r *running) stream(t *testing.T, group, stream string) {
	t.Helper()
	names := fmt.Sprintf(`"logGroupName":%q`, group)
	r.call(t, request{service: "logs", region: "eu-central-1", body: "{" + names + "}", header: map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Logs_20140328.CreateLogGroup"}}, r.admin())
	r.cloudwatch(t, r.admin(), 200, "CreateLogStream", fmt.Sprintf(`{%s,"logStreamName":%q}`, names, stream))
}

// putEvents adds events to a stream, each so many milliseconds after the base.
func (r *running) putEvents(t *testing.T, stream string, base time.Time, events ...string) string {
	t.Helper()
	var list []string
	for _, e := range events {
		var after int64
		var message string
		if _, err := fmt.Sscanf(e, "%d %s", &after, &message); err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf(`{"timestamp":%d,"message":%q}`, base.UnixMilli()+after, message))
	}
	return r.cloudwatch(t, r.admin(), 200, "PutLogEvents", fmt.Sprintf(`{"logGroupName":%q,"logStreamName":%q,"logEvents":[%s]}`,
		functionGroup, stream, strings.Join(list, ",")))
}

type logPage struct {
	Events []struct {
		Message, EventID, LogStreamName string
		Timestamp                       int64
	}
	NextToken, NextForwardToken, NextBackwardToken string
}

// read answers a page, and its messages joined.
func (r *running) read(t *testing.T, operation, members string) (p logPage, messages string) {
	t.Helper()
	answer := r.cloudwatch(t, r.admin(), 200, operation, fmt.Sprintf(`{"logGroupName":%q%s}`, functionGroup, members))
	if err := json.Unmarshal([]byte(answer), &p); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range p.Events {
		list = append(list, e.Message)
	}
	return p, strings.Join(list, " ")
}

// TestEventsArePagedInTheirStream: pages of GetLogEvents lie side by side in both directions, and the token at an end is the one that
// was given, until more comes.
func TestEventsArePagedInTheirStream(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.stream(t, functionGroup, "s")
	r.stream(t, functionGroup, "other")
	base := time.Now().Add(-time.Hour)
	r.putEvents(t, "s", base, "1 a", "2 b", "2 c", "5 d", "6 e")
	r.putEvents(t, "other", base, "2 x")
	const of = `,"logStreamName":"s"`
	token := func(text string) string { return fmt.Sprintf(`,"nextToken":%q`, text) }
	page := func(members, want string) logPage {
		t.Helper()
		p, got := r.read(t, "GetLogEvents", of+members)
		if got != want {
			t.Errorf("GetLogEvents %s: %q, want %q", members, got, want)
		}
		return p
	}
	last := page(`,"limit":2`, "d e")
	before := page(`,"limit":2`+token(last.NextBackwardToken), "b c")
	first := page(`,"limit":2`+token(before.NextBackwardToken), "a")
	if p := page(token(first.NextBackwardToken), ""); p.NextBackwardToken != first.NextBackwardToken {
		t.Errorf("at the beginning: %+v", p)
	}
	head := page(`,"limit":3,"startFromHead":true`, "a b c")
	tail := page(`,"limit":3,"startFromHead":true`+token(head.NextForwardToken), "d e")
	if p := page(`,"startFromHead":true`+token(tail.NextForwardToken), ""); p.NextForwardToken != tail.NextForwardToken {
		t.Errorf("at the end: %+v", p)
	}
	r.putEvents(t, "s", base, "6 f", "9 g")
	page(token(tail.NextForwardToken), "f g")
	page(fmt.Sprintf(`,"startTime":%d,"endTime":%d`, base.UnixMilli()+2, base.UnixMilli()+6), "b c d") // the end is not in it
	page(fmt.Sprintf(`,"startTime":%d`, base.UnixMilli()+100), "")
	for _, bad := range []string{"", "x", "f/1/s", "f/" + strings.Repeat("9", 56) + "/s", "g" + tail.NextForwardToken[1:]} {
		r.cloudwatch(t, r.admin(), 400, "GetLogEvents", fmt.Sprintf(`{"logGroupName":%q%s,"nextToken":%q}`, functionGroup, of, bad))
	}
}

// TestEventsAreFiltered: FilterLogEvents has the events of all streams in one order, page by page, each once.
func TestEventsAreFiltered(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	base := time.Now().Add(-time.Hour)
	for _, s := range []string{"a1", "a2", "b"} {
		r.stream(t, functionGroup, s)
	}
	r.putEvents(t, "a1", base, "1 one", "5 five")
	r.putEvents(t, "a2", base, "2 two", "5 cinq", "6 six")
	r.putEvents(t, "b", base, "3 three", "5 fuenf")
	filter := func(members, want string) logPage {
		t.Helper()
		p, got := r.read(t, "FilterLogEvents", members)
		if got != want {
			t.Errorf("FilterLogEvents %s: %q, want %q", members, got, want)
		}
		return p
	}
	all := "one two three five cinq fuenf six" // at one time as they came
	if p := filter("", all); p.NextToken != "" || p.Events[2].LogStreamName != "b" || p.Events[2].Timestamp != base.UnixMilli()+3 {
		t.Errorf("%+v", p)
	}
	filter(`,"logStreamNames":["a2","b"]`, "two three cinq fuenf six")
	filter(`,"logStreamNames":["b","b"]`, "three fuenf")
	filter(`,"logStreamNamePrefix":"a"`, "one two five cinq six")
	filter(fmt.Sprintf(`,"startTime":%d,"endTime":%d`, base.UnixMilli()+2, base.UnixMilli()+5), "two three five cinq fuenf") // the end is in it
	filter(`,"filterPattern":"?five ?fuenf ?six"`, "five fuenf six")
	filter(`,"interleaved":true,"filterPattern":"nothing"`, "")
	for _, streams := range []string{"", `,"logStreamNames":["b","a1","a2"]`} {
		var got, ids []string
		members := streams + `,"limit":2`
		for range 9 {
			p, messages := r.read(t, "FilterLogEvents", members)
			got = append(got, strings.Fields(messages)...)
			for _, e := range p.Events {
				ids = append(ids, e.EventID)
			}
			if p.NextToken == "" {
				break
			}
			members = streams + fmt.Sprintf(`,"limit":2,"nextToken":%q`, p.NextToken)
		}
		if strings.Join(got, " ") != all || !slices.IsSorted(ids) || len(slices.Compact(ids)) != len(got) {
			t.Errorf("by pages of two %s: %v %v", streams, got, ids)
		}
	}
	r.cloudwatch(t, r.admin(), 200, "DeleteLogStream", `{"logGroupName":"`+functionGroup+`","logStreamName":"a1"}`)
	filter("", "two three cinq fuenf six")
	r.stream(t, functionGroup, "a1")
	filter("", "two three cinq fuenf six") // who comes after has nothing of who was before
}

// TestBatchesAreJudged holds the limits of PutLogEvents, and what is told of events that are not taken.
func TestBatchesAreJudged(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.stream(t, functionGroup, "s")
	now := time.Now()
	at := func(d time.Duration) string {
		return fmt.Sprintf(`{"timestamp":%d,"message":"m"}`, now.Add(d).UnixMilli())
	}
	day := 24 * time.Hour
	for _, tt := range []struct {
		name, events string
		status       int
		says         string
	}{
		{"in order", at(-2*time.Second) + "," + at(-time.Second), 200, `{"nextSequenceToken":"49`},
		{"out of order", at(-time.Second) + "," + at(-2*time.Second), 400, `"message":"Log events in a single PutLogEvents request must be in chronological order."`},
		{"a day and more", at(-day-time.Minute) + "," + at(0), 400, `"message":"The batch of log events in a single PutLogEvents request cannot span more than 24 hours."`},
		{"too old", at(-14*day-time.Hour) + "," + at(-14*day+time.Hour), 200, `"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}`},
		{"too new", at(0) + "," + at(time.Hour) + "," + at(3*time.Hour), 200, `"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":2}`},
		{"none", "", 400, `Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1`},
		{"empty", `{"timestamp":1,"message":""}`, 400, `Value '' at 'logEvents.1.member.message' failed`},
		{"no time", `{"message":"m"}`, 400, `Value null at 'logEvents.1.member.timestamp' failed`},
		{"another member", `{"timestamp":1,"message":"m","x":1}`, 400, `logEvents.x`},
		{"too many", at(0) + strings.Repeat(","+at(0), 10_000), 400, `Value at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to 10000`},
		{"too large", fmt.Sprintf(`{"timestamp":%d,"message":%q}`, now.UnixMilli(), strings.Repeat("x", 1<<20-25)), 400, `"message":"Upload too large: 1048577 bytes exceeds limit of 1048576"`},
		{"as large as can be", fmt.Sprintf(`{"timestamp":%d,"message":%q}`, now.UnixMilli(), strings.Repeat("x", 1<<20-26)), 200, `nextSequenceToken`},
	} {
		answer := r.cloudwatch(t, r.admin(), tt.status, "PutLogEvents", `{"logGroupName":"`+functionGroup+`","logStreamName":"s","sequenceToken":"any","logEvents":[`+tt.events+`]}`)
		if !strings.Contains(answer, tt.says) {
			t.Errorf("%s: %.300s\nwant %s", tt.name, answer, tt.says)
		}
	}
	answer := r.cloudwatch(t, r.admin(), 400, "PutLogEvents", `{"logGroupName":"`+functionGroup+`","logStreamName":"none","logEvents":[`+at(0)+`]}`)
	if answer != `{"__type":"ResourceNotFoundException","message":"The specified log stream does not exist."}` {
		t.Error(answer)
	}
}

// TestRetentionHidesAtOnce: an event that has expired is answered to nobody, whatever is still on the disk.
func TestRetentionHidesAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.stream(t, functionGroup, "s")
	r.putEvents(t, "s", time.Now().Add(-48*time.Hour), "0 old")
	r.putEvents(t, "s", time.Now().Add(-time.Hour), "0 new")
	both := func(want string) {
		t.Helper()
		if _, got := r.read(t, "GetLogEvents", `,"logStreamName":"s"`); got != want {
			t.Errorf("GetLogEvents: %q, want %q", got, want)
		}
		if _, got := r.read(t, "FilterLogEvents", ""); got != want {
			t.Errorf("FilterLogEvents: %q, want %q", got, want)
		}
	}
	both("old new")
	r.cloudwatch(t, r.admin(), 200, "PutRetentionPolicy", `{"logGroupName":"`+functionGroup+`","retentionInDays":1}`)
	both("new")
	if answer := r.cloudwatch(t, r.admin(), 200, "DescribeLogGroups", `{}`); !strings.Contains(answer, `"retentionInDays":1`) || !strings.Contains(answer, `"storedBytes":58`) {
		t.Error(answer)
	}
	if answer := r.putEvents(t, "s", time.Now().Add(-25*time.Hour), "0 late", "7200000 later"); !strings.Contains(answer, `"expiredLogEventEndIndex":1`) {
		t.Error(answer)
	}
	both("later new")
	if answer := r.cloudwatch(t, r.admin(), 200, "DescribeLogGroups", `{}`); !strings.Contains(answer, `"storedBytes":60`) { // what expired went with the batch
		t.Error(answer)
	}
	r.cloudwatch(t, r.admin(), 200, "DeleteRetentionPolicy", `{"logGroupName":"`+functionGroup+`"}`)
	if answer := r.cloudwatch(t, r.admin(), 400, "PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":8}`); !strings.Contains(answer, "enum value set: [1, 3, 5,") {
		t.Error(answer)
	}
}

// TestLogGroupsAndStreamsAreListed holds prefixes, patterns, orders and pages.
func TestLogGroupsAndStreamsAreListed(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, g := range []string{"/a/1", "/a/2", "/b/1", functionGroup} {
		r.cloudwatch(t, r.admin(), 200, "CreateLogGroup", `{"logGroupName":"`+g+`"}`)
	}
	base := time.Now().Add(-time.Hour)
	for i, s := range []string{"x", "y", "z", "never"} {
		r.stream(t, functionGroup, s)
		if s != "never" {
			r.putEvents(t, s, base, fmt.Sprintf("%d m", 10-i))
		}
	}
	list := func(operation, member, members string) (names []string) {
		t.Helper()
		token := ""
		for range 9 {
			answer := r.cloudwatch(t, r.admin(), 200, operation, "{"+members+token+"}")
			var p map[string]json.RawMessage
			if err := json.Unmarshal([]byte(answer), &p); err != nil {
				t.Fatal(err)
			}
			var entries []map[string]any
			if err := json.Unmarshal(p[member+"s"], &entries); err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				names = append(names, e[member+"Name"].(string))
			}
			if p["nextToken"] == nil {
				return names
			}
			token = `,"nextToken":` + string(p["nextToken"])
		}
		t.Fatalf("%s %s does not end", operation, members)
		return nil
	}
	const group = `"logGroupName":"` + functionGroup + `"`
	for _, tt := range []struct{ operation, members, want string }{
		{"DescribeLogGroups", `"limit":2`, "/a/1 /a/2 /aws/lambda/fn /b/1"},
		{"DescribeLogGroups", `"limit":1,"logGroupNamePrefix":"/a/"`, "/a/1 /a/2"},
		{"DescribeLogGroups", `"limit":1,"logGroupNamePattern":"1"`, "/a/1 /b/1"},
		{"DescribeLogGroups", `"logGroupIdentifiers":["/b/1","arn:aws:logs:eu-central-1:123456789012:log-group:/a/2","none"]`, "/b/1 /a/2"},
		{"DescribeLogGroups", `"logGroupClass":"INFREQUENT_ACCESS"`, ""},
		{"DescribeLogStreams", group + `,"limit":3`, "never x y z"},
		{"DescribeLogStreams", group + `,"limit":1,"descending":true`, "z y x never"},
		{"DescribeLogStreams", group + `,"orderBy":"LastEventTime","limit":1,"descending":true`, "x y z never"},
		{"DescribeLogStreams", group + `,"orderBy":"LastEventTime","limit":3`, "never z y x"},
		{"DescribeLogStreams", group + `,"logStreamNamePrefix":"y"`, "y"},
		{"DescribeLogStreams", `"logGroupIdentifier":"arn:aws:logs:eu-central-1:123456789012:log-group:` + functionGroup + `","logStreamNamePrefix":"z"`, "z"},
	} {
		member := map[string]string{"DescribeLogGroups": "logGroup", "DescribeLogStreams": "logStream"}[tt.operation]
		if got := strings.Join(list(tt.operation, member, tt.members), " "); got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.operation, tt.members, got, tt.want)
		}
	}
}

// TestLogsAnswerInAWSsWords holds what is said of what cannot be done.
func TestLogsAnswerInAWSsWords(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.stream(t, "g", "s")
	r.cloudwatch(t, r.admin(), 200, "PutLogGroupDeletionProtection", `{"logGroupIdentifier":"g","deletionProtectionEnabled":true}`)
	for _, tt := range []struct{ operation, body, code, says string }{
		{"CreateLogGroup", `{"logGroupName":"g"}`, "ResourceAlreadyExistsException", "The specified log group already exists"},
		{"CreateLogGroup", `{"logGroupName":"a b"}`, "InvalidParameterException", `1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`},
		{"CreateLogGroup", `{}`, "InvalidParameterException", "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"},
		{"CreateLogGroup", `{"logGroupName":"h","kmsKeyId":"arn:aws:kms:eu-central-1:123456789012:key/k"}`, "InvalidParameterException", "AWS KMS keys are not available here: kmsKeyId must not be given."},
		{"CreateLogGroup", `{"logGroupName":"h","tags":{"aws:x":"y"}}`, "InvalidParameterException", "The tag key 'aws:x' is invalid: aws: prefixed tag keys are reserved."},
		{"CreateLogGroup", `{"logGroupName":"h","retention":1}`, "ValidationException", "The parameter retention is not known for CreateLogGroup"},
		{"CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`, "ResourceAlreadyExistsException", "The specified log stream already exists"},
		{"CreateLogStream", `{"logGroupName":"none","logStreamName":"s"}`, "ResourceNotFoundException", "The specified log group does not exist."},
		{"CreateLogStream", `{"logGroupName":"g","logStreamName":"a:b"}`, "InvalidParameterException", "1 validation error detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*"},
		{"DeleteLogStream", `{"logGroupName":"g","logStreamName":"none"}`, "ResourceNotFoundException", "The specified log stream does not exist."},
		{"DeleteLogGroup", `{"logGroupName":"none"}`, "ResourceNotFoundException", "The specified log group does not exist."},
		{"DeleteLogGroup", `{"logGroupName":"g"}`, "ValidationException", "The log group g is protected against deletion. Disable deletion protection first."},
		{"GetLogEvents", `{"logGroupName":"g","logStreamName":"none"}`, "ResourceNotFoundException", "The specified log stream does not exist."},
		{"FilterLogEvents", `{"logGroupName":"g","logStreamNames":["s","none"]}`, "ResourceNotFoundException", "The specified log stream does not exist."},
		{"FilterLogEvents", `{"logGroupName":"g","filterPattern":"{ $.a"}`, "InvalidParameterException", "Invalid filter pattern: after a selector comes =, !=, <, >, <=, >=, IS NULL, IS TRUE, IS FALSE or NOT EXISTS (at character 6)"},
		{"FilterLogEvents", `{"logGroupName":"g","nextToken":"x"}`, "InvalidParameterException", "The specified nextToken is invalid."},
		{"FilterLogEvents", `{"logGroupIdentifier":"arn:aws:logs:eu-central-1:210987654321:log-group:g"}`, "ResourceNotFoundException", "The specified log group does not exist."},
		{"DescribeLogStreams", `{"logGroupName":"g","orderBy":"LastEventTime","logStreamNamePrefix":"s"}`, "InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix."},
		{"DescribeLogGroups", `{"limit":51}`, "InvalidParameterException", "1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50"},
		{"TagResource", `{"resourceArn":"arn:aws:logs:eu-central-1:123456789012:log-group:none","tags":{"a":"b"}}`, "ResourceNotFoundException", "The specified resource does not exist."},
		{"TagResource", `{"resourceArn":"arn:aws:logs:us-east-1:123456789012:log-group:g","tags":{"a":"b"}}`, "ResourceNotFoundException", "The specified resource does not exist."},
		{"TagResource", `{"resourceArn":"g","tags":{"a":"b"}}`, "ValidationException", "Invalid resourceArn"},
		{"UntagResource", `{"resourceArn":"g","tagKeys":["a"]}`, "ValidationException", "Invalid resourceArn"},
		{"ListTagsForResource", `{"resourceArn":"g"}`, "ValidationException", "Invalid resourceArn"},
		{"ListTagsForResource", `{"resourceArn":"arn:aws:logs:eu-central-1:123456789012:log-group:g:"}`, "ValidationException", "Invalid resourceArn"},
		{"ListTagsForResource", `{"resourceArn":"arn:aws:logs:eu-central-1:123456789012:log-group:g:log-stream:s"}`, "ValidationException", "Invalid resourceArn"},
	} {
		want, err := json.Marshal(tt.says)
		if err != nil {
			t.Fatal(err)
		}
		answer := r.cloudwatch(t, r.admin(), 400, tt.operation, tt.body)
		var got struct {
			Type    string `json:"__type"`
			Message string
		}
		if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Type != tt.code || got.Message != tt.says {
			t.Errorf("%s %s: %s\nwant %s %s", tt.operation, tt.body, answer, tt.code, want)
		}
	}
}

// TestWhoMayLog: resources and condition keys of CloudWatch Logs decide, each with a call on either side. What is judged about a group
// is the ARN of its streams, so that a policy like Amplify's, on log-stream:*, lets a function make its group.
func TestWhoMayLog(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	user := r.nobody(t, "logger")
	r.stream(t, functionGroup, "s")
	r.stream(t, "/other", "s")
	r.cloudwatch(t, r.admin(), 200, "TagLogGroup", `{"logGroupName":"`+functionGroup+`","tags":{"team":"blue"}}`)
	const (
		arn   = "arn:aws:logs:eu-central-1:123456789012:log-group:"
		event = `"logEvents":[{"timestamp":1,"message":"m"}]`
		own   = `{"logGroupName":"` + functionGroup + `"`
		other = `{"logGroupName":"/other"`
	)
	streams := arn + functionGroup + ":log-stream:"
	for i, tt := range []struct {
		resource, condition, operation string
		allowed, denied                string // inputs; the denied one is refused with a sentence that names the resource
		on                             string
	}{
		{streams + "*", "", "CreateLogGroup", own + "}", `{"logGroupName":"/aws/lambda/fnord"}`, arn + "/aws/lambda/fnord:log-stream:"},
		{streams + "*", "", "CreateLogStream", own + `,"logStreamName":"t"}`, other + `,"logStreamName":"t"}`, arn + "/other:log-stream:t"},
		{streams + "*", "", "PutLogEvents", own + `,"logStreamName":"s",` + event + "}", other + `,"logStreamName":"s",` + event + "}", arn + "/other:log-stream:s"},
		{arn + functionGroup + ":*", "", "FilterLogEvents", own + "}", other + "}", arn + "/other:log-stream:"},
		{arn + functionGroup + ":*", "", "FilterLogEvents", `{"logGroupIdentifier":"` + arn + functionGroup + `"}`, `{"logGroupIdentifier":"` + arn + `/other"}`, arn + "/other:log-stream:"},
		{arn + functionGroup + ":*", "", "GetLogEvents", own + `,"logStreamName":"s"}`, other + `,"logStreamName":"s"}`, arn + "/other:log-stream:s"},
		{streams + "s", "", "GetLogEvents", own + `,"logStreamName":"s"}`, own + `,"logStreamName":"x"}`, streams + "x"},
		{arn + functionGroup, "", "TagResource", `{"resourceArn":"` + arn + functionGroup + `","tags":{"a":"b"}}`, `{"resourceArn":"` + arn + `/other","tags":{"a":"b"}}`, arn + "/other"},
		{"arn:aws:logs:eu-central-1:*:*", "", "DescribeLogGroups", "{}", "", ""},
		{"*", `"aws:ResourceTag/team":"blue"`, "PutLogEvents", own + `,"logStreamName":"s",` + event + "}", other + `,"logStreamName":"s",` + event + "}", arn + "/other:log-stream:s"},
		{"*", `"aws:ResourceTag/team":"blue"`, "DescribeLogStreams", own + "}", other + "}", arn + "/other:log-stream:"},
		{"*", `"aws:RequestTag/team":"blue"`, "TagLogGroup", own + `,"tags":{"team":"blue"}}`, own + `,"tags":{"team":"red"}}`, streams},
		{"*", `"aws:TagKeys":"team"`, "UntagLogGroup", own + `,"tags":["team"]}`, own + `,"tags":["cost"]}`, streams},
		{"*", `"aws:RequestTag/team":"blue"`, "CreateLogGroup", own + `,"tags":{"team":"blue"}}`, own + `,"tags":{"team":"red"}}`, streams},
	} {
		condition := ""
		if tt.condition != "" {
			condition = `,"Condition":{"StringEquals":{` + tt.condition + `}}`
		}
		// A group with tags also needs the permission to tag.
		r.permit(t, "logger", `{"Effect":"Allow","Action":["logs:`+tt.operation+`","logs:TagResource"],"Resource":"`+tt.resource+`"`+condition+`}`)
		call := func(body string) (int, string) {
			return r.call(t, request{service: "logs", region: "eu-central-1", body: body, header: map[string]string{
				"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Logs_20140328." + tt.operation}}, user)
		}
		if status, answer := call(tt.allowed); status != 200 && !strings.Contains(answer, "AlreadyExists") {
			t.Errorf("%d %s %s: %d %s", i, tt.operation, tt.allowed, status, answer)
		}
		if tt.denied == "" {
			continue
		}
		want := `{"__type":"AccessDeniedException","Message":"User: arn:aws:iam::123456789012:user/logger is not authorized to perform: logs:` + tt.operation +
			` on resource: ` + tt.on + ` because no identity-based policy allows the logs:` + tt.operation + ` action"}`
		if status, answer := call(tt.denied); status != 400 || answer != want {
			t.Errorf("%d %s %s: %d %s\nwant %s", i, tt.operation, tt.denied, status, answer, want)
		}
	}
	r.permit(t, "logger", `{"Effect":"Allow","Action":"logs:CreateLogGroup","Resource":"*"}`)
	answer := r.cloudwatch(t, user, 400, "CreateLogGroup", `{"logGroupName":"tagged","tags":{"a":"b"}}`)
	if !strings.Contains(answer, `User with accountId: 123456789012 is not authorized to perform CreateLogGroup with Tags. An additional permission \"logs:TagResource\" is required.`) {
		t.Error(answer)
	}
	r.permit(t, "logger", `{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:TagLogGroup"],"Resource":"*"}`)
	r.cloudwatch(t, user, 200, "CreateLogGroup", `{"logGroupName":"tagged","tags":{"a":"b"}}`) // either of two is enough
}

// TestLogsOutliveTheServer: what was answered is there after a restart, in no other file than its own, and no record of a request says
// what an event says.
func TestLogsOutliveTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	onDisk := func(o *server.Options) { o.Memory, o.Data = false, dir }
	r := start(t, onDisk)
	r.stream(t, functionGroup, "s")
	r.putEvents(t, "s", time.Now(), "0 confidential-line")
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	found := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && bytes.Contains(text, []byte("confidential-line")) {
			if found++; !strings.Contains(path, filepath.Join("eu-central-1", "logs")) {
				t.Errorf("the event is in %s", path)
			}
		}
		return err
	})
	if err != nil || found != 1 {
		t.Errorf("found in %d files: %v", found, err)
	}
	r = start(t, onDisk)
	if _, got := r.read(t, "FilterLogEvents", ""); got != "confidential-line" {
		t.Errorf("after a restart: %q", got)
	}
}
