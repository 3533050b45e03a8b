package s3

import (
	"context"
	"net/http"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A tagging is the body of the calls on tags.
type tagging struct {
	_      struct{} `wire:"Tagging"`
	TagSet []tag    `wire:"TagSet,item=Tag"`
}

// tags reads a body; most is how many there may be.
func (t *tagging) tags(most int) ([]identity.Tag, error) {
	if t == nil {
		return nil, service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	tags := tagsOf(t.TagSet)
	return tags, checkTags(tags, most)
}

// tagsOf are tags as a body has them.
func tagsOf(list []tag) (tags []identity.Tag) {
	for _, one := range list {
		tags = append(tags, identity.Tag{Key: text(one.Key), Value: text(one.Value)})
	}
	return tags
}

func taggingOf(tags []identity.Tag) *tagging {
	out := &tagging{TagSet: []tag{}}
	for i := range tags {
		out.TagSet = append(out.TagSet, tag{Key: &tags[i].Key, Value: &tags[i].Value})
	}
	return out
}

var getBucketTagging = showing(func(b *bucket) (any, error) {
	if len(b.Tags) == 0 {
		return nil, missingSetting(b, "NoSuchTagSet", "The TagSet does not exist")
	}
	return taggingOf(b.Tags), nil
})

// A bucketTaggingInput is the input of PutBucketTagging.
type bucketTaggingInput struct {
	common
	Bucket  *string  `from:"path Bucket"`
	Tagging *tagging `from:"body Tagging"`
}

var putBucketTagging = changing(func(in *bucketTaggingInput) (*string, *common) { return in.Bucket, &in.common }, http.StatusNoContent,
	func(_ *service.Call, in *bucketTaggingInput, b *bucket, _ identity.Tx) (err error) {
		b.Tags, err = in.Tagging.tags(maxBucketTags)
		return err
	})

var deleteBucketTagging = changing(ofBucket, http.StatusNoContent,
	func(_ *service.Call, _ *bucketInput, b *bucket, _ identity.Tx) error {
		b.Tags = nil
		return nil
	})

// An objectTaggingInput is the input of the calls on an object's tags.
type objectTaggingInput struct {
	common
	Bucket    *string `from:"path Bucket"`
	Key       *string `from:"path Key"`
	VersionId *string `from:"query versionId"`
}

// A putTaggingInput is the input of PutObjectTagging.
type putTaggingInput struct {
	objectTaggingInput
	Tags *tagging `from:"body Tagging" wire:"Body"`
}

func (s *s3) getObjectTagging() service.Reading[objectTaggingInput] {
	return service.Reading[objectTaggingInput]{
		Check: func(in *objectTaggingInput) error { return checkVersion(in.Key, in.VersionId) },
		Act: func(c *service.Call, in *objectTaggingInput, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
				v, err := s.vaults.open(ctx, c, p)
				if err != nil {
					return service.Answer{}, err
				}
				var found version
				err = v.view(ctx, func(r store.Reader) (err error) {
					found, _, err = in.find(c, r)
					return err
				})
				header := map[string]string{}
				p.bucket.versionHeader(header, &found)
				return service.Answer{Body: taggingOf(found.Tags), Header: header}, err
			}}, nil
		},
	}
}

// find returns the version whose tags are meant, and where it is stored.
func (in *objectTaggingInput) find(c *service.Call, r store.Reader) (v version, at string, err error) {
	id := in.VersionId
	if id == nil {
		newest, exists, err := current(r, *in.Key)
		if err != nil {
			return version{}, "", err
		}
		if !exists || newest.Marker {
			return version{}, "", noSuchKey(*in.Key)
		}
		name := newest.id()
		id = &name
	}
	v, at, exists, err := named(r, *in.Key, *id)
	switch {
	case err != nil:
		return version{}, "", err
	case !exists:
		missing := service.NotFound("NoSuchVersion", "The specified version does not exist.")
		missing.Key = *in.Key
		return version{}, "", missing
	case v.Marker:
		return version{}, "", othersBucket()
	}
	return v, at, asJudged(c, itsObject, *in.Key, &v)
}

func (s *s3) putObjectTagging() service.Long[putTaggingInput, place] {
	return service.Long[putTaggingInput, place]{
		Check: func(in *putTaggingInput) error {
			if err := checkVersion(in.Key, in.VersionId); err != nil {
				return err
			}
			_, err := in.Tags.tags(maxObjectTags)
			return err
		},
		Plan: func(c *service.Call, in *putTaggingInput, r identity.Reader, h *service.Hold) (place, error) {
			return held(c, r, h, in.Bucket, &in.common)
		},
		Act: func(ctx context.Context, c *service.Call, in *putTaggingInput, p place, h *service.Hold) (service.Answer, error) {
			tags, err := in.Tags.tags(maxObjectTags)
			if err != nil {
				return service.Answer{}, err
			}
			return s.retag(ctx, c, &in.objectTaggingInput, p, h, tags, http.StatusOK)
		},
	}
}

func (s *s3) deleteObjectTagging() service.Long[objectTaggingInput, place] {
	return service.Long[objectTaggingInput, place]{
		Check: func(in *objectTaggingInput) error { return checkVersion(in.Key, in.VersionId) },
		Plan: func(c *service.Call, in *objectTaggingInput, r identity.Reader, h *service.Hold) (place, error) {
			return held(c, r, h, in.Bucket, &in.common)
		},
		Act: func(ctx context.Context, c *service.Call, in *objectTaggingInput, p place, h *service.Hold) (service.Answer, error) {
			return s.retag(ctx, c, in, p, h, nil, http.StatusNoContent)
		},
	}
}

// retag gives a version other tags.
func (s *s3) retag(ctx context.Context, c *service.Call, in *objectTaggingInput, p place, h *service.Hold, tags []identity.Tag, status int) (service.Answer, error) {
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return service.Answer{}, err
	}
	header := map[string]string{}
	err = v.update(ctx, h, func(tx store.Tx) error {
		found, at, err := in.find(c, tx)
		if err != nil {
			return err
		}
		found.Tags = tags
		p.bucket.versionHeader(header, &found)
		return putJSON(tx, at, found)
	})
	return service.Answer{Status: status, Header: header}, err
}
