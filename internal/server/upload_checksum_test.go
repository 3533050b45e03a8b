package server_test

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// rawUpload makes an upload without a client that adds something of its own, and returns its id.
func (r *running) rawUpload(t *testing.T, path string, header map[string]string) string {
	t.Helper()
	status, body := r.call(t, request{service: "s3", method: "POST", path: path + "?uploads", header: header}, r.admin())
	id := regexp.MustCompile("<UploadId>(.*)</UploadId>").FindStringSubmatch(body)
	if status != 200 || id == nil {
		t.Fatal(status, body)
	}
	return id[1]
}

// rawPart sends a part, and returns its ETag.
func (r *running) rawPart(t *testing.T, path, id, content string, header map[string]string) string {
	t.Helper()
	status, answer, body := r.ask(t, request{service: "s3", method: "PUT", path: path + "?partNumber=1&uploadId=" + id, header: header, body: content}, r.admin())
	if status != 200 {
		t.Fatal(status, body)
	}
	return answer.Get("ETag")
}

// crcOf is the CRC32 of a content, and the one that S3 makes of it where it is the only part.
func crcOf(content string) (whole, composite string) {
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(content)))
	return base64.StdEncoding.EncodeToString(sum), base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(sum)))
}

// TestChecksumsOfUploads must be named for each part where they make the checksum of the object, and are computed where it is of the
// whole. The sentences are those that OpenStack's suite has met at S3.
func TestChecksumsOfUploads(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "sums")
	const missing = "<Code>InvalidRequest</Code><Message>The upload was created using a crc32 checksum. The complete request must include the checksum for each part. " +
		"It was missing for part 1 in the request.</Message>"
	crc, composite := crcOf("text")
	other, _ := crcOf("other")
	element := func(name, value string) string { return "<Checksum" + name + ">" + value + "</Checksum" + name + ">" }
	for i, tt := range []struct {
		kind, part string            // of the upload; what the completion says of the part
		header     map[string]string // of the completion
		says       string            // empty: it is done
	}{
		{"COMPOSITE", element("CRC32", crc), nil, ""},
		{"COMPOSITE", "", nil, missing},
		{"COMPOSITE", "", map[string]string{"X-Amz-Checksum-Crc32": composite}, missing},
		{"COMPOSITE", element("CRC32", other), nil, "<Code>InvalidPart</Code>"},
		{"COMPOSITE", element("CRC32C", crc), nil, "<Code>BadDigest</Code><Message>The crc32c you specified for part 1 did not match what we received.</Message>"},
		{"COMPOSITE", element("CRC32", "x"), nil, "<Code>InvalidArgument</Code><Message>Invalid Base64 or multiple checksums present in request</Message>" +
			"<ArgumentName>Checksum</ArgumentName><ArgumentValue>CRC32:x;</ArgumentValue>"},
		{"COMPOSITE", element("CRC32", crc) + element("CRC32C", crc), nil, "<ArgumentValue>CRC32:" + crc + ";CRC32C:" + crc + ";</ArgumentValue>"},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32": composite, "X-Amz-Checksum-Type": "COMPOSITE"}, ""},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32": composite + "-1"}, ""},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32": composite + "-2"}, "The crc32 you specified did not match the calculated checksum."},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32": composite + "-a"}, "Value for x-amz-checksum-crc32 header is invalid."},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32": "short"}, "Value for x-amz-checksum-crc32 header is invalid."},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32": other}, "<Code>BadDigest</Code><Message>The crc32 you specified did not match the calculated checksum.</Message>"},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32c": crc}, "Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: crc32c"},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Type": "FULL_OBJECT"},
			"<Code>InvalidRequest</Code><Message>The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.</Message>"},
		{"COMPOSITE", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Type": "x"}, "Value for x-amz-checksum-type header is invalid."},
		{"FULL_OBJECT", "", nil, ""},
		{"FULL_OBJECT", element("CRC32", crc), map[string]string{"X-Amz-Checksum-Crc32": crc, "X-Amz-Checksum-Type": "FULL_OBJECT", "X-Amz-Mp-Object-Size": "4"}, ""},
		{"FULL_OBJECT", "", map[string]string{"X-Amz-Checksum-Type": "COMPOSITE"}, "using the FULL_OBJECT checksum mode."},
		{"FULL_OBJECT", "", map[string]string{"X-Amz-Checksum-Crc32": other}, "<Code>BadDigest</Code>"},
		{"FULL_OBJECT", "", map[string]string{"X-Amz-Mp-Object-Size": "5"},
			"<Code>InvalidRequest</Code><Message>The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 4</Message>"},
		{"FULL_OBJECT", "", map[string]string{"X-Amz-Mp-Object-Size": "size"}, "Value for x-amz-mp-object-size header is invalid: 'size'"},
		{"FULL_OBJECT", "", map[string]string{"X-Amz-Mp-Object-Size": "-1"}, "Value for x-amz-mp-object-size header is less than zero: '-1'"},
		{"", "", nil, ""},
		{"", "", map[string]string{"X-Amz-Checksum-Type": "FULL_OBJECT"}, ""},
		{"", "", map[string]string{"X-Amz-Checksum-Type": "COMPOSITE"}, "using the FULL_OBJECT checksum mode."},
	} {
		path := fmt.Sprintf("/sums/%d", i)
		header, sum := map[string]string{}, map[string]string{}
		if tt.kind != "" {
			header["X-Amz-Checksum-Algorithm"], header["X-Amz-Checksum-Type"] = "CRC32", tt.kind
		}
		if tt.kind == "COMPOSITE" {
			sum["X-Amz-Checksum-Crc32"] = crc
		}
		id := r.rawUpload(t, path, header)
		etag := r.rawPart(t, path, id, "text", sum)
		status, body := r.call(t, request{service: "s3", method: "POST", path: path + "?uploadId=" + id, header: tt.header,
			body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag + "</ETag>" + tt.part + "</Part></CompleteMultipartUpload>"}, r.admin())
		if tt.says == "" && status != 200 || tt.says != "" && (status != 400 || !strings.Contains(body, tt.says)) {
			t.Errorf("%s, %q, %v: %d %s, want %s", tt.kind, tt.part, tt.header, status, body, tt.says)
		}
		if status, _ := r.call(t, request{service: "s3", method: "HEAD", path: path}, r.admin()); (status == 200) != (tt.says == "") {
			t.Errorf("%s, %q, %v: the object: %d", tt.kind, tt.part, tt.header, status)
		}
	}
}

// TestChecksumsOfParts are of the upload's algorithm, and must be there for a checksum of checksums.
func TestChecksumsOfParts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "sums")
	crc, _ := crcOf("text")
	for _, tt := range []struct {
		upload, part map[string]string
		says         string
	}{
		{map[string]string{"X-Amz-Checksum-Algorithm": "SHA256"}, nil,
			"<Code>InvalidRequest</Code><Message>Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null</Message>"},
		{map[string]string{"X-Amz-Checksum-Algorithm": "SHA256"}, map[string]string{"X-Amz-Checksum-Crc32": crc}, "expected checksum Type: sha256, actual checksum Type: crc32"},
		{map[string]string{"X-Amz-Checksum-Algorithm": "CRC32", "X-Amz-Checksum-Type": "FULL_OBJECT"}, map[string]string{"X-Amz-Checksum-Crc32c": crc},
			"expected checksum Type: crc32, actual checksum Type: crc32c"},
		{map[string]string{"X-Amz-Checksum-Algorithm": "CRC32", "X-Amz-Checksum-Type": "FULL_OBJECT"}, nil, ""},
		{map[string]string{"X-Amz-Checksum-Algorithm": "CRC64NVME"}, nil, ""},
		{map[string]string{"X-Amz-Checksum-Algorithm": "CRC32"}, map[string]string{"X-Amz-Checksum-Crc32": crc}, ""},
		{nil, map[string]string{"X-Amz-Checksum-Crc32": crc}, ""},
		{nil, map[string]string{"X-Amz-Checksum-Crc32": "AAAAAB=="}, "Value for x-amz-checksum-crc32 header is invalid."}, // bits that no byte has
	} {
		id := r.rawUpload(t, "/sums/key", tt.upload)
		status, body := r.call(t, request{service: "s3", method: "PUT", path: "/sums/key?partNumber=1&uploadId=" + id, header: tt.part, body: "text"}, r.admin())
		if tt.says == "" && status != 200 || tt.says != "" && (status != 400 || !strings.Contains(body, tt.says)) {
			t.Errorf("%v, %v: %d %s, want %s", tt.upload, tt.part, status, body, tt.says)
		}
	}
	for _, tt := range []struct {
		algorithm, kind, says string
	}{
		{"SHA256", "FULL_OBJECT", "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm."},
		{"CRC64NVME", "COMPOSITE", "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm."},
		{"CRC32", "x", "Value for x-amz-checksum-type header is invalid."},
		{"", "COMPOSITE", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."},
		{"x", "", "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, "},
	} {
		header := map[string]string{}
		for name, value := range map[string]string{"X-Amz-Checksum-Algorithm": tt.algorithm, "X-Amz-Checksum-Type": tt.kind} {
			if value != "" {
				header[name] = value
			}
		}
		if status, body := r.call(t, request{service: "s3", method: "POST", path: "/sums/key?uploads", header: header}, r.admin()); status != 400 || !strings.Contains(body, tt.says) {
			t.Errorf("%v: %d %s, want %s", header, status, body, tt.says)
		}
	}
}

// TestClientsChecksumsOfUploads: what a client does of itself is enough where its caller names no algorithm, whether he passes on what
// he was told of the parts or not.
func TestClientsChecksumsOfUploads(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	options := r.s3(r.admin()).Options()
	options.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported // as clients are configured
	c, b := s3.New(options), r.bucket(t, "sums")
	for _, passesOn := range []bool{true, false} {
		id, parts := upload(t, c, *b, "key", &s3.CreateMultipartUploadInput{}, content(10))
		if aws.ToString(parts[0].ChecksumCRC32) == "" {
			t.Fatalf("the client has sent no checksum: %+v", parts)
		}
		if !passesOn {
			parts[0].ChecksumCRC32 = nil
		}
		if _, err := c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: b, Key: aws.String("key"), UploadId: id,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}); err != nil {
			t.Error(err)
		}
	}
}

// TestChecksumsOfReads are told with all of the content, however it is asked for, and with no piece of it.
func TestChecksumsOfReads(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.bucket(t, "sums")
	crc, _ := crcOf("text")
	if status, body := r.call(t, request{service: "s3", method: "PUT", path: "/sums/key", header: map[string]string{"X-Amz-Checksum-Crc32": crc}, body: "text"}, r.admin()); status != 200 {
		t.Fatal(status, body)
	}
	for _, tt := range []struct {
		query, span string
		told        bool
	}{
		{"", "", true},
		{"", "bytes=0-3", true},
		{"", "bytes=0-", true},
		{"?partNumber=1", "", true},
		{"", "bytes=0-2", false},
		{"", "bytes=1-", false},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			q := request{service: "s3", method: method, path: "/sums/key" + tt.query, header: map[string]string{"X-Amz-Checksum-Mode": "ENABLED"}}
			if tt.span != "" {
				q.header["Range"] = tt.span
			}
			status, header, body := r.ask(t, q, r.admin())
			if got := header.Get("X-Amz-Checksum-Crc32") == crc && header.Get("X-Amz-Checksum-Type") == "FULL_OBJECT"; status >= 300 || got != tt.told {
				t.Errorf("%s %s %s: %d %v %s", method, tt.query, tt.span, status, header, body)
			}
		}
	}
}
