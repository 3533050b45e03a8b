package s3

import (
	"context"
	"errors"
	"maps"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// gather works out what a request gives to an object, where its own members do not say it: its tags, of a copy where it comes from,
// and of a part what the upload was made with; and what the object that is there is compared with.
func (s *s3) gather(c *service.Call, r identity.Reader) (service.Gathered, error) {
	if err := signed(c); err != nil {
		return service.Gathered{}, err
	}
	g, err := s.given(c, r)
	if bucket, keys := compared(c); bucket != "" {
		if g.Texts == nil {
			g.Texts = map[string]string{}
		}
		g.Texts["ComparedBucket"] = bucket
		g.Lists = map[string][]string{"ComparedKeys": keys}
	}
	return g, err
}

// compared is the bucket of a write that compares an ETag, and of a call on several objects those that it compares.
func compared(c *service.Call) (bucket string, keys []string) {
	var named, condition *string
	switch in := c.Input.Value.(type) {
	case *putObjectInput:
		named, condition = in.Bucket, in.IfMatch
	case *copyObjectInput:
		named, condition = in.Bucket, in.IfMatch
	case *completeInput:
		named, condition = in.Bucket, in.IfMatch
	case *deleteObjectInput:
		named, condition = in.Bucket, in.IfMatch
	case *deleteObjectsInput:
		if keys = in.compared(); len(keys) > 0 {
			return text(in.Bucket), keys
		}
	}
	if !compares(condition) {
		return "", nil
	}
	return text(named), nil
}

// given is what the request gives to an object.
func (s *s3) given(c *service.Call, r identity.Reader) (service.Gathered, error) {
	switch in := c.Input.Value.(type) {
	case *putTaggingInput:
		tags, err := in.Tags.tags(maxObjectTags)
		return service.Gathered{Tags: objectTags(tags)}, err
	case *copyObjectInput:
		return s.ofCopy(c, r, in)
	case *uploadPartInput:
		return s.ofUpload(c, r, &in.uploadInput)
	case *completeInput:
		return s.ofUpload(c, r, &in.uploadInput)
	case *uploadPartCopyInput:
		src, err := parseCopySource(text(in.CopySource))
		if err != nil {
			return service.Gathered{}, err
		}
		g, err := s.ofUpload(c, r, &in.uploadInput)
		maps.Copy(g.Texts, src.texts())
		return g, err
	}
	return objectTagging(c)
}

// objectTags is the list of tags that the rows mean by Service.ObjectTags.
func objectTags(tags []identity.Tag) map[string][]identity.Tag {
	return map[string][]identity.Tag{"ObjectTags": tags}
}

// ofUpload is what was said when an upload was made; nothing of one that does not exist. It is the same for as long as the upload
// exists, and no other one ever has its id: what is judged here is what will be acted on.
func (s *s3) ofUpload(c *service.Call, r identity.Reader, in *uploadInput) (service.Gathered, error) {
	g := service.Gathered{Texts: map[string]string{}}
	p, exists, err := findHere(c, r, text(in.Bucket))
	if err != nil || !exists {
		return g, err
	}
	_, u, err := s.openUpload(context.Background(), c, p, in)
	var missing *service.Error
	if errors.As(err, &missing) {
		return g, nil
	}
	maps.Copy(g.Texts, u.Said)
	g.Tags = objectTags(u.Tags)
	return g, err
}

// ofCopy is the source of a copy, and the tags that the copy gets.
func (s *s3) ofCopy(c *service.Call, r identity.Reader, in *copyObjectInput) (service.Gathered, error) {
	src, err := parseCopySource(text(in.CopySource))
	if err != nil {
		return service.Gathered{}, err
	}
	texts := src.texts()
	if text(in.TaggingDirective) == replace {
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
	return service.Gathered{Texts: texts, Tags: objectTags(tags)}, err
}

// texts is how rows speak of a source.
func (src copySource) texts() map[string]string {
	texts := map[string]string{
		"CopySourceBucket": src.bucket, "CopySourceKey": src.key, "s3:x-amz-copy-source": src.bucket + "/" + src.key,
	}
	if src.id != nil {
		texts["CopySourceVersionId"], texts["s3:versionid"] = *src.id, *src.id
	}
	return texts
}

// objectTagging are the tags in the header of a request.
func objectTagging(c *service.Call) (service.Gathered, error) {
	header, given := c.Input.Members.String("Tagging")
	if !given {
		return service.Gathered{}, nil
	}
	tags, err := parseTagging(&header)
	return service.Gathered{Tags: objectTags(tags)}, err
}

// findHere is find1 for a call that has not been authorised: whose bucket does not exist, or is nowhere, is told of nothing.
func findHere(c *service.Call, r identity.Reader, bucket string) (p place, exists bool, err error) {
	if c.Planes == nil {
		return place{}, false, nil
	}
	p, err = find1(r, bucket)
	var missing *service.Error
	if errors.As(err, &missing) {
		return place{}, false, nil
	}
	return p, err == nil, err
}

// sourceTags are the tags of the object that is copied; none if there is no such object.
func (s *s3) sourceTags(c *service.Call, r identity.Reader, src copySource) ([]identity.Tag, error) {
	p, exists, err := findHere(c, r, src.bucket)
	if err != nil || !exists {
		return nil, err
	}
	return s.objectTags(c, p, src.key, src.id)
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
