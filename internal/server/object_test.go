package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/ambit-iam/ambit/internal/server"
	"github.com/ambit-iam/ambit/internal/store/bolt"
)

func (r *running) s3(c aws.Credentials) *s3.Client {
	return s3.New(s3.Options{BaseEndpoint: aws.String(r.Endpoint()), Region: "us-east-1", Credentials: provider(c), HTTPClient: client,
		RetryMaxAttempts: 1, UsePathStyle: true})
}

// bucket makes a bucket and returns its name.
func (r *running) bucket(t *testing.T, name string) *string {
	t.Helper()
	if status, body := r.call(t, createBucket("", name, ""), r.admin()); status != 200 {
		t.Fatal(status, body)
	}
	return &name
}

// put makes an object.
func (r *running) put(t *testing.T, bucket, key, content string) {
	t.Helper()
	if _, err := r.s3(r.admin()).PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(content)}); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
}

// apiCode is the code of an error that a client was told; empty without one.
func apiCode(err error) string {
	var told smithy.APIError
	if errors.As(err, &told) {
		return told.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// TestObjects come back as they were sent, with everything that was said about them, whatever their key and their size.
func TestObjects(t *testing.T) {
	t.Parallel()
	r, dir := onDisk(t)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "objects")
	for _, key := range []string{
		"plain", "a/b/c", "with space", "plus+and%25", "#hash?query&amp;", "ünïcödé/日本", "../../etc/passwd", "..", "/leading", "trailing/", "//", "a\tb\nc",
		strings.Repeat("k", 1024),
	} {
		for _, size := range []int{0, 1, 8 << 10, 8<<10 + 1, 1 << 20} {
			content := bytes.Repeat([]byte("x"), size)
			put, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: &key, Body: bytes.NewReader(content), ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
				ContentType: aws.String("text/x"), CacheControl: aws.String("no-store"), Metadata: map[string]string{"owner": "me"}, Tagging: aws.String("k=v&t=%2B+")})
			if err != nil {
				t.Fatalf("%q %d: %v", key, size, err)
			}
			got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
			if err != nil {
				t.Fatalf("%q %d: %v", key, size, err)
			}
			back, err := io.ReadAll(got.Body)
			if err != nil || !bytes.Equal(back, content) {
				t.Errorf("%q %d: %d bytes, %v", key, size, len(back), err)
			}
			if *got.ETag != *put.ETag || *got.ContentType != "text/x" || *got.CacheControl != "no-store" || got.Metadata["owner"] != "me" || *got.TagCount != 2 ||
				aws.ToString(got.ChecksumCRC32) != aws.ToString(put.ChecksumCRC32) || got.ChecksumCRC32 == nil {
				t.Errorf("%.20q %d: %s %s %v", key, size, *got.ETag, *got.ContentType, aws.ToString(got.ChecksumCRC32))
			}
			head, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: &key})
			if err != nil || *head.ContentLength != int64(size) {
				t.Errorf("%.20q %d: head: %v", key, size, err)
			}
		}
		if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: &key}); err != nil {
			t.Errorf("%q: delete %v", key, err)
		}
		if _, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: &key}); apiCode(err) != "NoSuchKey" {
			t.Errorf("%q: %v after it was deleted", key, err)
		}
	}
	if left := contentFiles(t, dir); len(left) > 0 {
		t.Errorf("files without an object: %v", left)
	}
	if _, err := c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: b}); err != nil {
		t.Error(err)
	}
}

// onDisk starts a server that keeps its state in a directory.
func onDisk(t *testing.T) (r *running, dir string) {
	t.Helper()
	dir = t.TempDir()
	return start(t, func(o *server.Options) { o.Memory, o.Data = false, dir }), dir
}

// contentFiles are the files that hold the contents of objects.
func contentFiles(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dir, "planes"), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Base(path) != bolt.File {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // nothing was kept yet
		t.Fatal(err)
	}
	return files
}

// TestReadsOfAnObject are of all, of a piece or of nothing, depending on what the client says it has.
func TestReadsOfAnObject(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "reads")
	r.put(t, "reads", "digits", "0123456789")
	r.put(t, "reads", "empty", "")
	const etag = `"781e5e245d69b566979b86e28d23f2c7"`
	for _, c := range []struct {
		name, method, path, header, value string
		status                            int
		body, answer, is                  string // a header of the answer
	}{
		{"all", "GET", "digits", "", "", 200, "0123456789", "Etag", etag},
		{"a range", "GET", "digits", "Range", "bytes=2-4", 206, "234", "Content-Range", "bytes 2-4/10"},
		{"to the end", "GET", "digits", "Range", "bytes=7-", 206, "789", "Content-Range", "bytes 7-9/10"},
		{"beyond the end", "GET", "digits", "Range", "bytes=7-99999999999999999999", 206, "789", "", ""},
		{"the last", "GET", "digits", "Range", "bytes=-3", 206, "789", "", ""},
		{"more than all of the last", "GET", "digits", "Range", "bytes=-30", 206, "0123456789", "", ""},
		{"outside", "GET", "digits", "Range", "bytes=10-", 416, "<Code>InvalidRange</Code><Message>The requested range is not satisfiable</Message>" +
			"<RangeRequested>bytes=10-</RangeRequested><ActualObjectSize>10</ActualObjectSize>", "", ""},
		{"none of the last", "GET", "digits", "Range", "bytes=-0", 416, "<Code>InvalidRange</Code>", "", ""},
		{"of nothing", "GET", "empty", "Range", "bytes=0-", 416, "<Code>InvalidRange</Code>", "", ""},
		{"backwards", "GET", "digits", "Range", "bytes=4-2", 200, "0123456789", "", ""},
		{"several", "GET", "digits", "Range", "bytes=1-2,4-5", 200, "0123456789", "", ""},
		{"no range", "GET", "digits", "Range", "lines=1-2", 200, "0123456789", "", ""},
		{"as expected", "GET", "digits", "If-Match", etag, 200, "0123456789", "", ""},
		{"not as expected", "GET", "digits", "If-Match", `"other"`, 412, "<Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message>" +
			"<Condition>If-Match</Condition>", "", ""},
		{"known", "GET", "digits", "If-None-Match", etag, 304, "", "Etag", etag},
		{"not known", "GET", "digits", "If-None-Match", `"other"`, 200, "0123456789", "", ""},
		{"not changed", "GET", "digits", "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 304, "", "", ""},
		{"changed", "GET", "digits", "If-Unmodified-Since", "Fri, 01 Jan 2010 00:00:00 GMT", 412, "<Condition>If-Unmodified-Since</Condition>", "", ""},
		{"another type", "GET", "digits?response-content-type=x%2Fy", "", "", 200, "0123456789", "Content-Type", "x/y"},
		{"part 1", "GET", "digits?partNumber=1", "", "", 206, "0123456789", "", ""},
		{"part 2", "GET", "digits?partNumber=2", "", "", 416, "<PartNumberRequested>2</PartNumberRequested><ActualPartCount>1</ActualPartCount>", "", ""},
		{"part 0", "GET", "digits?partNumber=0", "", "", 400, "<Code>InvalidArgument</Code><Message>Part number must be an integer between 1 and 10000, inclusive</Message>" +
			"<ArgumentName>partNumber</ArgumentName><ArgumentValue>0</ArgumentValue>", "", ""},
		{"part 10001", "GET", "digits?partNumber=10001", "", "", 400, "<ArgumentValue>10001</ArgumentValue>", "", ""},
		{"no part", "GET", "digits?partNumber=abc", "", "", 400, "inclusive</Message><ArgumentName>partNumber</ArgumentName><ArgumentValue>abc</ArgumentValue>", "", ""},
		{"a part and a range", "GET", "digits?partNumber=1", "Range", "bytes=0-1", 400,
			"<Code>InvalidRequest</Code><Message>Cannot specify both Range header and partNumber query parameter</Message>", "", ""},
		{"in an unknown mode", "GET", "digits", "X-Amz-Checksum-Mode", "x", 400, "<Code>InvalidRequest</Code><Message>Value for x-amz-checksum-mode header is invalid.</Message>", "", ""},
		{"head", "HEAD", "digits", "", "", 200, "", "Content-Length", "10"},
		{"head of a range", "HEAD", "digits", "Range", "bytes=2-4", 206, "", "Content-Length", "3"},
		{"head of nothing", "HEAD", "none", "", "", 404, "", "", ""},
		{"a missing one", "GET", "none", "", "", 404, "<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>none</Key><RequestId>", "", ""},
		{"a missing version", "GET", "digits?versionId=0123456789abcdef0123456789abcdef", "", "", 404, "<Code>NoSuchVersion</Code>", "", ""},
		{"no version id", "GET", "digits?versionId=x", "", "", 400, "<Code>InvalidArgument</Code><Message>Invalid version id specified</Message>", "", ""},
		{"an empty version id", "GET", "digits?versionId=", "", "", 400, "<Code>InvalidArgument</Code><Message>Version id cannot be the empty string</Message>", "", ""},
		{"an empty version id's head", "HEAD", "digits?versionId=", "", "", 400, "", "", ""},
		{"an empty version id's deletion", "DELETE", "digits?versionId=", "", "", 400, "<Code>InvalidArgument</Code>", "", ""},
		{"a copy of no version", "PUT", "copy", "X-Amz-Copy-Source", "reads/digits?versionId=x", 400, "<Message>Invalid version id specified</Message>", "", ""},
		{"a header that nobody knows", "GET", "digits", "X-Amz-Unheard-Of", "1", 501, "<Code>NotImplemented</Code>", "", ""},
		{"another owner", "GET", "digits", "X-Amz-Expected-Bucket-Owner", "210987654321", 403, "<Code>AccessDenied</Code>", "", ""},
		{"the owner", "GET", "digits", "X-Amz-Expected-Bucket-Owner", "123456789012", 200, "0123456789", "", ""},
	} {
		q := request{service: "s3", method: c.method, path: "/reads/" + c.path}
		if c.header != "" {
			q.header = map[string]string{c.header: c.value}
		}
		status, header, body := r.ask(t, q, r.admin())
		whole := status < 300 && body != c.body || status >= 300 && !strings.Contains(body, c.body) || c.body == "" && body != ""
		if status != c.status || whole || c.answer != "" && header.Get(c.answer) != c.is {
			t.Errorf("%s: %d %v %q, want %d %q", c.name, status, header, body, c.status, c.body)
		}
	}
}

// ask is call with the headers of the answer.
func (r *running) ask(t *testing.T, q request, c aws.Credentials) (status int, header http.Header, body string) {
	t.Helper()
	return send(t, r.sign(t, q, c, time.Now()))
}

// TestWritesThatAreRefused leave nothing: no object, no file.
func TestWritesThatAreRefused(t *testing.T) {
	t.Parallel()
	r, dir := onDisk(t)
	r.bucket(t, "writes")
	r.put(t, "writes", "there", "content")
	large := strings.Repeat("x", 100_000)
	before := contentFiles(t, dir)
	for _, c := range []struct {
		name, key, body string
		header          map[string]string
		status          int
		says            string
	}{
		{"wrong MD5", "new", large, map[string]string{"Content-Md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, 400, "BadDigest"},
		{"no MD5", "new", large, map[string]string{"Content-Md5": "x"}, 400, "InvalidDigest"},
		{"wrong CRC32", "new", large, map[string]string{"X-Amz-Checksum-Crc32": "AAAAAA=="}, 400, "The CRC32 you specified did not match the calculated checksum."},
		{"wrong CRC64NVME", "new", large, map[string]string{"X-Amz-Checksum-Crc64nvme": "AAAAAAAAAAA="}, 400, "The CRC64NVME you specified did not match"},
		{"no checksum", "new", large, map[string]string{"X-Amz-Checksum-Sha256": "AAAA"}, 400, "Value for x-amz-checksum-sha256 header is invalid."},
		{"two checksums", "new", large, map[string]string{"X-Amz-Checksum-Crc32": "AAAAAA==", "X-Amz-Checksum-Crc32c": "AAAAAA=="}, 400, "Expecting a single"},
		{"where one is", "there", large, map[string]string{"If-None-Match": "*"}, 412, "PreconditionFailed"},
		{"instead of another", "there", large, map[string]string{"If-Match": `"x"`}, 412, "PreconditionFailed"},
		{"instead of none", "new", large, map[string]string{"If-Match": `"x"`}, 404, "NoSuchKey"},
		{"public", "new", "", map[string]string{"X-Amz-Acl": "public-read"}, 400, "AccessControlListNotSupported"},
		{"encrypted by KMS", "new", "", map[string]string{"X-Amz-Server-Side-Encryption": "aws:kms"}, 501, "NotImplemented"},
		{"locked", "new", "", map[string]string{"X-Amz-Object-Lock-Mode": "GOVERNANCE"}, 400, "Bucket is missing Object Lock Configuration"},
		{"on tape", "new", "", map[string]string{"X-Amz-Storage-Class": "TAPE"}, 400, "InvalidStorageClass"},
		{"with too many tags", "new", "", map[string]string{"X-Amz-Tagging": "a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k="}, 400, "Object tags cannot be greater than 10"},
		{"with a tag twice", "new", "", map[string]string{"X-Amz-Tagging": "a=1&a=2"}, 400, "InvalidArgument"},
		{"with too much metadata", "new", "", map[string]string{"X-Amz-Meta-A": strings.Repeat("a", 2048)}, 400, "MetadataTooLarge"},
		{"under a long key", strings.Repeat("k", 1025), "", nil, 400, "KeyTooLongError"},
		{"under NUL", "a%00b", "", nil, 400, "InvalidURI"},
		{"under no text", "a%FFb", "", nil, 400, "InvalidURI"},
	} {
		status, body := r.call(t, request{service: "s3", method: "PUT", path: "/writes/" + c.key, header: c.header, body: c.body}, r.admin())
		if status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s, want %d %s", c.name, status, body, c.status, c.says)
		}
	}
	if after := contentFiles(t, dir); !slices.Equal(before, after) {
		t.Errorf("left: %v", after)
	}
	out, err := r.s3(r.admin()).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("writes")})
	if err != nil || len(out.Contents) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestTheLongestLists are read to their end: of parts, each with a checksum, and of keys.
func TestTheLongestLists(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "lists")
	upload, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: b, Key: aws.String("k"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256})
	if err != nil {
		t.Fatal(err)
	}
	parts := make([]types.CompletedPart, 10_000)
	for i := range parts {
		parts[i] = types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: aws.String(`"781e5e245d69b566979b86e28d23f2c7"`),
			ChecksumSHA256: aws.String("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")}
	}
	_, err = c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: b, Key: aws.String("k"), UploadId: upload.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
	if apiCode(err) != "InvalidPart" { // none was ever sent
		t.Error(err)
	}
	objects := make([]types.ObjectIdentifier, 1000)
	for i := range objects {
		objects[i].Key = aws.String(strings.Repeat("&", 1000) + fmt.Sprint(i))
	}
	out, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: objects}})
	if err != nil || len(out.Deleted) != len(objects) {
		t.Errorf("%v, %v", out, err)
	}
}

// TestManyKeysAreJudgedByManyPatterns: to delete many keys at once is allowed where it is to delete each; what would keep the server busy
// is refused before anything is matched.
func TestManyKeysAreJudgedByManyPatterns(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "patterns")
	for _, tt := range []struct {
		patterns, bytes int
		allowed         bool
	}{{40, 120, true}, {10, 400, true}, {50, 1000, false}} {
		name := fmt.Sprintf("many%d", tt.patterns)
		list := make([]string, tt.patterns)
		for i := range list {
			list[i] = fmt.Sprintf(`"arn:aws:s3:::*terns/%d/*/x*"`, i)
		}
		c := r.s3(r.with(t, name, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:DeleteObject","Resource":[`+strings.Join(list, ",")+`]}]}`))
		objects := make([]types.ObjectIdentifier, 1000)
		for i := range objects {
			objects[i].Key = aws.String(fmt.Sprintf("0/%s/x%d", strings.Repeat("k", tt.bytes), i))
		}
		out, err := c.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: objects}})
		if err != nil {
			t.Fatal(err)
		}
		if deleted, refused := len(out.Deleted), len(out.Errors); deleted+refused != len(objects) || (refused == 0) != tt.allowed || tt.allowed != (deleted > 0) {
			t.Errorf("%d patterns, keys of %d bytes: %d deleted, %d refused", tt.patterns, tt.bytes, deleted, refused)
		}
	}
}

// TestWhoMayListIsToldWhatIsMissing: to others a missing object is one that they may not have, in the words of AWS.
func TestWhoMayListIsToldWhatIsMissing(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "told")
	user := r.nobody(t, "reader")
	permit := func(document string) {
		t.Helper()
		if _, err := r.iam(r.admin()).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: aws.String("reader"), PolicyName: aws.String("p"),
			PolicyDocument: &document}); err != nil {
			t.Fatal(err)
		}
	}
	get := func() error {
		_, err := r.s3(user).GetObject(context.Background(), &s3.GetObjectInput{Bucket: b, Key: aws.String("missing")})
		return err
	}
	const says = `User: arn:aws:iam::123456789012:user/reader is not authorized to perform: `
	if err := get(); !strings.Contains(fmt.Sprint(err), says+`s3:GetObject on resource: "arn:aws:s3:::told/missing" because no identity-based policy allows the s3:GetObject action`) {
		t.Error(err)
	}
	permit(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)
	if err := get(); !strings.Contains(fmt.Sprint(err), says+`s3:ListBucket on resource: "arn:aws:s3:::told" because no identity-based policy allows the s3:ListBucket action`) {
		t.Error(err)
	}
	permit(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}]}`)
	if err := get(); apiCode(err) != "NoSuchKey" {
		t.Error(err)
	}
}

// TestABucketIsInItsRegion: nobody reaches it through another, where a policy would see another aws:RequestedRegion.
func TestABucketIsInItsRegion(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	if status, body := r.call(t, createBucket("eu-central-1", "there", "eu-central-1"), r.admin()); status != 200 {
		t.Fatal(status, body)
	}
	for _, c := range []struct {
		region, method, path string
		status               int
		says                 string
	}{
		{"us-east-1", "PUT", "/there/k", 400, "<Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region &apos;us-east-1&apos; is wrong; expecting &apos;eu-central-1&apos;</Message><Region>eu-central-1</Region>"},
		{"eu-central-1", "PUT", "/there/k", 200, ""},
		{"us-east-1", "GET", "/there/k", 400, "<Region>eu-central-1</Region>"},
		{"us-east-1", "HEAD", "/there", 400, ""},
		{"us-east-1", "GET", "/there?location", 200, ">eu-central-1</LocationConstraint>"},
		{"us-east-1", "DELETE", "/there/k", 400, "<Region>eu-central-1</Region>"},
		{"eu-central-1", "DELETE", "/there/k", 204, ""},
		{"us-east-1", "DELETE", "/there", 400, "<Region>eu-central-1</Region>"},
	} {
		status, header, body := r.ask(t, request{service: "s3", region: c.region, method: c.method, path: c.path}, r.admin())
		if status != c.status || !strings.Contains(strings.ReplaceAll(body, "'", "&apos;"), c.says) {
			t.Errorf("%s %s in %s: %d %s", c.method, c.path, c.region, status, body)
		}
		if status == 400 && header.Get("X-Amz-Bucket-Region") != "eu-central-1" {
			t.Errorf("%s %s in %s: %v", c.method, c.path, c.region, header)
		}
	}
}

// TestBucketsInTheHost: a bucket may stand in the name of the host.
func TestBucketsInTheHost(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "hosted")
	r.put(t, "hosted", "a/key", "content")
	for _, host := range []string{"hosted.localhost:4566", "hosted.s3.localhost", "hosted.s3.us-east-1.amazonaws.com"} {
		status, body := r.call(t, request{service: "s3", method: "GET", path: "/a/key", host: host}, r.admin())
		if status != 200 || body != "content" {
			t.Errorf("%s: %d %s", host, status, body)
		}
	}
	status, body := r.call(t, request{service: "s3", method: "GET", path: "/hosted?acl"}, r.admin())
	if status != 200 || !strings.Contains(body, `xsi:type="CanonicalUser"`) {
		t.Errorf("%d %s", status, body)
	}
}
