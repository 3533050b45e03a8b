package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
)

// TestListsOfObjects are in the order of keys, in pages of any size, with what is common rolled up.
func TestListsOfObjects(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "lists")
	for _, key := range []string{"a", "b/1", "b/2", "b/c/3", "b0", "c d", "c+d", "é", "z/", "z/z"} {
		r.put(t, "lists", key, key)
	}
	c := r.s3(r.admin())
	for _, tt := range []struct {
		prefix, delimiter, after string
		want                     string
	}{
		{"", "", "", "a b/1 b/2 b/c/3 b0 c%20d c+d z/ z/z é"},
		{"", "/", "", "a [b/] b0 c%20d c+d [z/] é"},
		{"b", "/", "", "[b/] b0"},
		{"b/", "/", "", "b/1 b/2 [b/c/]"},
		{"b/", "", "b/1", "b/2 b/c/3"},
		{"", "/", "b/2", "[b/] b0 c%20d c+d [z/] é"},
		{"", "/", "b/", "b0 c%20d c+d [z/] é"},
		{"", "b", "", "a [b] c%20d c+d z/ z/z é"},
		{"none", "/", "", ""},
		{"z/", "/", "", "z/ z/z"},
	} {
		for _, size := range []int32{1, 2, 3, 1000} {
			var two, one []string
			in := &s3.ListObjectsV2Input{Bucket: b, Prefix: &tt.prefix, Delimiter: &tt.delimiter, StartAfter: &tt.after, MaxKeys: &size}
			for pages := s3.NewListObjectsV2Paginator(c, in); pages.HasMorePages(); {
				out, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				two = append(two, shown(out.Contents, out.CommonPrefixes)...)
			}
			for marker := tt.after; ; {
				out, err := c.ListObjects(t.Context(), &s3.ListObjectsInput{Bucket: b, Prefix: &tt.prefix, Delimiter: &tt.delimiter, Marker: &marker, MaxKeys: &size})
				if err != nil {
					t.Fatal(err)
				}
				one = append(one, shown(out.Contents, out.CommonPrefixes)...)
				if !*out.IsTruncated {
					break
				}
				if marker = aws.ToString(out.NextMarker); marker == "" {
					marker = *out.Contents[len(out.Contents)-1].Key
				}
			}
			name := fmt.Sprintf("prefix %q delimiter %q after %q by %d", tt.prefix, tt.delimiter, tt.after, size)
			if diff := cmp.Diff(tt.want, strings.Join(two, " ")); diff != "" {
				t.Errorf("version 2, %s (-want +got):\n%s", name, diff)
			}
			if diff := cmp.Diff(tt.want, strings.Join(one, " ")); diff != "" {
				t.Errorf("version 1, %s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// shown is a page in the order of names, common prefixes in brackets.
func shown(objects []types.Object, prefixes []types.CommonPrefix) []string {
	var names []string
	for _, o := range objects {
		names = append(names, strings.ReplaceAll(*o.Key, " ", "%20"))
	}
	for _, p := range prefixes {
		names = append(names, "["+*p.Prefix+"]")
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.Trim(a, "[]"), strings.Trim(b, "[]")) })
	return names
}

// TestListsThatCannotBe.
func TestListsThatCannotBe(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "odd-lists")
	r.bucket(t, "other-lists")
	for _, key := range []string{"a", "b"} {
		r.put(t, "odd-lists", key, "")
	}
	first, err := r.s3(r.admin()).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("odd-lists"), MaxKeys: aws.Int32(1)})
	if err != nil {
		t.Fatal(err)
	}
	token := *first.NextContinuationToken
	for _, c := range []struct {
		path   string
		status int
		says   string
	}{
		{"/odd-lists?list-type=2&max-keys=-1", 400, "InvalidArgument"},
		{"/odd-lists?list-type=2&max-keys=x", 400, "Provided max-keys not an integer or within integer range"},
		{"/odd-lists?list-type=2&max-keys=0", 200, "<KeyCount>0</KeyCount><MaxKeys>0</MaxKeys><IsTruncated>false</IsTruncated>"},
		{"/odd-lists?list-type=2&encoding-type=x", 400, "Invalid Encoding Method specified in Request"},
		{"/odd-lists?list-type=2&continuation-token=", 400, "The continuation token provided is incorrect"},
		{"/odd-lists?list-type=2&continuation-token=x", 400, "The continuation token provided is incorrect"},
		{"/odd-lists?list-type=2&continuation-token=" + token, 200, "<Key>b</Key>"},
		{"/other-lists?list-type=2&continuation-token=" + token, 400, "The continuation token provided is incorrect"},
		{"/none-lists?list-type=2", 404, "<Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><BucketName>none-lists</BucketName>"},
	} {
		status, body := r.call(t, request{service: "s3", method: "GET", path: c.path}, r.admin())
		if status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s", c.path, status, body)
		}
	}
}

// TestAPageOfNoSizeIsAnyPage: whom a policy holds to a number of keys does not get more by leaving the number empty.
func TestAPageOfNoSizeIsAnyPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "pages")
	for i := range 3 {
		r.put(t, *b, fmt.Sprint(i), "x")
	}
	held := r.with(t, "held", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket*","Resource":"*"},
		{"Effect":"Deny","Action":"s3:ListBucket*","Resource":"*","Condition":{"Null":{"s3:max-keys":"true"}}},
		{"Effect":"Deny","Action":"s3:ListBucket*","Resource":"*","Condition":{"NumericGreaterThan":{"s3:max-keys":"2"}}}]}`)
	for _, list := range []string{"?", "?list-type=2&", "?versions&"} {
		for size, allowed := range map[string]bool{"max-keys=2": true, "max-keys=3": false, "max-keys=": false, "": false} {
			status, body := r.call(t, request{service: "s3", method: "GET", path: "/pages" + list + size}, held)
			if (status == 200) != allowed || allowed && strings.Count(body, "<Key>") != 2 {
				t.Errorf("%s%s: %d %s", list, size, status, body)
			}
		}
		if status, body := r.call(t, request{service: "s3", method: "GET", path: "/pages" + list + "max-keys="}, r.admin()); status != 200 || strings.Count(body, "<Key>") != 3 {
			t.Errorf("%s: %d %s", list, status, body)
		}
	}
}
