package s3

import (
	"net/http"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A versioning is the body of GetBucketVersioning and PutBucketVersioning.
type versioning struct {
	_         struct{} `wire:"VersioningConfiguration"`
	Status    *string
	MFADelete *string `wire:"MfaDelete"`
}

var getVersioning = showing(func(b *bucket) (any, error) {
	if b.Versioning == "" {
		return &versioning{}, nil
	}
	return &versioning{Status: &b.Versioning}, nil
})

// A versioningInput is the input of PutBucketVersioning.
type versioningInput struct {
	common
	Bucket        *string     `from:"path Bucket"`
	MFA           *string     `from:"header X-Amz-Mfa"`
	Configuration *versioning `from:"body VersioningConfiguration"`
}

var putVersioning = changing(func(in *versioningInput) (*string, *common) { return in.Bucket, &in.common }, http.StatusOK,
	func(_ *service.Call, in *versioningInput, b *bucket, _ identity.Tx) error {
		if in.MFA != nil || in.Configuration != nil && in.Configuration.MFADelete != nil && *in.Configuration.MFADelete != "Disabled" {
			return notImplemented()
		}
		if in.Configuration == nil || text(in.Configuration.Status) != versioningEnabled && text(in.Configuration.Status) != versioningSuspended {
			return service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
		}
		b.Versioning = *in.Configuration.Status
		return nil
	})
