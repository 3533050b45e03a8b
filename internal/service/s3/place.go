package s3

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A place is a bucket and whose it is.
type place struct {
	bucket bucket
	owner  string // account
}

// locate finds the bucket of a call that has been authorised.
func locate(c *service.Call, r identity.Reader, name *string, in *common) (place, error) {
	p, err := find1(r, text(name))
	if err != nil {
		return place{}, err
	}
	if in.ExpectedBucketOwner != nil && *in.ExpectedBucketOwner != p.owner {
		return place{}, service.Forbidden("AccessDenied", "Access Denied")
	}
	return p, nil
}

// locateHere is locate for calls that only the bucket's own region serves: a policy that looks at the region must not be dodged by
// asking another one.
func locateHere(c *service.Call, r identity.Reader, name *string, in *common) (place, error) {
	p, err := locate(c, r, name, in)
	if err == nil && p.bucket.Region != c.Environment.Region && c.Environment.Region != "" { // without a signature there is no region
		err = wrongRegion(c, p.bucket.Region)
	}
	return p, err
}

// held is locateHere for a deed that holds no transaction.
func held(c *service.Call, r identity.Reader, h *service.Hold, name *string, in *common) (place, error) {
	p, err := locateHere(c, r, name, in)
	if err == nil && p.owner != r.Account() {
		h.Cover(r.In(p.owner))
	}
	return p, err
}

func find1(r identity.Reader, name string) (place, error) {
	account, has, err := service.HolderOf(r, bucketKey(name))
	if err != nil {
		return place{}, err
	}
	if !has {
		return place{}, noSuchBucket(name)
	}
	b, exists, err := readBucket(r.In(account), name)
	if err == nil && !exists {
		err = noSuchBucket(name)
	}
	return place{bucket: b, owner: account}, err
}

// bucketARN is what is judged of a bucket.
func bucketARN(c *service.Call, name string) string {
	return "arn:" + c.Identities.Partition() + ":s3:::" + name
}

func noSuchBucket(name string) error {
	err := service.NotFound("NoSuchBucket", "The specified bucket does not exist")
	err.BucketName = name
	return err
}

func noSuchKey(key string) *service.Error {
	err := service.NotFound("NoSuchKey", "The specified key does not exist.")
	err.Key = key
	return err
}

// wrongRegion names the bucket's region; clients that can, ask there.
func wrongRegion(c *service.Call, region string) error {
	err := service.BadRequest("AuthorizationHeaderMalformed",
		"The authorization header is malformed; the region '"+c.Environment.Region+"' is wrong; expecting '"+region+"'")
	if c.Transport.Presigned {
		err = service.BadRequest("AuthorizationQueryParametersError",
			"Error parsing the X-Amz-Credential parameter; the region '"+c.Environment.Region+"' is wrong; expecting '"+region+"'")
	}
	if c.Transport.Form {
		err = service.BadRequest("InvalidArgument", "the region '"+c.Environment.Region+"' is wrong; expecting '"+region+"'").
			With("ArgumentName", "X-Amz-Credential")
	}
	err.Region = region
	return err
}

// maxObjectKey is the longest key in bytes ("Creating object key names", S3 User Guide).
const maxObjectKey = 1024

// checkKey decides whether a key can be one. NUL is the one character that is refused here and not by AWS.
func checkKey(key *string) error {
	switch k := text(key); {
	case len(k) > maxObjectKey:
		return service.BadRequest("KeyTooLongError", "Your key is too long")
	case k == "", !utf8.ValidString(k), strings.IndexByte(k, 0) >= 0:
		return service.BadRequest("InvalidURI", "Couldn't parse the specified URI.")
	}
	return nil
}

// versionID is the form of the ids that newVersionID draws.
var versionID = service.NewPattern(`^[A-Za-z0-9_-]{32}$`)

// checkVersion checks the key of an object and the id of a version of it, if one is given.
func checkVersion(key, id *string) error {
	switch err := checkKey(key); {
	case err != nil || id == nil || *id == nullVersion:
		return err
	case *id == "":
		return service.BadRequest("InvalidArgument", "Version id cannot be the empty string")
	case !versionID.MatchString(*id):
		return service.BadRequest("InvalidArgument", "Invalid version id specified")
	}
	return nil
}

func notImplemented() error {
	return &service.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
		Message: "A header you provided implies functionality that is not implemented."}
}
