package s3

import (
	"crypto/md5"  //nolint:gosec // checksums that clients ask for, not a defence
	"crypto/sha1" //nolint:gosec // as above
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// An algorithm is one of the checksums of S3 ("Checking object integrity in Amazon S3", S3 User Guide).
type algorithm struct {
	name   string
	header string // in lower case
	make   func() hash.Hash
	length int
	// polynomial of a cyclic redundancy check, reversed: sums of parts can be put together to that of the whole.
	polynomial uint64
}

// crc64NVME is the polynomial of NVM Express, reversed as package crc64 has it.
const crc64NVME = 0x9a6c9329ac4bc9b5

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	nvme       = crc64.MakeTable(crc64NVME)
)

var algorithms = [...]algorithm{
	{"CRC32", "x-amz-checksum-crc32", func() hash.Hash { return crc32.NewIEEE() }, 4, crc32.IEEE},
	{"CRC32C", "x-amz-checksum-crc32c", func() hash.Hash { return crc32.New(castagnoli) }, 4, crc32.Castagnoli},
	{"CRC64NVME", "x-amz-checksum-crc64nvme", func() hash.Hash { return crc64.New(nvme) }, 8, crc64NVME},
	{"MD5", "x-amz-checksum-md5", md5.New, 16, 0},
	{"SHA1", "x-amz-checksum-sha1", sha1.New, 20, 0},
	{"SHA256", "x-amz-checksum-sha256", sha256.New, 32, 0},
	{"SHA512", "x-amz-checksum-sha512", sha512.New, 64, 0},
}

func algorithmNamed(name string) *algorithm {
	for i := range algorithms {
		if algorithms[i].name == name {
			return &algorithms[i]
		}
	}
	return nil
}

func algorithmOf(header string) *algorithm {
	for i := range algorithms {
		if algorithms[i].header == header {
			return &algorithms[i]
		}
	}
	return nil
}

// spells tells whether a text is the one way to write a checksum of the algorithm.
func (a *algorithm) spells(text string) bool {
	sum, err := base64.StdEncoding.Strict().DecodeString(text)
	return err == nil && len(sum) == a.length
}

func unsupportedChecksum() error {
	return service.BadRequest("InvalidRequest", "Checksum algorithm provided is unsupported. "+
		"Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256, MD5, SHA512]")
}

const (
	fullObject = "FULL_OBJECT"
	composite  = "COMPOSITE"
)

// A checksumInput is what a request says about the checksum of its body.
type checksumInput struct {
	ContentMD5        *string `from:"sent Content-Md5"`
	ChecksumAlgorithm *string `from:"sent X-Amz-Sdk-Checksum-Algorithm"`
	ChecksumCRC32     *string `from:"sent X-Amz-Checksum-Crc32"`
	ChecksumCRC32C    *string `from:"sent X-Amz-Checksum-Crc32c"`
	ChecksumCRC64NVME *string `from:"sent X-Amz-Checksum-Crc64nvme"`
	ChecksumMD5       *string `from:"sent X-Amz-Checksum-Md5"`
	ChecksumSHA1      *string `from:"sent X-Amz-Checksum-Sha1"`
	ChecksumSHA256    *string `from:"sent X-Amz-Checksum-Sha256"`
	ChecksumSHA512    *string `from:"sent X-Amz-Checksum-Sha512"`
	Trailer           *string `from:"sent X-Amz-Trailer"`
}

// An expectation is what the client says about the content that it sends.
type expectation struct {
	md5       []byte     // nil: nothing
	algorithm *algorithm // nil: none
	value     string     // in base64; empty if it comes in the trailer, or is only to be computed
	trailing  bool
	computed  bool // nothing is said: it is computed for what the object will have

	least, most int64 // bytes; most 0: any number
}

// expected reads what a request says. A checksum that is not one is refused before anything is read.
func (in *checksumInput) expected() (e expectation, err error) {
	if in.ContentMD5 != nil {
		e.md5, err = base64.StdEncoding.DecodeString(*in.ContentMD5)
		if err != nil || len(e.md5) != 16 {
			return e, service.BadRequest("InvalidDigest", "The Content-MD5 you specified was invalid.")
		}
	}
	for i, value := range []*string{in.ChecksumCRC32, in.ChecksumCRC32C, in.ChecksumCRC64NVME, in.ChecksumMD5, in.ChecksumSHA1, in.ChecksumSHA256, in.ChecksumSHA512} {
		if value == nil {
			continue
		}
		a := &algorithms[i]
		if e.algorithm != nil {
			return e, service.BadRequest("InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
		}
		if !a.spells(*value) {
			return e, service.BadRequest("InvalidRequest", "Value for "+a.header+" header is invalid.")
		}
		e.algorithm, e.value = a, *value
	}
	if in.Trailer != nil {
		a := algorithmOf(strings.ToLower(strings.TrimSpace(*in.Trailer)))
		switch {
		case a == nil:
			return e, service.BadRequest("InvalidRequest", "The value specified in the x-amz-trailer header is not supported")
		case e.algorithm != nil:
			return e, service.BadRequest("InvalidRequest", "Expecting a single x-amz-checksum- header")
		}
		e.algorithm, e.trailing = a, true
	}
	if in.ChecksumAlgorithm != nil {
		a := algorithmNamed(strings.ToUpper(*in.ChecksumAlgorithm))
		switch {
		case a == nil:
			return e, unsupportedChecksum()
		case e.algorithm == nil:
			return e, service.BadRequest("InvalidRequest", "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
		case a != e.algorithm:
			return e, service.BadRequest("InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid.")
		}
	}
	return e, nil
}

// header adds a checksum to the headers of an answer.
func (c *checksum) header(h map[string]string) {
	if c == nil {
		return
	}
	if a := algorithmNamed(c.Algorithm); a != nil {
		h["X-Amz-Checksum-"+strings.TrimPrefix(a.header, "x-amz-checksum-")] = c.Value
		h["X-Amz-Checksum-Type"] = c.Type
	}
}
