package server_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TestNoTagIsOutrun: who may read what is tagged as public never reads what is not, however often one takes the place of the other
// while he reads.
func TestNoTagIsOutrun(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, admin, b := t.Context(), r.s3(r.admin()), r.bucket(t, "tagged")
	reader := r.s3(r.with(t, "reader", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectTagging","s3:PutObject"],
		"Resource":"*","Condition":{"StringEqualsIfExists":{"s3:ExistingObjectTag/kind":"public"}}}]}`))
	put := func(kind string) error {
		_, err := admin.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("key"), Tagging: aws.String("kind=" + kind), Body: strings.NewReader(kind)})
		return err
	}
	if err := put("public"); err != nil {
		t.Fatal(err)
	}
	written, stop := make(chan error, 1), make(chan struct{})
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				written <- nil
				return
			default:
			}
			if err := put([]string{"secret", "public"}[i%2]); err != nil {
				written <- err
				return
			}
		}
	}()
	for range 150 {
		out, err := reader.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("key")})
		if apiCode(err) == "AccessDenied" {
			continue
		}
		if err != nil {
			t.Error(err)
			break
		}
		if text, err := io.ReadAll(out.Body); err != nil || string(text) != "public" {
			t.Errorf("read %q, %v", text, err)
			break
		}
		// A copy reads as well, with the permission of the reader.
		_, err = reader.CopyObject(ctx, &s3.CopyObjectInput{Bucket: b, Key: aws.String("copy"), CopySource: aws.String("tagged/key"), TaggingDirective: types.TaggingDirectiveReplace})
		if code := apiCode(err); code != "" && code != "AccessDenied" {
			t.Error(err)
			break
		}
		if err == nil {
			if text := read(ctx, admin, *b, "copy"); text != "public" {
				t.Errorf("copied %q", text)
				break
			}
		}
	}
	close(stop)
	if err := <-written; err != nil {
		t.Error(err)
	}
}

// read is the content of an object, or why there is none.
func read(ctx context.Context, c *s3.Client, bucket, key string) string {
	out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return err.Error()
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// TestDeleteMarkersAreTold in headers: of an object that is covered by one, and of one that is asked for.
func TestDeleteMarkersAreTold(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "markers")
	if _, err := c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}); err != nil {
		t.Fatal(err)
	}
	r.put(t, *b, "key", "text")
	gone, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: aws.String("key")})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/markers/key", 404, "<Code>NoSuchKey</Code>"},
		{"HEAD", "/markers/key", 404, ""},
		{"GET", "/markers/key?versionId=" + *gone.VersionId, 405, "<Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Message>" +
			"<Method>GET</Method><ResourceType>DeleteMarker</ResourceType>"},
		{"HEAD", "/markers/key?versionId=" + *gone.VersionId, 405, ""},
	} {
		status, header, body := r.ask(t, request{service: "s3", method: tt.method, path: tt.path}, r.admin())
		if status != tt.status || !strings.Contains(body, tt.body) || header.Get("X-Amz-Delete-Marker") != "true" || header.Get("X-Amz-Version-Id") != *gone.VersionId ||
			status == http.StatusMethodNotAllowed && header.Get("Allow") != "DELETE" {
			t.Errorf("%s %s: %d %v %s", tt.method, tt.path, status, header, body)
		}
	}
	// A copy is of a version, and of none that is a marker.
	upload, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: b, Key: aws.String("copy")})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/markers/copy", "/markers/copy?partNumber=1&uploadId=" + *upload.UploadId} {
		for source, says := range map[string]string{
			"markers/key?versionId=" + *gone.VersionId: "<Code>InvalidRequest</Code><Message>The source of a copy request may not specifically refer to a delete marker by version id.</Message>",
			"markers/key": "<Code>NoSuchKey</Code>",
		} {
			status, body := r.call(t, request{service: "s3", method: "PUT", path: path, header: map[string]string{"X-Amz-Copy-Source": source}}, r.admin())
			if status < 400 || !strings.Contains(body, says) {
				t.Errorf("%s from %s: %d %s", path, source, status, body)
			}
		}
	}
}

// TestListsInPages are the same as in one, whatever the pages: every version is told once, and exactly one of a key is the latest.
func TestListsInPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "pages")
	if _, err := c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b/1", "b/1", "b/2", "c", "c", "c", "d/x/y", "d/z", "e"} {
		r.put(t, *b, key, "text")
		if _, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: b, Key: &key}); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"a", "c"} {
		if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: &key}); err != nil {
			t.Fatal(err)
		}
	}
	versions := func(delimiter, prefix string, most int32) (all []string) {
		in := &s3.ListObjectVersionsInput{Bucket: b, MaxKeys: &most, Prefix: &prefix}
		if delimiter != "" {
			in.Delimiter = &delimiter
		}
		for range 100 {
			out, err := c.ListObjectVersions(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range out.Versions {
				all = append(all, fmt.Sprint(*v.Key, *v.VersionId, *v.IsLatest))
			}
			for _, m := range out.DeleteMarkers {
				all = append(all, fmt.Sprint(*m.Key, *m.VersionId, *m.IsLatest))
			}
			for _, p := range out.CommonPrefixes {
				all = append(all, *p.Prefix)
			}
			if !*out.IsTruncated {
				break
			}
			in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
		}
		slices.Sort(all)
		return all
	}
	uploads := func(delimiter, prefix string, most int32) (all []string) {
		in := &s3.ListMultipartUploadsInput{Bucket: b, MaxUploads: &most, Prefix: &prefix}
		if delimiter != "" {
			in.Delimiter = &delimiter
		}
		for range 100 {
			out, err := c.ListMultipartUploads(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range out.Uploads {
				all = append(all, *u.Key+*u.UploadId)
			}
			for _, p := range out.CommonPrefixes {
				all = append(all, *p.Prefix)
			}
			if !*out.IsTruncated {
				break
			}
			in.KeyMarker, in.UploadIdMarker = out.NextKeyMarker, out.NextUploadIdMarker
		}
		slices.Sort(all)
		return all
	}
	for name, list := range map[string]func(delimiter, prefix string, most int32) []string{"versions": versions, "uploads": uploads} {
		for _, tt := range []struct {
			delimiter, prefix string
			all               int // of versions; uploads have no markers
		}{{"", "", 12}, {"/", "", 9}, {"/", "d/", 2}, {"", "c", 4}} {
			whole := list(tt.delimiter, tt.prefix, 1000)
			if name == "versions" && len(whole) != tt.all {
				t.Errorf("%s %q %q: %v", name, tt.delimiter, tt.prefix, whole)
			}
			for most := int32(1); most < 6; most++ {
				if got := list(tt.delimiter, tt.prefix, most); !slices.Equal(got, whole) {
					t.Errorf("%s %q %q by %d: %v, want %v", name, tt.delimiter, tt.prefix, most, got, whole)
				}
			}
		}
	}
}
