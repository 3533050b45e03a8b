package s3

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Limits of uploads in parts ("Amazon S3 multipart upload limits", S3 User Guide).
const (
	maxParts = 10_000
	minPart  = 5 << 20 // but for the last one
	maxWhole = 5 << 40
)

// An upload is what is stored of an upload in parts: what the object will be.
type upload struct {
	Key string `json:"-"`
	ID  string `json:"-"`

	Initiated time.Time         `json:"initiated"`
	Initiator string            `json:"initiator"` // account
	Header    map[string]string `json:"header,omitempty"`
	Metadata  map[string]string `json:"metadata,omitempty"`
	Tags      []identity.Tag    `json:"tags,omitempty"`
	Algorithm string            `json:"algorithm,omitempty"` // of the checksum
	Type      string            `json:"type,omitempty"`
	Said      map[string]string `json:"said,omitempty"` // by condition key: what its creation was judged by, and its parts are
}

// A part is what is stored of a part.
type part struct {
	Number int `json:"-"`

	Modified time.Time `json:"modified"`
	Size     int64     `json:"size"`
	Hash     string    `json:"hash,omitempty"`
	ETag     string    `json:"etag"`
	Checksum *checksum `json:"checksum,omitempty"`
}

const (
	uploadPrefix = "u/"
	partPrefix   = "p/"
)

func uploadKey(key, id string) string { return uploadPrefix + key + "\x00" + id }

func partKey(id string, number int) string { return fmt.Sprintf("%s%s/%05d", partPrefix, id, number) }

// readUpload returns an upload of a key; NoSuchUpload if there is none.
func readUpload(r store.Reader, key, id string) (u upload, err error) {
	value, ok := r.Get(uploadKey(key, id))
	if !ok || strings.IndexByte(id, 0) >= 0 {
		return upload{}, service.NotFound("NoSuchUpload",
			"The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.").With("UploadId", id)
	}
	if err = json.Unmarshal(value, &u); err != nil {
		return upload{}, fmt.Errorf("upload %q: %w", id, err)
	}
	u.Key, u.ID = key, id
	return u, nil
}

func readPart(r store.Reader, id string, number int) (p part, exists bool, err error) {
	value, ok := r.Get(partKey(id, number))
	if !ok {
		return part{}, false, nil
	}
	p.Number = number
	return p, true, json.Unmarshal(value, &p)
}

// A createUploadInput is the input of CreateMultipartUpload.
type createUploadInput struct {
	common
	contentHeaders
	newObject
	Bucket            *string `from:"path Bucket"`
	Key               *string `from:"path Key"`
	ChecksumAlgorithm *string `from:"header X-Amz-Checksum-Algorithm"`
	ChecksumType      *string `from:"header X-Amz-Checksum-Type"`
}

// A createUploadOutput is the output of CreateMultipartUpload.
type createUploadOutput struct {
	_        struct{} `wire:"InitiateMultipartUploadResult"`
	Bucket   *string
	Key      *string
	UploadID *string `wire:"UploadId"`
}

func (s *s3) createUpload() service.Long[createUploadInput, place] {
	return service.Long[createUploadInput, place]{
		Check: func(in *createUploadInput) error { return checkKey(in.Key) },
		Plan: func(c *service.Call, in *createUploadInput, r identity.Reader, h *service.Hold) (place, error) {
			p, err := held(c, r, h, in.Bucket, &in.common)
			if err == nil {
				err = in.served()
			}
			return p, err
		},
		Act: func(ctx context.Context, c *service.Call, in *createUploadInput, p place, h *service.Hold) (service.Answer, error) {
			u := upload{Key: *in.Key, ID: newUploadID(), Initiated: c.Now(), Initiator: c.Account(), Header: in.kept(), Metadata: in.Metadata}
			u.Said = said(c)
			in.keepIn(u.Header)
			var err error
			if u.Tags, err = parseTagging(in.Tagging); err != nil {
				return service.Answer{}, err
			}
			if u.Algorithm, u.Type, err = in.checksum(); err != nil {
				return service.Answer{}, err
			}
			v, err := s.vaults.open(ctx, c, p)
			if err != nil {
				return service.Answer{}, err
			}
			err = v.update(ctx, h, func(tx store.Tx) error { return putJSON(tx, uploadKey(u.Key, u.ID), u) })
			header := map[string]string{}
			if u.Algorithm != "" {
				header["X-Amz-Checksum-Algorithm"], header["X-Amz-Checksum-Type"] = u.Algorithm, u.Type
			}
			out := &createUploadOutput{Bucket: &p.bucket.Name, Key: &u.Key, UploadID: &u.ID}
			return service.Answer{Body: out, Header: header}, err
		},
	}
}

// said are the condition keys of a call that its input gives values to, as its row has them.
func said(c *service.Call) map[string]string {
	values := map[string]string{}
	for _, k := range c.Operation.Row.Questions[0].Keys {
		if value, given := c.Input.Members.String(k.Value); given && k.From == operation.FromInput {
			values[k.Name] = value
		}
	}
	return values
}

func newUploadID() string {
	var id [48]byte
	rand.Read(id[:])
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// An uploadInput names an upload.
type uploadInput struct {
	common
	Bucket   *string `from:"path Bucket"`
	Key      *string `from:"path Key"`
	UploadID *string `from:"query uploadId"`
}

func (in *uploadInput) check() error { return checkKey(in.Key) }

// abortUpload forgets an upload and its parts.
func (s *s3) abortUpload() service.Long[uploadInput, place] {
	return service.Long[uploadInput, place]{
		Check: (*uploadInput).check,
		Plan: func(c *service.Call, in *uploadInput, r identity.Reader, h *service.Hold) (place, error) {
			return held(c, r, h, in.Bucket, &in.common)
		},
		Act: func(ctx context.Context, c *service.Call, in *uploadInput, p place, h *service.Hold) (service.Answer, error) {
			v, err := s.vaults.open(ctx, c, p)
			if err != nil {
				return service.Answer{}, err
			}
			err = v.update(ctx, h, func(tx store.Tx) error {
				u, err := readUpload(tx, *in.Key, text(in.UploadID))
				if err != nil {
					return err
				}
				return endUpload(tx, u, nil)
			})
			return service.Answer{Status: http.StatusNoContent}, err
		},
	}
}

// endUpload removes an upload, and releases its parts but for those that are kept.
func endUpload(tx store.Tx, u upload, kept map[int]bool) error {
	prefix := partPrefix + u.ID + "/"
	for at, value := range store.All(tx, prefix) {
		var p part
		if err := json.Unmarshal(value, &p); err != nil {
			return err
		}
		var number int
		if _, err := fmt.Sscanf(strings.TrimPrefix(at, prefix), "%d", &number); err != nil {
			return err
		}
		tx.Delete(at)
		if !kept[number] {
			if err := release(tx, p.Hash); err != nil {
				return err
			}
		}
	}
	tx.Delete(uploadKey(u.Key, u.ID))
	return nil
}
