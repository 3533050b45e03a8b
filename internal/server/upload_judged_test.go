package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/ambit-iam/ambit/internal/identity"
)

// inParts makes an object in parts, one of them a copy of an object "source", and returns the code of the first step that is refused.
func inParts(t *testing.T, c *s3.Client, in *s3.CreateMultipartUploadInput) (step, code string) {
	t.Helper()
	in.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32
	made, err := c.CreateMultipartUpload(t.Context(), in)
	if err != nil {
		return "creation", apiCode(err)
	}
	first, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: in.Bucket, Key: in.Key, UploadId: made.UploadId, PartNumber: aws.Int32(1),
		Body: strings.NewReader(string(content(5 << 20))), ChecksumAlgorithm: in.ChecksumAlgorithm})
	if err != nil {
		return "part", apiCode(err)
	}
	second, err := c.UploadPartCopy(t.Context(), &s3.UploadPartCopyInput{Bucket: in.Bucket, Key: in.Key, UploadId: made.UploadId, PartNumber: aws.Int32(2),
		CopySource: aws.String(*in.Bucket + "/source")})
	if err != nil {
		return "copy", apiCode(err)
	}
	_, err = c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: in.Bucket, Key: in.Key, UploadId: made.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{
			{PartNumber: aws.Int32(1), ETag: first.ETag, ChecksumCRC32: first.ChecksumCRC32},
			{PartNumber: aws.Int32(2), ETag: second.CopyPartResult.ETag, ChecksumCRC32: second.CopyPartResult.ChecksumCRC32},
		}}})
	if err != nil {
		return "completion", apiCode(err)
	}
	return "", ""
}

// TestPartsAreJudgedByTheirUpload: a policy that demands what only the creation of an upload can say holds for all of the upload.
func TestPartsAreJudgedByTheirUpload(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "demanding")
	r.put(t, *b, "source", "x")
	other := identity.StartKey{ID: "OTHERROOT0000000", Secret: identity.SecretOf("another-secret")}
	if _, err := r.AddAccount(t.Context(), "210987654321", other); err != nil {
		t.Fatal(err)
	}
	const everything = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::demanding","arn:aws:s3:::demanding/*"]},
		{"Effect":%q,"Principal":{"AWS":"210987654321"},"Action":["s3:PutObject","s3:PutObjectAcl","s3:PutObjectTagging"],"Resource":"arn:aws:s3:::demanding/*"%s}%s]}`
	const allowed = `,{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"s3:PutObject*","Resource":"arn:aws:s3:::demanding/*"}`
	with := func(change func(*s3.CreateMultipartUploadInput)) *s3.CreateMultipartUploadInput {
		in := &s3.CreateMultipartUploadInput{Bucket: b, Key: aws.String("key")}
		change(in)
		return in
	}
	nothing := func(*s3.CreateMultipartUploadInput) {}
	ownersACL := func(in *s3.CreateMultipartUploadInput) { in.ACL = types.ObjectCannedACLBucketOwnerFullControl }
	encrypted := func(in *s3.CreateMultipartUploadInput) { in.ServerSideEncryption = types.ServerSideEncryptionAes256 }
	for _, tt := range []struct {
		name, effect, condition, others string
		asked, refused                  func(*s3.CreateMultipartUploadInput)
	}{
		{"an ACL is demanded", "Allow", `,"Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}`, "", ownersACL,
			func(in *s3.CreateMultipartUploadInput) { in.ACL = types.ObjectCannedACLPrivate }},
		{"what is not encrypted is denied", "Deny", `,"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}`, allowed, encrypted, nothing},
		{"what says nothing of encryption is denied", "Deny", `,"Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}`, allowed, encrypted, nothing},
		{"a storage class is demanded", "Allow", `,"Condition":{"StringEquals":{"s3:x-amz-storage-class":"STANDARD"}}`, "",
			func(in *s3.CreateMultipartUploadInput) { in.StorageClass = types.StorageClassStandard },
			func(in *s3.CreateMultipartUploadInput) { in.StorageClass = types.StorageClassStandardIa }},
		{"a tag is demanded", "Allow", `,"Condition":{"StringEquals":{"s3:RequestObjectTag/kind":"public"},"ForAllValues:StringEquals":{"s3:RequestObjectTagKeys":["kind"]}}`, "",
			func(in *s3.CreateMultipartUploadInput) { in.Tagging = aws.String("kind=public") }, nothing},
	} {
		document := fmt.Sprintf(everything, tt.effect, tt.condition, tt.others)
		if _, err := r.s3(r.root()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &document}); err != nil {
			t.Fatal(tt.name, err)
		}
		if step, code := inParts(t, r.s3(credentialsOf(other)), with(tt.asked)); step != "" {
			t.Errorf("%s: the %s: %s", tt.name, step, code)
		}
		if step, code := inParts(t, r.s3(credentialsOf(other)), with(tt.refused)); step != "creation" || code != "AccessDenied" {
			t.Errorf("%s: the %s of what it refuses: %q", tt.name, step, code)
		}
	}
}

// TestNoPartSpeaksForItsUpload: what counts is what the upload was made with, whatever a part says, and only of the upload that it is for.
func TestNoPartSpeaksForItsUpload(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "claims")
	r.put(t, *b, "source", "x")
	user := r.with(t, "uploader", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"},
		{"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}}]}`)
	made := map[string]string{}
	for key, acl := range map[string]types.ObjectCannedACL{"without": "", "private": types.ObjectCannedACLPrivate, "owners": types.ObjectCannedACLBucketOwnerFullControl} {
		out, err := r.s3(r.admin()).CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: b, Key: &key, ACL: acl})
		if err != nil {
			t.Fatal(err)
		}
		made[key] = *out.UploadId
	}
	for _, tt := range []struct {
		key, upload string
		says        string // the part, of its ACL
		code        string
	}{
		{"without", "without", "", "AccessDenied"},
		{"without", "without", "bucket-owner-full-control", "NotImplemented"},
		{"private", "private", "", "AccessDenied"},
		{"private", "private", "bucket-owner-full-control", "NotImplemented"},
		{"without", "owners", "", "AccessDenied"}, // which is another key's
		{"private", "none", "", "AccessDenied"},
	} {
		id := made[tt.upload]
		part := request{service: "s3", method: "PUT", path: "/claims/" + tt.key + "?partNumber=1&uploadId=" + id, body: "text", header: map[string]string{}}
		piece := request{service: "s3", method: "PUT", path: part.path, header: map[string]string{"X-Amz-Copy-Source": "claims/source"}}
		whole := request{service: "s3", method: "POST", path: "/claims/" + tt.key + "?uploadId=" + id, header: map[string]string{},
			body: "<CompleteMultipartUpload><Part><ETag>e</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>"}
		for _, q := range []request{part, piece, whole} {
			if tt.says != "" {
				q.header["X-Amz-Acl"] = tt.says
			}
			if status, body := r.call(t, q, user); status < 400 || !strings.Contains(body, "<Code>"+tt.code+"</Code>") {
				t.Errorf("%s %s of the upload %s, saying %q: %d %s, want %s", q.method, q.path, tt.upload, tt.says, status, body, tt.code)
			}
		}
	}
	for key, id := range made {
		out, err := r.s3(r.admin()).ListParts(t.Context(), &s3.ListPartsInput{Bucket: b, Key: &key, UploadId: &id})
		if err != nil || len(out.Parts) > 0 {
			t.Errorf("%s: %+v, %v", key, out, err)
		}
	}
	if status, body := r.call(t, request{service: "s3", method: "PUT", path: "/claims/owners?partNumber=1&uploadId=" + made["owners"], body: "text"}, user); status != 200 {
		t.Errorf("a part of the upload that has what is demanded: %d %s", status, body)
	}
}
