package server_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// slowUpload begins to send an object and returns where to write the rest of it, and its answer.
func (r *running) slowUpload(t *testing.T, c aws.Credentials, path string, length int64) (*io.PipeWriter, <-chan string) {
	t.Helper()
	body, rest := io.Pipe()
	req, err := http.NewRequest(http.MethodPut, r.Endpoint()+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = length
	req.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(context.Background(), c, req, "UNSIGNED-PAYLOAD", "s3", "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	answer := make(chan string, 1)
	go func() {
		resp, err := client.Do(req)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body) // what there is of it is compared
		answer <- resp.Status + " " + string(text)
	}()
	return rest, answer
}

// TestWhatHappensDuringAnUpload counts: a permission that goes, a bucket that goes and a client that goes leave no object and no
// file; other changes of the account do not disturb.
func TestWhatHappensDuringAnUpload(t *testing.T) {
	t.Parallel()
	const half = 60_000
	for _, tt := range []struct {
		name   string
		happen func(t *testing.T, r *running, rest *io.PipeWriter)
		want   string
		left   int
	}{
		{"nothing", func(*testing.T, *running, *io.PipeWriter) {}, "200 OK", 1},
		{"something else changes", func(t *testing.T, r *running, _ *io.PipeWriter) { r.nobody(t, "another") }, "200 OK", 1},
		{"the permission goes", func(t *testing.T, r *running, _ *io.PipeWriter) {
			if _, err := r.iam(r.admin()).DeleteUserPolicy(t.Context(), &iam.DeleteUserPolicyInput{UserName: aws.String("writer"), PolicyName: aws.String("p")}); err != nil {
				t.Error(err)
			}
		}, "is not authorized to perform: s3:PutObject", 0},
		{"the bucket goes", func(t *testing.T, r *running, _ *io.PipeWriter) {
			if _, err := r.s3(r.admin()).DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("slow")}); err != nil {
				t.Error(err)
			}
		}, "<Code>NoSuchBucket</Code>", 0},
		{"another bucket has its name", func(t *testing.T, r *running, _ *io.PipeWriter) {
			if _, err := r.s3(r.admin()).DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("slow")}); err != nil {
				t.Error(err)
			}
			r.bucket(t, "slow")
		}, "200 OK", 1},
		{"the client goes", func(_ *testing.T, _ *running, rest *io.PipeWriter) { rest.CloseWithError(io.ErrClosedPipe) }, "closed pipe", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, dir := onDisk(t)
			r.bucket(t, "slow")
			user := r.nobody(t, "writer")
			document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}`
			if _, err := r.iam(r.admin()).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: aws.String("writer"), PolicyName: aws.String("p"), PolicyDocument: &document}); err != nil {
				t.Fatal(err)
			}
			rest, answer := r.slowUpload(t, user, "/slow/key", 2*half)
			if _, err := io.WriteString(rest, strings.Repeat("a", half)); err != nil {
				t.Fatal(err)
			}
			tt.happen(t, r, rest)
			_, _ = io.WriteString(rest, strings.Repeat("b", half)) // it fails where the client has gone
			if got := <-answer; !strings.Contains(got, tt.want) {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if err := rest.Close(); err != nil {
				t.Error(err)
			}
			if err := r.stop(); err != nil { // and with it every call
				t.Error(err)
			}
			if files := contentFiles(t, dir); len(files) != tt.left {
				t.Errorf("files: %v", files)
			}
		})
	}
}
