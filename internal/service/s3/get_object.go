package s3

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/policy"
)

// A getObjectInput is the input of GetObject and HeadObject.
type getObjectInput struct {
	common
	conditions
	Bucket       *string `from:"path Bucket"`
	Key          *string `from:"path Key"`
	VersionId    *string `from:"query versionId"`
	PartNumber   *int32  `from:"query partNumber"`
	Range        *string `from:"header Range"`
	ChecksumMode *string `from:"header X-Amz-Checksum-Mode"`

	ResponseCacheControl       *string `from:"query response-cache-control"`
	ResponseContentDisposition *string `from:"query response-content-disposition"`
	ResponseContentEncoding    *string `from:"query response-content-encoding"`
	ResponseContentLanguage    *string `from:"query response-content-language"`
	ResponseContentType        *string `from:"query response-content-type"`
	ResponseExpires            *string `from:"query response-expires"`
}

func (s *s3) getObject() service.Reading[getObjectInput]  { return s.reading(true) }
func (s *s3) headObject() service.Reading[getObjectInput] { return s.reading(false) }

func (s *s3) reading(content bool) service.Reading[getObjectInput] {
	return service.Reading[getObjectInput]{
		Check: func(in *getObjectInput) error {
			if in.ChecksumMode != nil && !strings.EqualFold(*in.ChecksumMode, "ENABLED") {
				return service.BadRequest("InvalidRequest", "Value for x-amz-checksum-mode header is invalid.")
			}
			if err := checkVersion(in.Key, in.VersionId); err != nil {
				return err
			}
			return in.checkPart()
		},
		Act: func(c *service.Call, in *getObjectInput, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err == nil && c.Caller.Principal.Type == policy.Anonymous {
				err = in.anonymous()
			}
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
				return s.answerObject(ctx, c, in, p, content)
			}}, nil
		},
	}
}

// checkPart checks the number of the part that is asked for, if one is.
func (in *getObjectInput) checkPart() error {
	switch {
	case in.PartNumber == nil:
		return nil
	case in.Range != nil:
		return service.BadRequest("InvalidRequest", "Cannot specify both Range header and partNumber query parameter")
	}
	return checkPartNumber(in.PartNumber)
}

// anonymous refuses what only a signed request may ask for (API reference, GetObject, "Overriding Response Header Values").
func (in *getObjectInput) anonymous() error {
	for _, header := range []*string{in.ResponseCacheControl, in.ResponseContentDisposition, in.ResponseContentEncoding,
		in.ResponseContentLanguage, in.ResponseContentType, in.ResponseExpires} {
		if header != nil {
			return service.BadRequest("InvalidRequest", "Request specific response headers cannot be used for anonymous GET requests.")
		}
	}
	return nil
}

// rereads is how often an object is looked up whose content is gone when it is opened: another one has taken its place meanwhile.
const rereads = 8

func (s *s3) answerObject(ctx context.Context, c *service.Call, in *getObjectInput, p place, content bool) (answer service.Answer, err error) {
	for range rereads {
		if answer, err = s.lookUp(ctx, c, in, p, content); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return answer, err
}

func (s *s3) lookUp(ctx context.Context, c *service.Call, in *getObjectInput, p place, content bool) (service.Answer, error) {
	v, err := s.vaults.open(ctx, c, p)
	if err != nil {
		return service.Answer{}, err
	}
	var found version
	var from *source
	err = v.view(ctx, func(r store.Reader) (err error) {
		if found, err = readable(c, r, p, itsObject, *in.Key, in.VersionId); err != nil {
			return err
		}
		from, err = v.source(r, &found)
		return err
	})
	if err != nil {
		return service.Answer{}, err
	}
	unchanged, err := in.judge(&found, "")
	switch {
	case err != nil:
		return service.Answer{}, err
	case unchanged:
		return service.Answer{Status: http.StatusNotModified, Header: validators(p, &found)}, nil
	}
	answer, piece, err := in.frame(p, &found, from)
	if err != nil || !content {
		return answer, err
	}
	if answer.Length == 0 {
		answer.Content = http.NoBody
		return answer, nil
	}
	answer.Content, err = v.open(ctx, from, piece)
	return answer, err
}

// readable returns the version that is asked for. Whether a missing one is told as missing depends on the permission to list
// (API reference, GetObject, "Permissions"). of is which object of the call it is.
func readable(c *service.Call, r store.Reader, p place, of, key string, id *string) (v version, err error) {
	var exists bool
	if id == nil {
		v, exists, err = current(r, key)
	} else {
		v, _, exists, err = named(r, key, *id)
	}
	if err != nil {
		return version{}, err
	}
	if exists && !v.Marker {
		return v, asJudged(c, of, key, &v)
	}
	if refusal := c.Refusal("s3:ListBucket", bucketARN(c, p.bucket.Name)); refusal != nil {
		return version{}, refusal
	}
	switch {
	case id != nil && exists && of == itsSource:
		return version{}, service.BadRequest("InvalidRequest", "The source of a copy request may not specifically refer to a delete marker by version id.")
	case id != nil && exists:
		err := &service.Error{Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed", Message: "The specified method is not allowed against this resource.",
			Header: markerHeader(&v)}
		err.Header["Allow"], err.Header["Last-Modified"] = http.MethodDelete, v.Modified.UTC().Format(http.TimeFormat)
		return version{}, err.With("Method", methodOf(c)).With("ResourceType", "DeleteMarker")
	case id != nil:
		missing := service.NotFound("NoSuchVersion", "The specified version does not exist.")
		missing.Key = key
		return version{}, missing
	}
	missing := noSuchKey(key)
	if exists {
		missing.Header = markerHeader(&v)
	}
	return version{}, missing
}

// markerHeader tells that what is there is a delete marker.
func markerHeader(v *version) map[string]string {
	return map[string]string{"X-Amz-Delete-Marker": "true", "X-Amz-Version-Id": v.id()}
}

// methodOf is the HTTP method of a call that reads an object.
func methodOf(c *service.Call) string {
	if strings.HasPrefix(c.Operation.Row.Name, "Head") {
		return http.MethodHead
	}
	return http.MethodGet
}

// validators are the headers of an object that stands unchanged.
func validators(p place, v *version) map[string]string {
	h := map[string]string{"ETag": quoted(v.ETag), "Last-Modified": v.Modified.UTC().Format(http.TimeFormat)}
	p.bucket.versionHeader(h, v)
	return h
}

// frame makes the answer without its content, and says which piece that is.
func (in *getObjectInput) frame(p place, v *version, from *source) (service.Answer, byteRange, error) {
	h := validators(p, v)
	h["Accept-Ranges"] = "bytes"
	for name, value := range v.Header {
		h[name] = value
	}
	for name, value := range v.Metadata {
		h[strings.ToLower(metaPrefix)+name] = value
	}
	if n := len(v.Tags); n > 0 {
		h["X-Amz-Tagging-Count"] = strconv.Itoa(n)
	}
	for name, value := range map[string]*string{
		"Cache-Control": in.ResponseCacheControl, "Content-Disposition": in.ResponseContentDisposition,
		"Content-Encoding": in.ResponseContentEncoding, "Content-Language": in.ResponseContentLanguage,
		"Content-Type": in.ResponseContentType, "Expires": in.ResponseExpires,
	} {
		if value != nil {
			h[name] = *value
		}
	}
	piece, partial, err := in.piece(v, from)
	if err != nil {
		return service.Answer{}, byteRange{}, err
	}
	status := http.StatusOK
	if partial {
		status = http.StatusPartialContent
		h["Content-Range"] = piece.contentRange(v.Size)
	}
	if in.PartNumber != nil && v.Parts > 0 {
		h["X-Amz-Mp-Parts-Count"] = strconv.Itoa(v.Parts)
	}
	if in.ChecksumMode != nil && piece == (byteRange{0, v.Size}) && (in.PartNumber == nil || v.Parts == 0) {
		v.Checksum.header(h)
	}
	h["Content-Length"] = strconv.FormatInt(piece.length, 10)
	return service.Answer{Status: status, Header: h, Length: piece.length}, piece, nil
}

// piece is what is asked for of the content: a range, a part, or all.
func (in *getObjectInput) piece(v *version, from *source) (byteRange, bool, error) {
	switch {
	case in.PartNumber != nil:
		if int(*in.PartNumber) > max(1, v.Parts) {
			return byteRange{}, false, &service.Error{Status: http.StatusRequestedRangeNotSatisfiable, Code: "InvalidPartNumber",
				Message: "The requested partnumber is not satisfiable", Elements: [][2]string{
					{"PartNumberRequested", strconv.Itoa(int(*in.PartNumber))}, {"ActualPartCount", strconv.Itoa(max(1, v.Parts))}}}
		}
		return from.part(int(*in.PartNumber)), v.Size > 0, nil
	case in.Range != nil:
		return parseRange(*in.Range, v.Size)
	}
	return byteRange{0, v.Size}, false, nil
}
