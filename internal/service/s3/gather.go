package s3

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// gather works out what a request gives to an object: its tags, and of a copy where it comes from.
func (s *s3) gather(c *service.Call, r identity.Reader) (service.Gathered, error) {
	in := c.Input.Members
	if put, ok := c.Input.Value.(*putTaggingInput); ok {
		tags, err := put.Tags.tags(maxObjectTags)
		return service.Gathered{Tags: map[string][]identity.Tag{"ObjectTags": tags}}, err
	}
	header, given := in.String("CopySource")
	if !given {
		return objectTagging(c)
	}
	src, err := parseCopySource(header)
	if err != nil {
		return service.Gathered{}, err
	}
	texts := map[string]string{
		"CopySourceBucket": src.bucket, "CopySourceKey": src.key, "s3:x-amz-copy-source": src.bucket + "/" + src.key,
	}
	if src.id != nil {
		texts["CopySourceVersionId"], texts["s3:versionid"] = *src.id, *src.id
	}
	if c.Operation.Row.Name != "CopyObject" {
		return service.Gathered{Texts: texts}, nil
	}
	if directive, _ := in.String("TaggingDirective"); directive == replace {
		g, err := objectTagging(c)
		if len(g.Tags["ObjectTags"]) > 0 {
			texts["WritesTags"] = "true"
		}
		g.Texts = texts
		return g, err
	}
	tags, err := s.sourceTags(c, r, src)
	if len(tags) > 0 { // copied unless the call says otherwise, which needs both sides' permission
		texts["WritesTags"] = "true"
		if src.id != nil {
			texts["ReadsVersionTags"] = "true"
		} else {
			texts["ReadsTags"] = "true"
		}
	}
	return service.Gathered{Texts: texts, Tags: map[string][]identity.Tag{"ObjectTags": tags}}, err
}

// objectTagging are the tags in the header of a request.
func objectTagging(c *service.Call) (service.Gathered, error) {
	header, given := c.Input.Members.String("Tagging")
	if !given {
		return service.Gathered{}, nil
	}
	tags, err := parseTagging(&header)
	return service.Gathered{Tags: map[string][]identity.Tag{"ObjectTags": tags}}, err
}

// sourceTags are the tags of the object that is copied; none if there is no such object.
func (s *s3) sourceTags(c *service.Call, r identity.Reader, src copySource) ([]identity.Tag, error) {
	account, held, err := service.HolderOf(r, bucketKey(src.bucket))
	if err != nil || !held || c.Planes == nil {
		return nil, err
	}
	b, exists, err := readBucket(r.In(account), src.bucket)
	if err != nil || !exists {
		return nil, err
	}
	return s.objectTags(c, place{bucket: b, owner: account}, src.key, src.id)
}

// sourceOf is the source of a copying call; the zero copySource if it names none.
func sourceOf(c *service.Call) copySource {
	header, _ := c.Input.Members.String("CopySource")
	src, err := parseCopySource(header)
	if err != nil {
		return copySource{}
	}
	return src
}
