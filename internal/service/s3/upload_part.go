package s3

import (
	"context"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// An uploadPartInput is the input of UploadPart.
type uploadPartInput struct {
	uploadInput
	checksumInput
	PartNumber           *int32  `from:"query partNumber"`
	SSECustomerAlgorithm *string `from:"header X-Amz-Server-Side-Encryption-Customer-Algorithm"`
}

func checkPartNumber(n *int32) error {
	switch {
	case n == nil:
		return invalidPartNumber("")
	case *n < 1 || *n > maxParts:
		return invalidPartNumber(strconv.Itoa(int(*n)))
	}
	return nil
}

func invalidPartNumber(value string) error {
	return service.BadRequest("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive").
		With("ArgumentName", partNumber).With("ArgumentValue", value)
}

// partNumber is the query parameter of that name.
const partNumber = "partNumber"

func (s *s3) uploadPart() service.Long[uploadPartInput, place] {
	return service.Long[uploadPartInput, place]{
		Streams: true,
		Check: func(in *uploadPartInput) error {
			if err := in.check(); err != nil {
				return err
			}
			return checkPartNumber(in.PartNumber)
		},
		Plan: func(c *service.Call, in *uploadPartInput, r identity.Reader, h *service.Hold) (place, error) {
			if in.SSECustomerAlgorithm != nil {
				return place{}, notImplemented()
			}
			return held(c, r, h, in.Bucket, &in.common)
		},
		Act: s.actUploadPart,
	}
}

func (s *s3) actUploadPart(ctx context.Context, c *service.Call, in *uploadPartInput, p place, h *service.Hold) (service.Answer, error) {
	v, u, err := s.openUpload(ctx, c, p, &in.uploadInput)
	if err != nil {
		return service.Answer{}, err
	}
	e, err := in.expected()
	if err != nil {
		return service.Answer{}, err
	}
	if err := u.expectPart(&e); err != nil {
		return service.Answer{}, err
	}
	e.most = maxSent
	got, err := v.receive(c, e)
	if err != nil {
		return service.Answer{}, err
	}
	made, err := v.keepPart(ctx, c, h, u, int(*in.PartNumber), got)
	if err != nil {
		return service.Answer{}, err
	}
	header := map[string]string{"ETag": quoted(made.ETag)}
	made.Checksum.header(header)
	delete(header, "X-Amz-Checksum-Type")
	return service.Answer{Header: header}, nil
}

// openUpload finds an upload before its part is read.
func (s *s3) openUpload(ctx context.Context, c *service.Call, p place, in *uploadInput) (v *vault, u upload, err error) {
	if v, err = s.vaults.open(ctx, c, p); err != nil {
		return nil, upload{}, err
	}
	err = v.view(ctx, func(r store.Reader) (err error) {
		u, err = readUpload(r, *in.Key, text(in.UploadID))
		return err
	})
	return v, u, err
}

// keepPart makes a received content the part of an upload with that number.
func (v *vault) keepPart(ctx context.Context, c *service.Call, h *service.Hold, u upload, number int, got *received) (part, error) {
	made := part{Number: number, Modified: c.Now(), Size: got.size, Hash: got.hash, ETag: got.etag, Checksum: got.checksum}
	return made, v.keep(ctx, h, got, func(tx store.Tx) error {
		if _, err := readUpload(tx, u.Key, u.ID); err != nil {
			return err // it was completed or aborted meanwhile
		}
		old, exists, err := readPart(tx, u.ID, number)
		if err != nil {
			return err
		}
		if err := retain(tx, made.Hash); err != nil {
			return err
		}
		if exists {
			if err := release(tx, old.Hash); err != nil {
				return err
			}
		}
		return putJSON(tx, partKey(u.ID, number), made)
	})
}
