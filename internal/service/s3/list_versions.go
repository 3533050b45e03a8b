package s3

import (
	"context"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A listVersionsInput is the input of ListObjectVersions.
type listVersionsInput struct {
	listInput
	KeyMarker       *string `from:"query key-marker"`
	VersionIDMarker *string `from:"query version-id-marker"`
}

// A listVersionsOutput is the output of ListObjectVersions.
type listVersionsOutput struct {
	_                   struct{} `wire:"ListVersionsResult"`
	Name                *string
	Prefix              *string
	KeyMarker           *string
	VersionIDMarker     *string `wire:"VersionIdMarker"`
	NextKeyMarker       *string
	NextVersionIDMarker *string `wire:"NextVersionIdMarker"`
	MaxKeys             int32
	Delimiter           *string
	EncodingType        *string
	IsTruncated         bool
	Versions            []listedVersion `wire:"Version,flat"`
	DeleteMarkers       []listedMarker  `wire:"DeleteMarker,flat"`
	CommonPrefixes      []commonPrefix  `wire:"CommonPrefixes,flat"`
}

type listedVersion struct {
	contents
	VersionID *string `wire:"VersionId"`
	IsLatest  bool
}

type listedMarker struct {
	Owner        *owner
	Key          *string
	VersionID    *string `wire:"VersionId"`
	IsLatest     bool
	LastModified *time.Time
}

func (s *s3) listVersions() service.Reading[listVersionsInput] {
	return service.Reading[listVersionsInput]{
		Check: func(in *listVersionsInput) error {
			if text(in.VersionIDMarker) != "" && text(in.KeyMarker) == "" {
				return service.BadRequest("InvalidArgument", "A version-id marker cannot be specified without a key marker.")
			}
			return in.check()
		},
		Act: func(c *service.Call, in *listVersionsInput, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Then: func(ctx context.Context) (service.Answer, error) {
				v, err := s.vaults.open(ctx, c, p)
				if err != nil {
					return service.Answer{}, err
				}
				var out *listVersionsOutput
				err = v.view(ctx, func(r store.Reader) (err error) {
					out, err = in.read(r, p)
					return err
				})
				return service.Body(out), err
			}}, nil
		},
	}
}

func (in *listVersionsInput) read(r store.Reader, p place) (*listVersionsOutput, error) {
	most, _ := in.most() // it was checked
	prefix, keyMarker, idMarker := text(in.Prefix), text(in.KeyMarker), text(in.VersionIDMarker)
	wanted := page{prefix: prefix, delimiter: text(in.Delimiter)}
	out := &listVersionsOutput{
		Name: &p.bucket.Name, Prefix: in.encoded(&prefix), KeyMarker: in.encoded(&keyMarker), VersionIDMarker: &idMarker, MaxKeys: most,
		Delimiter: in.encoded(in.Delimiter), EncodingType: in.EncodingType,
	}
	after, err := in.after(r, wanted, keyMarker, idMarker)
	if err != nil || most == 0 {
		return out, err
	}
	previous := "" // key
	if idMarker != "" {
		previous = keyMarker // whose newest version is on the page before
	}
	lastKey, lastID := "", ""
	err = walk(r, versionPrefix+prefix, after, func(at string, value []byte) (string, bool, error) {
		v, err := parseVersion(at, value)
		if err != nil {
			return "", false, err
		}
		if int32(len(out.Versions)+len(out.DeleteMarkers)+len(out.CommonPrefixes)) == most {
			out.IsTruncated, out.NextKeyMarker = true, in.encoded(&lastKey)
			if lastID != "" {
				out.NextVersionIDMarker = &lastID
			}
			return "", true, nil
		}
		if rolled := wanted.rolledUp(v.Key); rolled != "" {
			lastKey, lastID = rolled, ""
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefix{in.encoded(&rolled)})
			return versionPrefix + rolled + afterPrefix, false, nil
		}
		latest := v.Key != previous
		previous, lastKey, lastID = v.Key, v.Key, v.id()
		in.add(out, v, p.owner, latest)
		return "", false, nil
	})
	return out, err
}

// after is where the list goes on: behind the version that a marker names, behind all of its key, or behind a common prefix.
func (in *listVersionsInput) after(r store.Reader, wanted page, key, id string) (string, error) {
	switch {
	case key == "":
		return "", nil
	case wanted.rolledUp(key) == key:
		return versionPrefix + key + afterPrefix, nil
	case id == "":
		return versionPrefix + key + afterKey, nil
	}
	_, at, exists, err := named(r, key, id)
	if err == nil && !exists {
		at = versionPrefix + key + afterKey
	}
	return at, err
}

func (in *listVersionsInput) add(out *listVersionsOutput, v version, account string, latest bool) {
	id, user := v.id(), canonicalUser(account)
	if v.Marker {
		out.DeleteMarkers = append(out.DeleteMarkers, listedMarker{
			Owner: &owner{ID: &user}, Key: in.encoded(&v.Key), VersionID: &id, IsLatest: latest, LastModified: &v.Modified,
		})
		return
	}
	objects, _ := in.contents(listing{objects: []version{v}}, account)
	out.Versions = append(out.Versions, listedVersion{contents: objects[0], VersionID: &id, IsLatest: latest})
}
