package server_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// TestWhoMayNotReadComparesNothing: an ETag says what an object contains. Who may write it and not read it is not told by a condition
// whether he has guessed it, and nothing is changed; that there is an object, or none, is told to whoever may write.
func TestWhoMayNotReadComparesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, admin, b := t.Context(), r.s3(r.admin()), r.bucket(t, "compared")
	const written = `{"Effect":"Allow","Action":["s3:PutObject","s3:DeleteObject"],"Resource":"*"}`
	document := func(statements string) string { return `{"Version":"2012-10-17","Statement":[` + statements + `]}` }
	writer := r.s3(r.with(t, "writer", document(written)))
	half := r.s3(r.with(t, "half", document(written+`,{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},
		{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/kind":"secret"}}}`)))
	reader := r.s3(r.with(t, "reads", document(written+`,{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)))
	key, source, etag, other := aws.String("key"), aws.String("compared/source"), aws.String(""), aws.String(`"5d41402abc4b2a76b9719d911017c592"`)
	put := func() {
		t.Helper()
		out, err := admin.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: key, Body: strings.NewReader("secret"), Tagging: aws.String("kind=secret")})
		if err != nil {
			t.Fatal(err)
		}
		etag = out.ETag
	}
	put()
	r.put(t, *b, "source", "source")
	part := func(c *s3.Client) (*s3.CompleteMultipartUploadInput, error) {
		u, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: b, Key: key})
		if err != nil {
			return nil, err
		}
		p, err := c.UploadPart(ctx, &s3.UploadPartInput{Bucket: b, Key: key, UploadId: u.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("part")})
		if err != nil {
			return nil, err
		}
		return &s3.CompleteMultipartUploadInput{Bucket: b, Key: key, UploadId: u.UploadId,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{PartNumber: aws.Int32(1), ETag: p.ETag}}}}, nil
	}
	for name, write := range map[string]func(c *s3.Client, condition *string) error{
		"PutObject": func(c *s3.Client, condition *string) error {
			_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: key, Body: strings.NewReader("mine"), IfMatch: condition})
			return err
		},
		"CompleteMultipartUpload": func(c *s3.Client, condition *string) error {
			in, err := part(c)
			if err == nil {
				in.IfMatch = condition
				_, err = c.CompleteMultipartUpload(ctx, in)
			}
			return err
		},
		"CopyObject": func(c *s3.Client, condition *string) error {
			_, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: b, Key: key, CopySource: source, IfMatch: condition})
			return err
		},
		"DeleteObject": func(c *s3.Client, condition *string) error {
			_, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: key, IfMatch: condition})
			return err
		},
		"DeleteObjects": func(c *s3.Client, condition *string) error {
			out, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: key, ETag: condition}}}})
			if err != nil {
				return err
			}
			for _, refused := range out.Errors {
				return &smithy.GenericAPIError{Code: *refused.Code, Message: *refused.Message}
			}
			return nil
		},
	} {
		for _, c := range []*s3.Client{writer, half} {
			for _, condition := range []*string{etag, other} {
				err := write(c, condition)
				var told smithy.APIError
				if !errors.As(err, &told) || told.ErrorCode() != "AccessDenied" || !strings.Contains(told.ErrorMessage(), `s3:GetObject on resource: "arn:aws:s3:::compared/`) {
					t.Errorf("%s, %s: %v", name, *condition, err)
				}
			}
		}
		if text := read(ctx, admin, *b, *key); text != "secret" {
			t.Errorf("%s: %q", name, text)
		}
		if err := write(reader, other); apiCode(err) != "PreconditionFailed" {
			t.Errorf("%s: %v", name, err)
		}
		if err := write(reader, etag); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		put()
		if name == "CopyObject" { // whose source is read as well
			continue
		}
		if err := write(writer, aws.String("*")); err != nil {
			t.Errorf("%s, if there is one: %v", name, err)
		}
		put()
	}
}

// TestConditionalDeletesCanBeDemanded of calls on one object and of those on many ("Enforce conditional deletes on Amazon S3 buckets").
func TestConditionalDeletesCanBeDemanded(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, b := t.Context(), r.bucket(t, "demanded")
	r.put(t, *b, "one", "content")
	r.put(t, *b, "two", "content")
	c := r.s3(r.with(t, "careful", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},
		{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"*","Condition":{"Null":{"s3:if-match":"false"}}}]}`))
	etag := aws.String(`"9a0364b9e99bb480dd25e1f0284c8555"`) // of content
	if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: aws.String("one")}); apiCode(err) != "AccessDenied" {
		t.Error(err)
	}
	if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: aws.String("one"), IfMatch: etag}); err != nil {
		t.Error(err)
	}
	for _, condition := range []*string{nil, etag} {
		out, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("two"), ETag: condition}}}})
		if err != nil || (len(out.Deleted) == 1) != (condition != nil) {
			t.Errorf("%v: %+v, %v", condition, out, err)
		}
	}
}
