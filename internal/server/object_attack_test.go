package server_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// TestOneVersionIsNotDeletedByAnothersPermission: what is asked about two versions of a key is about one resource, and the permission
// to delete the one that is named last must not count for the one before.
func TestOneVersionIsNotDeletedByAnothersPermission(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "twoversions")
	if _, err := c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: b, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}); err != nil {
		t.Fatal(err)
	}
	r.put(t, *b, "key", "kept")
	r.put(t, *b, "key", "given up")
	out, err := c.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: b})
	if err != nil || len(out.Versions) != 2 {
		t.Fatal(out, err)
	}
	free, kept := out.Versions[0].VersionId, out.Versions[1].VersionId
	user := r.with(t, "deleter", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:DeleteObjectVersion","Resource":"*","Condition":{"StringEquals":{"s3:versionid":"`+*free+`"}}}]}`)
	for _, ids := range [][]*string{{kept, free}, {free, kept}} {
		in := &types.Delete{}
		for _, id := range ids {
			in.Objects = append(in.Objects, types.ObjectIdentifier{Key: aws.String("key"), VersionId: id})
		}
		if _, err := r.s3(user).DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: b, Delete: in}); err != nil {
			t.Error(err)
		}
		if _, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: aws.String("key"), VersionId: kept}); err != nil {
			t.Errorf("the version that may not be deleted: %v", err)
		}
	}
	done, err := r.s3(user).DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("key"), VersionId: free}}}})
	if err != nil || len(done.Deleted) != 1 {
		t.Errorf("the version that may be deleted: %+v, %v", done, err)
	}
}

// TestAContentIsNoListOfParts: who knows the hashes of another object's parts, as its checksums tell them, and sends what names them
// gets back what he has sent.
func TestAContentIsNoListOfParts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "hashes")
	secret := content(100_000)
	id, parts := upload(t, c, *b, "secret", &s3.CreateMultipartUploadInput{}, secret)
	if _, err := c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: b, Key: aws.String("secret"), UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(secret)
	forged := "parts " + string(binary.BigEndian.AppendUint64(sum[:], uint64(len(secret))))
	r.put(t, *b, "mine", forged)
	read := func(key string) string {
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: &key})
		if err != nil {
			return err.Error()
		}
		text, err := io.ReadAll(out.Body)
		return fmt.Sprint(string(text), err)
	}
	if got := read("mine"); got != forged+"<nil>" {
		t.Errorf("%q", got)
	}
	if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: aws.String("mine")}); err != nil {
		t.Error(err)
	}
	if got := read("secret"); got != string(secret)+"<nil>" {
		t.Errorf("the other object: %.40q", got)
	}
}

// TestTheETagOfAPartIsNoPattern: If-Match knows a star and lists, the list of parts knows neither.
func TestTheETagOfAPartIsNoPattern(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, b := r.s3(r.admin()), r.bucket(t, "etags")
	id, parts := upload(t, c, *b, "key", &s3.CreateMultipartUploadInput{}, content(10))
	for _, etag := range []string{"*", `"x",` + *parts[0].ETag, "W/" + *parts[0].ETag, ""} {
		_, err := c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: b, Key: aws.String("key"), UploadId: id,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{PartNumber: aws.Int32(1), ETag: &etag}}}})
		if apiCode(err) != "InvalidPart" {
			t.Errorf("%q: %v", etag, err)
		}
	}
}

// TestWhatNobodySignedIsVerified all the same: the chunks of a body are not its content, and a hash must be true.
func TestWhatNobodySignedIsVerified(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "unsigned")
	r.open(t, b)
	document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::unsigned","arn:aws:s3:::unsigned/*"]}]}`
	if _, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document}); err != nil {
		t.Fatal(err)
	}
	const chunks = "4\r\ntext\r\n0\r\nx-amz-checksum-crc32:O4unxw==\r\n\r\n"
	for _, tt := range []struct {
		name, sha256, body, trailer string
		want                        string // what is kept, or the code
	}{
		{"nothing said", "", "text", "", "text"},
		{"unsigned", "UNSIGNED-PAYLOAD", "text", "", "text"},
		{"its hash", fmt.Sprintf("%x", sha256.Sum256([]byte("text"))), "text", "", "text"},
		{"another hash", fmt.Sprintf("%x", sha256.Sum256([]byte("other"))), "text", "", "XAmzContentSHA256Mismatch"},
		{"chunks", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", chunks, "x-amz-checksum-crc32", "text"},
		{"chunks with a false sum", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", strings.Replace(chunks, "O4", "P4", 1), "x-amz-checksum-crc32", "BadDigest"},
		{"signed chunks", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", chunks, "", "NotImplemented"},
		{"signed chunks and trailer", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", chunks, "x-amz-checksum-crc32", "NotImplemented"},
		{"what is no hash", "none", "text", "", "NotImplemented"},
	} {
		key := "/unsigned/" + strings.ReplaceAll(tt.name, " ", "-")
		req, err := http.NewRequest(http.MethodPut, r.Endpoint()+key, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"X-Amz-Content-Sha256": tt.sha256, "X-Amz-Trailer": tt.trailer} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		if strings.HasPrefix(tt.sha256, "STREAMING") {
			req.Header.Set("X-Amz-Decoded-Content-Length", "4")
		}
		status, _, got := send(t, req)
		if status == http.StatusOK {
			if req, err = http.NewRequest(http.MethodGet, r.Endpoint()+key, nil); err != nil {
				t.Fatal(err)
			}
			_, _, got = send(t, req)
		} else if _, rest, ok := strings.Cut(got, "<Code>"); ok {
			got, _, _ = strings.Cut(rest, "</Code>")
		}
		if got != tt.want {
			t.Errorf("%s: %d %s, want %s", tt.name, status, got, tt.want)
		}
	}
}

// TestABucketWithoutANameIsNoList: only the root of the service lists the buckets.
func TestABucketWithoutANameIsNoList(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	if status, _, body := r.ask(t, request{method: http.MethodGet, path: "//bucket/key", service: "s3"}, r.admin()); status == http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
}

// TestWhoIsMadeAgainInheritsNoBucketPolicy: a policy that was written for a user or a role speaks of that one, not of its name.
func TestWhoIsMadeAgainInheritsNoBucketPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, b, admin := t.Context(), r.bucket(t, "inherited"), r.iam(r.admin())
	r.put(t, *b, "key", "content")
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	bob := r.nobody(t, "Bob")
	r.role(t, "Worker", nil)
	worker := r.session(t, "Worker")
	document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:user/Bob","arn:aws:iam::123456789012:role/Worker"]},
		"Action":"s3:GetObject","Resource":"arn:aws:s3:::inherited/*"}]}`
	must(r.s3(r.admin()).PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b, Policy: &document}))
	read := func(c aws.Credentials) string {
		_, err := r.s3(c).GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("key")})
		return apiCode(err)
	}
	for who, c := range map[string]aws.Credentials{"the user": bob, "the role": worker} {
		if got := read(c); got != "" {
			t.Errorf("%s: %s", who, got)
		}
	}
	must(admin.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: aws.String("Bob"), AccessKeyId: &bob.AccessKeyID}))
	must(admin.DeleteUser(ctx, &iam.DeleteUserInput{UserName: aws.String("Bob")}))
	must(admin.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String("Worker")}))
	bobAgain := r.nobody(t, "Bob")
	r.role(t, "Worker", nil)
	workerAgain := r.session(t, "Worker")
	for who, c := range map[string]aws.Credentials{"the user": bobAgain, "the role": workerAgain} {
		if got := read(c); got != "AccessDenied" {
			t.Errorf("%s that was made again: %q", who, got)
		}
	}
	must(r.s3(r.admin()).PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b, Policy: &document}))
	for who, c := range map[string]aws.Credentials{"the user": bobAgain, "the role": workerAgain} {
		if got := read(c); got != "" {
			t.Errorf("%s, whom the policy was written for anew: %s", who, got)
		}
	}
}

// session assumes a role as the administrator.
func (r *running) session(t *testing.T, role string) aws.Credentials {
	t.Helper()
	out, err := r.sts(r.admin()).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/" + role), RoleSessionName: aws.String("session")})
	if err != nil {
		t.Fatal(err)
	}
	return sessionOf(out)
}

// TestCallsOnObjectsAreDataEvents, and those on the bucket are not.
func TestCallsOnObjectsAreDataEvents(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		if row.Service != "s3" {
			continue
		}
		if got, want := row.Data, strings.Contains(" AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject DeleteObjectTagging "+
			"DeleteObjects GetObject GetObjectAcl GetObjectAttributes GetObjectTagging HeadBucket HeadObject ListMultipartUploads ListObjectVersions ListObjects "+
			"ListObjectsV2 ListParts PostObject PutObject PutObjectTagging UploadPart UploadPartCopy ", " "+row.Name+" "); got != want {
			t.Errorf("%s: a data event: %v, want %v", row.Name, got, want)
		}
	}
}

// TestAReadDuringWritesIsWhole: it answers with one content or the other, also when the file of the one goes before it is opened.
func TestAReadDuringWritesIsWhole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "rewritten")
	r.put(t, *b, "key", strings.Repeat("0", 20_000))
	written := make(chan error, 1)
	go func() {
		for i := range 60 {
			body := strings.Repeat(string(rune('a'+i%20)), 20_000)
			if _, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("key"), Body: strings.NewReader(body)}); err != nil {
				written <- err
				return
			}
		}
		written <- nil
	}()
	for {
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("key")})
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(out.Body)
		if err != nil || len(text) != 20_000 || strings.Trim(string(text), string(text[:1])) != "" {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		select {
		case err := <-written:
			if err != nil {
				t.Error(err)
			}
			return
		default:
		}
	}
}

// TestAReadOfPartsIsWhole although the object is deleted while it is read: its parts stay as long as somebody reads them, and then go.
func TestAReadOfPartsIsWhole(t *testing.T) {
	t.Parallel()
	r, dir := onDisk(t)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "reader")
	whole := content(40 << 20) // more than what lies between a server and a client that does not read
	pieces := [][]byte{whole[:20<<20], whole[20<<20 : 30<<20], whole[30<<20:]}
	id, parts := upload(t, c, *b, "key", &s3.CreateMultipartUploadInput{}, pieces...)
	if _, err := c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: b, Key: aws.String("key"), UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}); err != nil {
		t.Fatal(err)
	}
	out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("key")})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: aws.String("key")}); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(out.Body); err != nil || !bytes.Equal(text, whole) {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if err := r.stop(); err != nil { // and with it every call
		t.Error(err)
	}
	if left := contentFiles(t, dir); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
