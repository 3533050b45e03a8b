package s3

import (
	"context"
	"crypto/md5" //nolint:gosec // ETags are MD5
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A completeInput is the input of CompleteMultipartUpload.
type completeInput struct {
	uploadInput
	IfMatch       *string         `from:"header If-Match"`
	IfNoneMatch   *string         `from:"header If-None-Match"`
	MpuObjectSize *string         `from:"header X-Amz-Mp-Object-Size"`
	ChecksumType  *string         `from:"header X-Amz-Checksum-Type"`
	Parts         *completedParts `from:"body CompleteMultipartUpload"`

	wholeSums
}

// A wholeSums input has the checksums that the client expects of the whole object, which are not of the body.
type wholeSums struct {
	CRC32     *string `from:"whole X-Amz-Checksum-Crc32"`
	CRC32C    *string `from:"whole X-Amz-Checksum-Crc32c"`
	CRC64NVME *string `from:"whole X-Amz-Checksum-Crc64nvme"`
	MD5       *string `from:"whole X-Amz-Checksum-Md5"`
	SHA1      *string `from:"whole X-Amz-Checksum-Sha1"`
	SHA256    *string `from:"whole X-Amz-Checksum-Sha256"`
	SHA512    *string `from:"whole X-Amz-Checksum-Sha512"`
}

type completedParts struct {
	Parts []completedPart `wire:"Part,flat"`
}

type completedPart struct {
	ETag              *string
	PartNumber        *int32
	ChecksumCRC32     *string
	ChecksumCRC32C    *string
	ChecksumCRC64NVME *string
	ChecksumMD5       *string
	ChecksumSHA1      *string
	ChecksumSHA256    *string
	ChecksumSHA512    *string
}

// A completeOutput is the output of CompleteMultipartUpload.
type completeOutput struct {
	_        struct{} `wire:"CompleteMultipartUploadResult"`
	Location *string
	Bucket   *string
	Key      *string
	ETag     *string
	sumsOf
}

func (s *s3) completeUpload() service.Long[completeInput, place] {
	return service.Long[completeInput, place]{
		Check: func(in *completeInput) error {
			if err := in.check(); err != nil {
				return err
			}
			if err := in.checkWhole(); err != nil {
				return err
			}
			return in.Parts.check()
		},
		Plan: func(c *service.Call, in *completeInput, r identity.Reader, h *service.Hold) (place, error) {
			return held(c, r, h, in.Bucket, &in.common)
		},
		Act: s.actCompleteUpload,
	}
}

func (p *completedParts) check() error {
	if p == nil || len(p.Parts) == 0 {
		return service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	last := int32(0)
	for _, one := range p.Parts {
		switch {
		case one.ETag == nil || one.PartNumber == nil:
			return service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
		case *one.PartNumber < 1:
			return service.BadRequest("InvalidArgument", "PartNumber must be >= 1").
				With("ArgumentName", "PartNumber").With("ArgumentValue", strconv.Itoa(int(*one.PartNumber)))
		case *one.PartNumber <= last:
			return service.BadRequest("InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
		}
		last = *one.PartNumber
	}
	return nil
}

func (s *s3) actCompleteUpload(ctx context.Context, c *service.Call, in *completeInput, p place, h *service.Hold) (service.Answer, error) {
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return service.Answer{}, err
	}
	made := version{}
	drawn := p.bucket.newVersionID()
	err = v.update(ctx, h, func(tx store.Tx) error {
		u, err := readUpload(tx, *in.Key, text(in.UploadID))
		if err != nil {
			return err
		}
		if err := writable(tx, c, *in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
			return err
		}
		made, err = in.complete(tx, u)
		if err != nil {
			return err
		}
		made.ID, made.Modified = drawn, c.Now()
		return put(tx, made)
	})
	if err != nil {
		return service.Answer{}, err
	}
	header := map[string]string{}
	p.bucket.versionHeader(header, &made)
	return service.Answer{Body: in.output(c, p, &made), Header: header}, nil
}

// complete puts the object together from its parts, and ends the upload.
func (in *completeInput) complete(tx store.Tx, u upload) (made version, err error) {
	made = version{Key: u.Key, Header: u.Header, Metadata: u.Metadata, Tags: u.Tags, Parts: len(in.Parts.Parts)}
	kept := map[int]bool{}
	var pieces []piece
	var sums []part
	digests := md5.New()
	for i := range in.Parts.Parts {
		wanted := &in.Parts.Parts[i]
		p, exists, err := readPart(tx, u.ID, int(*wanted.PartNumber))
		if err != nil {
			return version{}, err
		}
		if !exists || strings.Trim(*wanted.ETag, `"`) != p.ETag {
			return version{}, wanted.missing(&u)
		}
		if err := wanted.agrees(&u, p.Checksum); err != nil {
			return version{}, err
		}
		if p.Size < minPart && i < len(in.Parts.Parts)-1 {
			return version{}, service.BadRequest("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size").
				With("ProposedSize", strconv.FormatInt(p.Size, 10)).With("MinSizeAllowed", strconv.Itoa(minPart)).
				With("PartNumber", strconv.Itoa(p.Number)).With("ETag", p.ETag)
		}
		sum, err := hex.DecodeString(p.ETag)
		if err != nil {
			return version{}, fmt.Errorf("part %d: %w", p.Number, err)
		}
		digests.Write(sum)
		kept[p.Number] = true
		made.Size += p.Size
		sums = append(sums, p)
		if p.Hash != "" {
			pieces = append(pieces, piece{hash: p.Hash, size: p.Size})
		}
	}
	made.ETag = hex.EncodeToString(digests.Sum(nil)) + "-" + strconv.Itoa(made.Parts)
	if made.Checksum, err = u.checksum(sums); err != nil {
		return version{}, err
	}
	if err := in.expects(&u, &made); err != nil {
		return version{}, err
	}
	if err := endUpload(tx, u, kept); err != nil {
		return version{}, err
	}
	made.Hash, err = compose(tx, pieces)
	return made, err
}

// missing says that a part is not as the client has it.
func (p *completedPart) missing(u *upload) error {
	return service.BadRequest("InvalidPart",
		"One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.").
		With("UploadId", u.ID).With("PartNumber", strconv.Itoa(int(*p.PartNumber))).With("ETag", strings.Trim(*p.ETag, `"`))
}

// compose makes the content that is put together from pieces, which are counted already.
func compose(tx store.Tx, pieces []piece) (hash string, err error) {
	if len(pieces) == 0 {
		return "", nil
	}
	list, hash, err := formatParts(pieces)
	if err != nil {
		return "", err
	}
	if _, there := tx.Get(partsPrefix + hash); !there {
		tx.Put(partsPrefix+hash, list)
		return hash, nil
	}
	for _, p := range pieces { // the list that is there counts them
		if err := release(tx, p.hash); err != nil {
			return "", err
		}
	}
	return hash, nil
}

func (in *completeInput) output(c *service.Call, p place, made *version) *completeOutput {
	etag := quoted(made.ETag)
	location := "http://" + c.Transport.Host + "/" + p.bucket.Name + "/" + *in.encodedKey()
	return &completeOutput{Location: &location, Bucket: &p.bucket.Name, Key: in.Key, ETag: &etag, sumsOf: sumsIn(made.Checksum)}
}

func (in *completeInput) encodedKey() *string {
	url := "url"
	return (&listInput{EncodingType: &url}).encoded(in.Key)
}
