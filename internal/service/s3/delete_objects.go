package s3

import (
	"context"
	"errors"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A deleteObjectsInput is the input of DeleteObjects.
type deleteObjectsInput struct {
	common
	checksumInput
	Bucket *string  `from:"path Bucket"`
	Delete *deleted `from:"body Delete"`
}

type deleted struct {
	Objects []deletedKey `wire:"Object,flat"`
	Quiet   *bool
}

type deletedKey struct {
	Key       *string
	VersionID *string `wire:"VersionId"`
	ETag      *string
	Size      *string
}

// A deleteObjectsOutput is the output of DeleteObjects.
type deleteObjectsOutput struct {
	_       struct{}     `wire:"DeleteResult"`
	Deleted []deletedOne `wire:"Deleted,flat"`
	Errors  []refusedKey `wire:"Error,flat"`
}

type deletedOne struct {
	Key                   *string
	VersionID             *string `wire:"VersionId"`
	DeleteMarker          *bool
	DeleteMarkerVersionID *string `wire:"DeleteMarkerVersionId"`
}

type refusedKey struct {
	Key, Code, Message *string
	VersionID          *string `wire:"VersionId"`
}

// maxDeleted is the most keys of one call.
const maxDeleted = 1000

func (s *s3) deleteObjects() service.Long[deleteObjectsInput, place] {
	return service.Long[deleteObjectsInput, place]{
		Check: func(in *deleteObjectsInput) error {
			malformed := service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
			if in.Delete == nil || len(in.Delete.Objects) == 0 || len(in.Delete.Objects) > maxDeleted {
				return malformed
			}
			for _, o := range in.Delete.Objects {
				if o.Key == nil || o.Size != nil {
					return malformed
				}
			}
			e, err := in.expected()
			if err == nil && e.md5 == nil && e.algorithm == nil {
				err = service.BadRequest("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
			}
			return err
		},
		Plan: func(c *service.Call, in *deleteObjectsInput, r identity.Reader, h *service.Hold) (place, error) {
			p, err := held(c, r, h, in.Bucket, &in.common)
			if err != nil {
				if refusal := in.refusal(c); refusal != nil {
					return place{}, refusal // who may delete nothing is not told which buckets there are
				}
			}
			return p, err
		},
		Act: s.actDeleteObjects,
	}
}

func (s *s3) actDeleteObjects(ctx context.Context, c *service.Call, in *deleteObjectsInput, p place, h *service.Hold) (service.Answer, error) {
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return service.Answer{}, err
	}
	var out *deleteObjectsOutput
	err = v.update(ctx, h, func(tx store.Tx) error {
		out = &deleteObjectsOutput{}
		for i := range in.Delete.Objects {
			o := &in.Delete.Objects[i]
			done, err := o.delete(tx, c, p)
			var refused *wire.Fault
			var told *service.Error
			switch {
			case errors.As(err, &refused):
				out.Errors = append(out.Errors, refusedKey{Key: o.Key, VersionID: o.VersionID, Code: &refused.Code, Message: &refused.Message})
			case errors.As(err, &told):
				out.Errors = append(out.Errors, refusedKey{Key: o.Key, VersionID: o.VersionID, Code: &told.Code, Message: &told.Message})
			case err != nil:
				return err
			case in.Delete.Quiet == nil || !*in.Delete.Quiet:
				out.Deleted = append(out.Deleted, done)
			}
		}
		return nil
	})
	return service.Body(out), err
}

// compared are the keys whose ETags decide whether they are deleted.
func (in *deleteObjectsInput) compared() (keys []string) {
	for i := range in.Delete.Objects {
		if o := &in.Delete.Objects[i]; compares(o.ETag) {
			keys = append(keys, *o.Key)
		}
	}
	return keys
}

// refusal is that of the first key, if every key is refused.
func (in *deleteObjectsInput) refusal(c *service.Call) (first error) {
	for i := range in.Delete.Objects {
		err := in.Delete.Objects[i].refusal(c, text(in.Bucket))
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func (o *deletedKey) refusal(c *service.Call, bucket string) error {
	action := "s3:DeleteObject"
	if o.VersionID != nil {
		action = "s3:DeleteObjectVersion"
	}
	return c.Refusal(action, bucketARN(c, bucket)+"/"+*o.Key)
}

// delete deletes one of the keys, if that is allowed.
func (o *deletedKey) delete(tx store.Tx, c *service.Call, p place) (deletedOne, error) {
	if err := o.refusal(c, p.bucket.Name); err != nil {
		return deletedOne{}, err
	}
	if err := checkKey(o.Key); err != nil {
		return deletedOne{}, err
	}
	if checkVersion(o.Key, o.VersionID) != nil { // which only this call tells as missing
		return deletedOne{}, service.NotFound("NoSuchVersion", "The specified version does not exist.")
	}
	if compares(o.ETag) {
		if err := c.Refusal("s3:GetObject", bucketARN(c, p.bucket.Name)+"/"+*o.Key); err != nil {
			return deletedOne{}, err
		}
	}
	if err := writable(tx, c, *o.Key, o.ETag, nil); err != nil {
		return deletedOne{}, err
	}
	done, err := deleteVersion(tx, c, p, *o.Key, o.VersionID, p.bucket.newVersionID())
	out := deletedOne{Key: o.Key, VersionID: o.VersionID}
	if done.marker {
		out.DeleteMarker, out.DeleteMarkerVersionID = &done.marker, &done.id
	}
	return out, err
}
