package server_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ambit-iam/ambit/internal/identity"
)

func createBucket(region, name, location string) request {
	q := request{service: "s3", region: region, method: http.MethodPut, path: "/" + name}
	if location != "" {
		q.body = "<CreateBucketConfiguration><LocationConstraint>" + location + "</LocationConstraint></CreateBucketConfiguration>"
	}
	return q
}

// taggedBucket makes a bucket that has tags from the start.
func taggedBucket(name string, keys ...string) request {
	q := createBucket("", name, "")
	for _, key := range keys {
		q.body += "<Tag><Key>" + key + "</Key><Value>v</Value></Tag>"
	}
	q.body = "<CreateBucketConfiguration><Tags>" + q.body + "</Tags></CreateBucketConfiguration>"
	return q
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	other := identity.StartKey{ID: "OTHERROOT0000000", Secret: identity.SecretOf("another-secret")}
	if _, err := r.AddAccount(context.Background(), "210987654321", other); err != nil {
		t.Fatal(err)
	}
	admin, stranger := r.admin(), credentialsOf(other)
	with := func(q request, header, value string) request {
		q.header = map[string]string{header: value}
		return q
	}
	for _, c := range []struct {
		name    string
		request request
		foreign bool
		status  int
		body    string
	}{
		{name: "in us-east-1", request: createBucket("", "first", ""), status: 200},
		{name: "again in us-east-1", request: createBucket("", "first", ""), status: 200},
		{name: "again elsewhere", request: createBucket("eu-west-1", "first", "eu-west-1"), status: 409, body: "<Code>BucketAlreadyOwnedByYou</Code>"},
		{name: "somebody else's", request: createBucket("", "first", ""), foreign: true, status: 409, body: "<Code>BucketAlreadyExists</Code>"},
		{name: "a constraint", request: createBucket("", "second", "eu-west-1"), status: 200},
		{name: "own region", request: createBucket("eu-central-1", "third", "eu-central-1"), status: 200},
		{name: "no constraint elsewhere", request: createBucket("eu-central-1", "fourth", ""), status: 400,
			body: "<Code>IllegalLocationConstraintException</Code><Message>The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.</Message>"},
		{name: "another region's constraint", request: createBucket("eu-central-1", "fourth", "eu-west-1"), status: 400,
			body: "<Message>The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.</Message>"},
		{name: "us-east-1 as constraint", request: createBucket("", "fourth", "us-east-1"), status: 400, body: "<Code>InvalidLocationConstraint</Code>"},
		{name: "the name of one that failed is free", request: createBucket("", "fourth", ""), foreign: true, status: 200},
		{name: "upper case", request: createBucket("", "Fourth", ""), status: 400, body: "<Code>InvalidBucketName</Code>"},
		{name: "an address", request: createBucket("", "10.0.0.1", ""), status: 400, body: "<Code>InvalidBucketName</Code><Message>The specified bucket is not valid.</Message><BucketName>10.0.0.1</BucketName>"},
		{name: "malformed", request: request{service: "s3", method: "PUT", path: "/fifth", body: "<no"}, status: 400, body: "<Code>MalformedXML</Code>"},
		{name: "public", request: with(createBucket("", "fifth", ""), "X-Amz-Acl", "public-read"), status: 400, body: "<Code>InvalidBucketAclWithObjectOwnership</Code>"},
		{name: "a tag twice", request: taggedBucket("fifth", "a", "a"), status: 400, body: "<Code>InvalidTag</Code><Message>Cannot provide multiple Tags with the same key</Message>"},
		{name: "a tag of AWS", request: taggedBucket("fifth", "aws:a"), status: 400, body: "<Code>InvalidTag</Code>"},
		{name: "too many tags", request: taggedBucket("fifth", strings.Fields(strings.Repeat("a ", 51))...), status: 400, body: "<Message>Bucket tag count cannot be greater than 50</Message>"},
		{name: "a lock", request: with(createBucket("", "fifth", ""), "X-Amz-Bucket-Object-Lock-Enabled", "true"), status: 501, body: "<Code>NotImplemented</Code>"},
	} {
		credentials := admin
		if c.foreign {
			credentials = stranger
		}
		status, body := r.call(t, c.request, credentials)
		if status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s: got %d %s, want %d %s", c.name, status, body, c.status, c.body)
		}
	}
	if _, body := r.call(t, listBuckets, admin); names(body) != "first second third" {
		t.Errorf("the first account has %s", body)
	}
	if _, body := r.call(t, listBuckets, stranger); names(body) != "fourth" {
		t.Errorf("the other account has %s", body)
	}
}

func names(body string) string {
	var out []string
	for _, piece := range strings.Split(body, "<Name>")[1:] {
		name, _, _ := strings.Cut(piece, "<")
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func TestListBucketsInPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, name := range []string{"a-1", "a-2", "a-3", "b-1"} {
		if status, body := r.call(t, createBucket("", name, ""), r.admin()); status != 200 {
			t.Fatal(status, body)
		}
	}
	page := request{service: "s3", method: http.MethodGet, path: "/?max-buckets=2&prefix=a-"}
	_, body := r.call(t, page, r.admin())
	_, rest, _ := strings.Cut(body, "<ContinuationToken>")
	token, _, found := strings.Cut(rest, "<")
	if names(body) != "a-1 a-2" || !found {
		t.Fatalf("first page %s", body)
	}
	page.path += "&continuation-token=" + token
	if _, body := r.call(t, page, r.admin()); names(body) != "a-3" || strings.Contains(body, "<ContinuationToken>") {
		t.Errorf("second page %s", body)
	}
	page.path = "/?continuation-token=forged"
	if status, body := r.call(t, page, r.admin()); status != 400 || !strings.Contains(body, "<Code>InvalidArgument</Code>") {
		t.Errorf("a forged token: %d %s", status, body)
	}
}

// TestOneOfManyGetsTheName: two accounts ask for one name at once, many times.
func TestOneOfManyGetsTheName(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	other := identity.StartKey{ID: "OTHERROOT0000000", Secret: identity.SecretOf("another-secret")}
	if _, err := r.AddAccount(context.Background(), "210987654321", other); err != nil {
		t.Fatal(err)
	}
	contenders := []aws.Credentials{r.admin(), credentialsOf(other)}
	for round := range 20 {
		bucket := createBucket("eu-west-1", fmt.Sprintf("contended-%d", round), "eu-west-1")
		status := make([]int, len(contenders))
		var wait sync.WaitGroup
		for i, c := range contenders {
			request := r.sign(t, bucket, c, time.Now())
			wait.Add(1)
			go func() {
				defer wait.Done()
				resp, err := client.Do(request)
				if err != nil {
					t.Error(err)
					return
				}
				resp.Body.Close()
				status[i] = resp.StatusCode
			}()
		}
		wait.Wait()
		if slices.Sort(status); !slices.Equal(status, []int{200, 409}) {
			t.Fatalf("round %d: %v", round, status)
		}
	}
}
