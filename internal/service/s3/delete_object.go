package s3

import (
	"context"
	"net/http"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A deleteObjectInput is the input of DeleteObject.
type deleteObjectInput struct {
	common
	Bucket                    *string `from:"path Bucket"`
	Key                       *string `from:"path Key"`
	VersionId                 *string `from:"query versionId"`
	MFA                       *string `from:"header X-Amz-Mfa"`
	BypassGovernanceRetention *string `from:"header X-Amz-Bypass-Governance-Retention"`
	IfMatch                   *string `from:"header If-Match"`
}

func (s *s3) deleteObject() service.Long[deleteObjectInput, place] {
	return service.Long[deleteObjectInput, place]{
		Check: func(in *deleteObjectInput) error { return checkVersion(in.Key, in.VersionId) },
		Plan: func(c *service.Call, in *deleteObjectInput, r identity.Reader, h *service.Hold) (place, error) {
			return held(c, r, h, in.Bucket, &in.common)
		},
		Act: func(ctx context.Context, c *service.Call, in *deleteObjectInput, p place, h *service.Hold) (service.Answer, error) {
			if in.MFA != nil {
				return service.Answer{}, notImplemented()
			}
			v, err := s.vaults.open(ctx, c, p)
			if err != nil {
				return service.Answer{}, err
			}
			var done deletion
			drawn := p.bucket.newVersionID()
			err = v.update(ctx, h, func(tx store.Tx) (err error) {
				if err := writable(tx, c, *in.Key, in.IfMatch, nil); err != nil {
					return err
				}
				done, err = deleteVersion(tx, c, p, *in.Key, in.VersionId, drawn)
				return err
			})
			return service.Answer{Status: http.StatusNoContent, Header: done.header()}, err
		},
	}
}

// A deletion is what became of a version.
type deletion struct {
	id     string // of the version that is gone or of the marker that was made; empty without versioning
	marker bool   // a delete marker was made or removed
	made   bool
}

func (d deletion) header() map[string]string {
	h := map[string]string{}
	if d.id != "" {
		h["X-Amz-Version-Id"] = d.id
	}
	if d.marker {
		h["X-Amz-Delete-Marker"] = "true"
	}
	return h
}

// deleteVersion removes a version, or without an id what is current: in a bucket with versioning a delete marker covers it
// ("Deleting object versions from a versioning-enabled bucket").
func deleteVersion(tx store.Tx, c *service.Call, p place, key string, id *string, drawn string) (deletion, error) {
	if id != nil {
		v, _, exists, err := named(tx, key, *id)
		if err != nil || !exists {
			return deletion{id: *id}, err
		}
		return deletion{id: *id, marker: v.Marker}, remove(tx, key, *id)
	}
	if p.bucket.Versioning == "" {
		return deletion{}, remove(tx, key, nullVersion)
	}
	marker := version{Key: key, ID: drawn, Marker: true, Modified: c.Now()}
	return deletion{id: marker.id(), marker: true, made: true}, put(tx, marker)
}
