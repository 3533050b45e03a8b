package s3

import (
	"context"
	"net/http"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// An attributesInput is the input of GetObjectAttributes.
type attributesInput struct {
	common
	Bucket           *string `from:"path Bucket"`
	Key              *string `from:"path Key"`
	VersionId        *string `from:"query versionId"`
	ObjectAttributes *string `from:"header X-Amz-Object-Attributes"`
	MaxParts         *int32  `from:"header X-Amz-Max-Parts"`
	PartNumberMarker *int32  `from:"header X-Amz-Part-Number-Marker"`
}

// An attributesOutput is the output of GetObjectAttributes. Of parts it tells how many there are.
type attributesOutput struct {
	_            struct{} `wire:"GetObjectAttributesResponse"`
	ETag         *string
	Checksum     *sumsOf
	ObjectParts  *partsCount
	StorageClass *string
	ObjectSize   *int64
}

type partsCount struct{ PartsCount int32 }

func (s *s3) objectAttributes() service.Reading[attributesInput] {
	return service.Reading[attributesInput]{
		Check: func(in *attributesInput) error {
			if _, err := in.wanted(); err != nil {
				return err
			}
			return checkVersion(in.Key, in.VersionId)
		},
		Act: func(c *service.Call, in *attributesInput, r identity.Reader) (service.Answer, error) {
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
					found, err = readable(c, r, p, itsObject, *in.Key, in.VersionId)
					return err
				})
				if err != nil {
					return service.Answer{}, err
				}
				header := map[string]string{"Last-Modified": found.Modified.UTC().Format(http.TimeFormat)}
				p.bucket.versionHeader(header, &found)
				return service.Answer{Body: in.output(&found), Header: header}, nil
			}}, nil
		},
	}
}

// wanted are the attributes that are asked for.
func (in *attributesInput) wanted() (map[string]bool, error) {
	names := map[string]bool{}
	for name := range strings.SplitSeq(text(in.ObjectAttributes), ",") {
		switch name = strings.TrimSpace(name); name {
		case "ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize":
			names[name] = true
		default:
			return nil, service.BadRequest("InvalidArgument", "Invalid attribute name specified.")
		}
	}
	return names, nil
}

func (in *attributesInput) output(v *version) *attributesOutput {
	names, _ := in.wanted() // it was checked
	out := &attributesOutput{}
	if names["ETag"] {
		out.ETag = &v.ETag
	}
	if names["Checksum"] && v.Checksum != nil {
		sums := sumsIn(v.Checksum)
		out.Checksum = &sums
	}
	if names["ObjectParts"] && v.Parts > 0 {
		out.ObjectParts = &partsCount{int32(v.Parts)}
	}
	if class := v.storageClass(); names["StorageClass"] {
		out.StorageClass = &class
	}
	if names["ObjectSize"] {
		out.ObjectSize = &v.Size
	}
	return out
}
