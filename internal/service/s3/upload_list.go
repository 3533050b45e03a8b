package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A listPartsInput is the input of ListParts.
type listPartsInput struct {
	uploadInput
	MaxParts         *int32 `from:"query max-parts"`
	PartNumberMarker *int32 `from:"query part-number-marker"`
}

// A listPartsOutput is the output of ListParts.
type listPartsOutput struct {
	_                    struct{} `wire:"ListPartsResult"`
	Bucket               *string
	Key                  *string
	UploadID             *string `wire:"UploadId"`
	PartNumberMarker     int32
	NextPartNumberMarker int32
	MaxParts             int32
	IsTruncated          bool
	Parts                []listedPart `wire:"Part,flat"`
	Initiator            *owner
	Owner                *owner
	StorageClass         *string
	ChecksumAlgorithm    *string
	ChecksumType         *string
}

type listedPart struct {
	PartNumber   int32
	LastModified *time.Time
	ETag         *string
	Size         int64
	sumsOf
}

func (s *s3) listParts() service.Reading[listPartsInput] {
	return service.Reading[listPartsInput]{
		Check: func(in *listPartsInput) error {
			if err := notNegative(in.MaxParts, "max-parts"); err != nil {
				return err
			}
			if err := notNegative(in.PartNumberMarker, "part-number-marker"); err != nil {
				return err
			}
			return in.check()
		},
		Act: func(c *service.Call, in *listPartsInput, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
				v, u, err := s.openUpload(ctx, c, p, &in.uploadInput)
				if err != nil {
					return service.Answer{}, err
				}
				out := in.output(p, &u)
				err = v.view(ctx, func(r store.Reader) error { return in.read(r, &u, out) })
				return service.Body(out), err
			}}, nil
		},
	}
}

// notNegative checks a parameter that is cut to what a page may have, however large it is.
func notNegative(n *int32, name string) error {
	if n == nil || *n >= 0 {
		return nil
	}
	return service.BadRequest("InvalidArgument", "Argument "+name+" must be an integer between 0 and 2147483647").
		With("ArgumentName", name).With("ArgumentValue", strconv.Itoa(int(*n)))
}

func (in *listPartsInput) output(p place, u *upload) *listPartsOutput {
	owned, made, class := canonicalUser(p.owner), canonicalUser(u.Initiator), (&version{Header: u.Header}).storageClass()
	out := &listPartsOutput{
		Bucket: &p.bucket.Name, Key: in.Key, UploadID: &u.ID, MaxParts: mostKeys, Initiator: &owner{ID: &made}, Owner: &owner{ID: &owned},
		StorageClass: &class, Parts: []listedPart{},
	}
	if in.MaxParts != nil {
		out.MaxParts = min(*in.MaxParts, mostKeys)
	}
	if in.PartNumberMarker != nil {
		out.PartNumberMarker = *in.PartNumberMarker
	}
	if u.Algorithm != "" {
		out.ChecksumAlgorithm, out.ChecksumType = &u.Algorithm, &u.Type
	}
	return out
}

func (in *listPartsInput) read(r store.Reader, u *upload, out *listPartsOutput) error {
	if out.MaxParts == 0 {
		return nil
	}
	prefix := partPrefix + u.ID + "/"
	pairs, more := r.Scan(prefix, partKey(u.ID, int(out.PartNumberMarker)), int(out.MaxParts))
	for _, pair := range pairs {
		number, err := strconv.ParseInt(strings.TrimPrefix(pair.Key, prefix), 10, 32)
		if err != nil {
			return fmt.Errorf("part %q: %w", pair.Key, err)
		}
		var p part
		if err := json.Unmarshal(pair.Value, &p); err != nil {
			return fmt.Errorf("part %q: %w", pair.Key, err)
		}
		etag := quoted(p.ETag)
		listed := listedPart{PartNumber: int32(number), LastModified: &p.Modified, ETag: &etag, Size: p.Size}
		listed.sumsOf = sumsIn(p.Checksum)
		listed.ChecksumType = nil // it is the upload's
		out.Parts = append(out.Parts, listed)
		out.NextPartNumberMarker = int32(number)
	}
	out.IsTruncated = more
	return nil
}

// A listUploadsInput is the input of ListMultipartUploads.
type listUploadsInput struct {
	listInput
	MaxUploads     *int32  `from:"query max-uploads"`
	KeyMarker      *string `from:"query key-marker"`
	UploadIDMarker *string `from:"query upload-id-marker"`
}

// A listUploadsOutput is the output of ListMultipartUploads.
type listUploadsOutput struct {
	_                  struct{} `wire:"ListMultipartUploadsResult"`
	Bucket             *string
	KeyMarker          *string
	UploadIDMarker     *string `wire:"UploadIdMarker"`
	NextKeyMarker      *string
	NextUploadIDMarker *string `wire:"NextUploadIdMarker"`
	Prefix             *string
	Delimiter          *string
	EncodingType       *string
	MaxUploads         int32
	IsTruncated        bool
	Uploads            []listedUpload `wire:"Upload,flat"`
	CommonPrefixes     []commonPrefix `wire:"CommonPrefixes,flat"`
}

type listedUpload struct {
	Key               *string
	UploadID          *string `wire:"UploadId"`
	Initiated         *time.Time
	Initiator         *owner
	Owner             *owner
	StorageClass      *string
	ChecksumAlgorithm *string
	ChecksumType      *string
}

func (s *s3) listUploads() service.Reading[listUploadsInput] {
	return service.Reading[listUploadsInput]{
		Check: func(in *listUploadsInput) error {
			if err := notNegative(in.MaxUploads, "max-uploads"); err != nil {
				return err
			}
			return in.check()
		},
		Act: func(c *service.Call, in *listUploadsInput, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
				v, err := s.vaults.open(ctx, c, p)
				if err != nil {
					return service.Answer{}, err
				}
				var out *listUploadsOutput
				err = v.view(ctx, func(r store.Reader) (err error) {
					out, err = in.read(r, p)
					return err
				})
				return service.Body(out), err
			}}, nil
		},
	}
}

func (in *listUploadsInput) read(r store.Reader, p place) (*listUploadsOutput, error) {
	most := int32(mostKeys)
	if in.MaxUploads != nil {
		most = min(*in.MaxUploads, mostKeys)
	}
	empty := ""
	keyMarker := text(in.KeyMarker)
	out := &listUploadsOutput{
		Bucket: &p.bucket.Name, KeyMarker: in.encoded(&keyMarker), UploadIDMarker: in.UploadIDMarker, Prefix: in.encoded(in.Prefix),
		Delimiter: in.encoded(in.Delimiter), EncodingType: in.EncodingType, MaxUploads: most, NextKeyMarker: &empty, NextUploadIDMarker: &empty,
	}
	wanted := page{prefix: text(in.Prefix), delimiter: text(in.Delimiter)}
	after := ""
	switch {
	case keyMarker != "" && wanted.rolledUp(keyMarker) == keyMarker:
		after = uploadPrefix + keyMarker + afterPrefix
	case keyMarker != "" && text(in.UploadIDMarker) != "":
		after = uploadKey(keyMarker, *in.UploadIDMarker)
	case keyMarker != "":
		after = uploadPrefix + keyMarker + afterKey
	}
	if most == 0 {
		out.NextKeyMarker, out.NextUploadIDMarker = nil, nil
		return out, nil
	}
	err := walk(r, uploadPrefix+wanted.prefix, after, func(at string, value []byte) (string, bool, error) {
		if int32(len(out.Uploads)+len(out.CommonPrefixes)) == most {
			out.IsTruncated = true
			return "", true, nil
		}
		key, id, _ := strings.Cut(strings.TrimPrefix(at, uploadPrefix), "\x00")
		if rolled := wanted.rolledUp(key); rolled != "" {
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefix{in.encoded(&rolled)})
			out.NextKeyMarker, out.NextUploadIDMarker = in.encoded(&rolled), &empty
			return uploadPrefix + rolled + afterPrefix, false, nil
		}
		listed, err := in.listed(p, key, id, value)
		out.Uploads = append(out.Uploads, listed)
		out.NextKeyMarker, out.NextUploadIDMarker = in.encoded(&key), &id
		return "", false, err
	})
	if !out.IsTruncated {
		out.NextKeyMarker, out.NextUploadIDMarker = nil, nil
	}
	return out, err
}

// listed is an upload as it is stored, in a list.
func (in *listUploadsInput) listed(p place, key, id string, stored []byte) (listedUpload, error) {
	var u upload
	if err := json.Unmarshal(stored, &u); err != nil {
		return listedUpload{}, fmt.Errorf("upload %q: %w", id, err)
	}
	owned, made, class := canonicalUser(p.owner), canonicalUser(u.Initiator), (&version{Header: u.Header}).storageClass()
	listed := listedUpload{
		Key: in.encoded(&key), UploadID: &id, Initiated: &u.Initiated, Initiator: &owner{ID: &made}, Owner: &owner{ID: &owned}, StorageClass: &class,
	}
	if u.Algorithm != "" {
		listed.ChecksumAlgorithm, listed.ChecksumType = &u.Algorithm, &u.Type
	}
	return listed, nil
}
