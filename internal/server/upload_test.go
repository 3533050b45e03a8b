package server_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// content is what objects of these tests contain: no two pieces of it are alike.
func content(size int) []byte {
	b := make([]byte, 0, size+16)
	for i := 0; len(b) < size; i++ {
		b = fmt.Appendf(b, "%015d\n", i)
	}
	return b[:size]
}

// upload sends a content in parts and returns the upload and its parts.
func upload(t *testing.T, c *s3.Client, bucket, key string, in *s3.CreateMultipartUploadInput, pieces ...[]byte) (id *string, parts []types.CompletedPart) {
	t.Helper()
	in.Bucket, in.Key = &bucket, &key
	made, err := c.CreateMultipartUpload(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for i, piece := range pieces {
		number := int32(i + 1)
		out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: &bucket, Key: &key, UploadId: made.UploadId, PartNumber: &number,
			Body: bytes.NewReader(piece), ChecksumAlgorithm: in.ChecksumAlgorithm})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{ETag: out.ETag, PartNumber: &number, ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC64NVME: out.ChecksumCRC64NVME})
	}
	return made.UploadId, parts
}

// TestUploadsInParts become one object, whose checksum is that of the whole where it can be.
func TestUploadsInParts(t *testing.T) {
	t.Parallel()
	r, dir := onDisk(t)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "parts")
	whole := content(12<<20 + 5)
	pieces := [][]byte{whole[:5<<20], whole[5<<20 : 12<<20], whole[12<<20:]}
	for _, algorithm := range []types.ChecksumAlgorithm{types.ChecksumAlgorithmCrc64nvme, types.ChecksumAlgorithmCrc32} {
		key := string(algorithm)
		id, parts := upload(t, c, *b, key, &s3.CreateMultipartUploadInput{ChecksumAlgorithm: algorithm, ChecksumType: types.ChecksumTypeFullObject,
			ContentType: aws.String("a/b"), Metadata: map[string]string{"m": "1"}}, pieces...)
		if _, err := c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: b, Key: &key, UploadId: id,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}); err != nil {
			t.Fatal(err)
		}
		at, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("at once"), Body: bytes.NewReader(whole), ChecksumAlgorithm: algorithm})
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
		if err != nil {
			t.Fatal(err)
		}
		back, err := io.ReadAll(got.Body)
		if err != nil || !bytes.Equal(back, whole) {
			t.Errorf("%s: %d bytes, %v", key, len(back), err)
		}
		if aws.ToString(got.ChecksumCRC32) != aws.ToString(at.ChecksumCRC32) || aws.ToString(got.ChecksumCRC64NVME) != aws.ToString(at.ChecksumCRC64NVME) {
			t.Errorf("%s: the checksum of the whole differs", key)
		}
		if !strings.HasSuffix(*got.ETag, `-3"`) || *got.ContentType != "a/b" || got.Metadata["m"] != "1" {
			t.Errorf("%s: %s %s %v", key, *got.ETag, *got.ContentType, got.Metadata)
		}
		ranged, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: &key, Range: aws.String("bytes=5242870-12582914")})
		if err != nil {
			t.Fatal(err)
		}
		if back, err := io.ReadAll(ranged.Body); err != nil || !bytes.Equal(back, whole[5242870:12582915]) {
			t.Errorf("%s: range over parts: %d bytes, %v", key, len(back), err)
		}
		second, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: &key, PartNumber: aws.Int32(2)})
		if err != nil || *second.ContentLength != 7<<20 || *second.PartsCount != 3 {
			t.Errorf("%s: part 2: %v", key, err)
		}
	}
	// What is copied is read anew, and what goes leaves no file, whoever else has a part of it.
	if _, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: b, Key: aws.String("copy"), CopySource: aws.String("parts/CRC32")}); err != nil {
		t.Fatal(err)
	}
	deleted, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: []types.ObjectIdentifier{
		{Key: aws.String("CRC32")}, {Key: aws.String("CRC64NVME")}, {Key: aws.String("at once")}, {Key: aws.String("never there")}}}})
	if err != nil || len(deleted.Deleted) != 4 {
		t.Errorf("%v, %v", deleted, err)
	}
	if left := contentFiles(t, dir); len(left) != 1 {
		t.Errorf("files: %v", left)
	}
	got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("copy")})
	if err != nil {
		t.Fatal(err)
	}
	if back, err := io.ReadAll(got.Body); err != nil || !bytes.Equal(back, whole) {
		t.Errorf("the copy: %d bytes, %v", len(back), err)
	}
}

// TestUploadsThatCannotBeCompleted say why, and stay until they are given up.
func TestUploadsThatCannotBeCompleted(t *testing.T) {
	t.Parallel()
	r, dir := onDisk(t)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "uploads")
	small := content(100_000)
	id, parts := upload(t, c, *b, "key", &s3.CreateMultipartUploadInput{}, small, small)
	part := func(number int32, etag string) types.CompletedPart {
		return types.CompletedPart{PartNumber: &number, ETag: &etag}
	}
	for _, tt := range []struct {
		name, key, id string
		parts         []types.CompletedPart
		code          string
	}{
		{"small parts", "key", *id, parts, "EntityTooSmall"},
		{"no parts", "key", *id, nil, "MalformedXML"},
		{"another order", "key", *id, []types.CompletedPart{parts[1], parts[0]}, "InvalidPartOrder"},
		{"a part twice", "key", *id, []types.CompletedPart{parts[0], parts[0]}, "InvalidPartOrder"},
		{"a part that is missing", "key", *id, []types.CompletedPart{part(7, *parts[0].ETag)}, "InvalidPart"},
		{"another part", "key", *id, []types.CompletedPart{part(1, "x")}, "InvalidPart"},
		{"another key", "other", *id, parts, "NoSuchUpload"},
		{"another upload", "key", "x", parts, "NoSuchUpload"},
	} {
		_, err := c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: b, Key: &tt.key, UploadId: &tt.id,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: tt.parts}})
		if apiCode(err) != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
	for _, tt := range []struct{ id, part, says string }{
		{*id, "<PartNumber>7</PartNumber><ETag>&quot;x&quot;</ETag>", "entity tag.</Message><UploadId>" + *id + "</UploadId><PartNumber>7</PartNumber><ETag>x</ETag><RequestId>"},
		{*id, "<PartNumber>0</PartNumber><ETag>x</ETag>",
			"<Code>InvalidArgument</Code><Message>PartNumber must be &gt;= 1</Message><ArgumentName>PartNumber</ArgumentName><ArgumentValue>0</ArgumentValue>"},
		{"none", "<PartNumber>1</PartNumber><ETag>x</ETag>", "aborted or completed.</Message><UploadId>none</UploadId><RequestId>"},
	} {
		status, body := r.call(t, request{service: "s3", method: "POST", path: "/uploads/key?uploadId=" + tt.id,
			body: "<CompleteMultipartUpload><Part>" + tt.part + "</Part></CompleteMultipartUpload>"}, r.admin())
		if status < 400 || !strings.Contains(body, tt.says) {
			t.Errorf("%s: %d %s, want %s", tt.part, status, body, tt.says)
		}
	}
	listed, err := c.ListParts(ctx, &s3.ListPartsInput{Bucket: b, Key: aws.String("key"), UploadId: id, MaxParts: aws.Int32(1)})
	if err != nil || len(listed.Parts) != 1 || !*listed.IsTruncated || *listed.NextPartNumberMarker != "1" {
		t.Errorf("%v, %v", listed, err)
	}
	all, err := c.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: b})
	if err != nil || len(all.Uploads) != 1 || *all.Uploads[0].UploadId != *id {
		t.Errorf("%v, %v", all, err)
	}
	for _, tt := range []struct {
		query, says string
		status      int
	}{
		{"?uploads&max-uploads=2000", "<MaxUploads>1000</MaxUploads><IsTruncated>false</IsTruncated><Upload>", 200},
		{"?uploads&max-uploads=0", "<MaxUploads>0</MaxUploads><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>", 200},
		{"?uploads&max-uploads=-1", "<Code>InvalidArgument</Code><Message>Argument max-uploads must be an integer between 0 and 2147483647</Message>" +
			"<ArgumentName>max-uploads</ArgumentName><ArgumentValue>-1</ArgumentValue>", 400},
		{"/key?uploadId=" + *id + "&part-number-marker=-1", "Argument part-number-marker must be", 400},
		{"/key?uploadId=" + *id + "&max-parts=-1", "Argument max-parts must be", 400},
		{"/key?uploadId=" + *id + "&max-parts=2000", "<MaxParts>1000</MaxParts>", 200},
	} {
		status, body := r.call(t, request{service: "s3", method: "GET", path: "/uploads" + tt.query}, r.admin())
		if status != tt.status || !strings.Contains(body, tt.says) {
			t.Errorf("%s: %d %s, want %s", tt.query, status, body, tt.says)
		}
	}
	if len(contentFiles(t, dir)) != 1 { // of two parts that are the same
		t.Errorf("files: %v", contentFiles(t, dir))
	}
	if _, err := c.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: b, Key: aws.String("key"), UploadId: id}); err != nil {
		t.Error(err)
	}
	if left := contentFiles(t, dir); len(left) > 0 {
		t.Errorf("files: %v", left)
	}
	if _, err := c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: b}); err != nil {
		t.Error(err)
	}
}

// TestCopiesAskBothSides: for the copy, for the source, and for its tags.
func TestCopiesAskBothSides(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, b := t.Context(), r.bucket(t, "copies")
	if _, err := r.s3(r.admin()).PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("tagged"), Tagging: aws.String("secret=yes"), Body: strings.NewReader("x")}); err != nil {
		t.Fatal(err)
	}
	r.put(t, *b, "plain", "x")
	user := r.nobody(t, "copier")
	for _, tt := range []struct {
		actions, source, says string
	}{
		{`"s3:PutObject"`, "plain", `s3:GetObject on resource: "arn:aws:s3:::copies/plain"`},
		{`"s3:GetObject"`, "plain", `s3:PutObject on resource: "arn:aws:s3:::copies/copy"`},
		{`"s3:PutObject","s3:GetObject"`, "plain", ""},
		{`"s3:PutObject","s3:GetObject"`, "missing", `s3:ListBucket on resource: "arn:aws:s3:::copies"`},
		{`"s3:PutObject","s3:GetObject","s3:ListBucket"`, "missing", `NoSuchKey`},
		{`"s3:PutObject","s3:GetObject"`, "tagged", `s3:PutObjectTagging on resource: "arn:aws:s3:::copies/copy"`},
		{`"s3:PutObject","s3:GetObject","s3:PutObjectTagging"`, "tagged", `s3:GetObjectTagging on resource: "arn:aws:s3:::copies/tagged"`},
		{`"s3:PutObject","s3:GetObject","s3:PutObjectTagging","s3:GetObjectTagging"`, "tagged", ""},
	} {
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + tt.actions + `],"Resource":"*"}]}`
		if _, err := r.iam(r.admin()).PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("copier"), PolicyName: aws.String("p"), PolicyDocument: &document}); err != nil {
			t.Fatal(err)
		}
		_, err := r.s3(user).CopyObject(ctx, &s3.CopyObjectInput{Bucket: b, Key: aws.String("copy"), CopySource: aws.String("copies/" + tt.source)})
		if tt.says == "" && err != nil || tt.says != "" && !strings.Contains(fmt.Sprint(err), tt.says) {
			t.Errorf("%s of %s: %v", tt.actions, tt.source, err)
		}
	}
}

// TestAnEmptyObjectIsCopied, at once and as a part.
func TestAnEmptyObjectIsCopied(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "nothing")
	r.put(t, *b, "empty", "")
	if _, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: b, Key: aws.String("copy"), CopySource: aws.String("nothing/empty")}); err != nil {
		t.Fatal(err)
	}
	if out, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: aws.String("copy")}); err != nil || aws.ToInt64(out.ContentLength) != 0 ||
		aws.ToString(out.ETag) != `"d41d8cd98f00b204e9800998ecf8427e"` {
		t.Errorf("the copy: %+v, %v", out, err)
	}
	upload, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: b, Key: aws.String("parts")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.UploadPartCopy(ctx, &s3.UploadPartCopyInput{Bucket: b, Key: aws.String("parts"), UploadId: upload.UploadId, PartNumber: aws.Int32(1),
		CopySource: aws.String("nothing/empty")}); err != nil {
		t.Error(err)
	}
}

// TestRangesOfCopiedParts have both ends, and lie within the source.
func TestRangesOfCopiedParts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c, b := t.Context(), r.s3(r.admin()), r.bucket(t, "ranges")
	r.put(t, *b, "source", "01234")
	upload, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: b, Key: aws.String("key")})
	if err != nil {
		t.Fatal(err)
	}
	const (
		form = "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy"
		size = "Range specified is not valid for source object of size: 5"
	)
	for value, says := range map[string]string{
		"bytes=0-4": "", "bytes=4-4": "", "bytes=1-2": "",
		"bytes=0-5": size, "bytes=0-100": size, "bytes=5-9": size, "bytes=0-99999999999999999999": size,
		"bytes=3-": form, "bytes=-2": form, "bytes=": form, "bytes=0": form, "0-2": form, "bytes=2-1": form, "bytes=0-1,3-4": form, "bytes=a-b": form, "bytes= 0-2": form,
		"bytes=+0-2": form, "lines=0-2": form, "": form,
	} {
		q := request{service: "s3", method: "PUT", path: "/ranges/key?partNumber=1&uploadId=" + *upload.UploadId,
			header: map[string]string{"X-Amz-Copy-Source": "ranges/source", "X-Amz-Copy-Source-Range": value}}
		status, body := r.call(t, q, r.admin())
		if says == "" && status != 200 || says != "" && (status != 400 || !strings.Contains(body, "<Code>InvalidArgument</Code><Message>"+says+"</Message>"+
			"<ArgumentName>x-amz-copy-source-range</ArgumentName><ArgumentValue>"+value+"</ArgumentValue>")) {
			t.Errorf("%q: %d %s, want %s", value, status, body, says)
		}
	}
}

// TestDeletionsAreJudgedKeyByKey.
func TestDeletionsAreJudgedKeyByKey(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "keybykey")
	r.put(t, *b, "mine/a", "x")
	r.put(t, *b, "theirs/b", "x")
	user := r.nobody(t, "deleter")
	document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::keybykey/mine/*"}]}`
	if _, err := r.iam(r.admin()).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: aws.String("deleter"), PolicyName: aws.String("p"), PolicyDocument: &document}); err != nil {
		t.Fatal(err)
	}
	out, err := r.s3(user).DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: []types.ObjectIdentifier{
		{Key: aws.String("mine/a")}, {Key: aws.String("theirs/b")}}}})
	if err != nil || len(out.Deleted) != 1 || *out.Deleted[0].Key != "mine/a" || len(out.Errors) != 1 || *out.Errors[0].Code != "AccessDenied" ||
		!strings.Contains(*out.Errors[0].Message, `is not authorized to perform: s3:DeleteObject on resource: "arn:aws:s3:::keybykey/theirs/b" because no identity-based policy allows`) {
		t.Errorf("%+v, %v", out, err)
	}
	left, err := r.s3(r.admin()).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: b})
	if err != nil || len(left.Contents) != 1 || *left.Contents[0].Key != "theirs/b" {
		t.Errorf("%+v, %v", left, err)
	}
	out, err = r.s3(r.admin()).DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: []types.ObjectIdentifier{
		{Key: aws.String("theirs/b"), VersionId: aws.String("abc")}}}})
	if err != nil || len(out.Errors) != 1 || *out.Errors[0].Code != "NoSuchVersion" || *out.Errors[0].VersionId != "abc" {
		t.Errorf("%+v, %v", out, err)
	}
	status, _, body := r.ask(t, request{service: "s3", method: "POST", path: "/keybykey?delete", body: "<Delete><Object><Key>theirs/b</Key></Object></Delete>"}, r.admin())
	if status != 400 || !strings.Contains(body, "<Message>Missing required header for this request: Content-MD5 OR x-amz-checksum-*</Message>") {
		t.Errorf("without a checksum: %d %s", status, body)
	}
}
