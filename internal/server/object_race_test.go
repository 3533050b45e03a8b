package server_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TestOneOfManyWrites where all write on the condition that nobody has written before, or that nobody has since they have read.
func TestOneOfManyWrites(t *testing.T) {
	t.Parallel()
	const writers = 32
	r, _ := onDisk(t)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "racing")
	r.put(t, *b, "source", "source")
	first, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("replaced"), Body: strings.NewReader("first")})
	if err != nil {
		t.Fatal(err)
	}
	uploads := make([]*s3.CompleteMultipartUploadInput, writers)
	for i := range uploads {
		id, parts := upload(t, c, *b, "completed", &s3.CreateMultipartUploadInput{}, fmt.Appendf(nil, "part of %d", i))
		uploads[i] = &s3.CompleteMultipartUploadInput{Bucket: b, Key: aws.String("completed"), UploadId: id, IfNoneMatch: aws.String("*"), MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}
	}
	large := strings.Repeat("x", 20_000) // too large to be kept in the store
	for name, write := range map[string]func(i int) error{
		"put": func(i int) error {
			_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("new"), IfNoneMatch: aws.String("*"), Body: strings.NewReader(fmt.Sprint(large, i))})
			return err
		},
		"put what all put": func(int) error {
			_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("same"), IfNoneMatch: aws.String("*"), Body: strings.NewReader(large)})
			return err
		},
		"replace": func(i int) error {
			_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("replaced"), IfMatch: first.ETag, Body: strings.NewReader(fmt.Sprint("by ", i))})
			return err
		},
		"copy": func(int) error {
			_, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: b, Key: aws.String("copy"), CopySource: aws.String("racing/source"), IfNoneMatch: aws.String("*")})
			return err
		},
		"complete": func(i int) error {
			_, err := c.CompleteMultipartUpload(ctx, uploads[i])
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			errs := make([]error, writers)
			var done sync.WaitGroup
			for i := range writers {
				done.Go(func() { errs[i] = write(i) })
			}
			done.Wait()
			wrote := 0
			for _, err := range errs {
				switch code := apiCode(err); code {
				case "":
					wrote++
				case "PreconditionFailed":
				default:
					t.Error(err)
				}
			}
			if wrote != 1 {
				t.Errorf("%d have written", wrote)
			}
		})
	}
}

// TestManyHaveTheSameContent, one file for all: whoever deletes his object leaves the others theirs, and the last one takes the file
// away.
func TestManyHaveTheSameContent(t *testing.T) {
	t.Parallel()
	const many, rounds = 8, 12
	r, dir := onDisk(t)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "shared")
	text := bytes.Repeat([]byte("shared content "), 2000)
	errs := make([]error, many)
	var done sync.WaitGroup
	for i := range many {
		done.Go(func() {
			key := fmt.Sprint("key", i)
			for range rounds {
				if _, errs[i] = c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: &key, Body: bytes.NewReader(text)}); errs[i] != nil {
					return
				}
				if got := read(ctx, c, *b, key); got != string(text) {
					errs[i] = fmt.Errorf("%s: %.100q", key, got)
					return
				}
				if _, errs[i] = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: &key}); errs[i] != nil {
					return
				}
			}
		})
	}
	done.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if err := r.stop(); err != nil { // and with it every call
		t.Error(err)
	}
	if left := contentFiles(t, dir); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
