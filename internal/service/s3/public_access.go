package s3

import (
	"net/http"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// A publicAccess is the Block Public Access configuration of a bucket ("Blocking public access to your Amazon S3 storage", S3 User
// Guide). ACLs are disabled here, so that two of the four settings change nothing.
type publicAccess struct {
	_                     struct{} `wire:"PublicAccessBlockConfiguration"`
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

// blocked is what new buckets have.
func blocked() *publicAccess { return &publicAccess{struct{}{}, true, true, true, true} }

var getPublicAccess = showing(func(b *bucket) (any, error) {
	if b.PublicAccess == nil {
		return nil, missingSetting(b, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
	}
	return b.PublicAccess, nil
})

// A publicAccessInput is the input of PutPublicAccessBlock. What it leaves out is false.
type publicAccessInput struct {
	common
	Bucket        *string       `from:"path Bucket"`
	Configuration *publicAccess `from:"body PublicAccessBlockConfiguration"`
}

var putPublicAccess = changing(func(in *publicAccessInput) (*string, *common) { return in.Bucket, &in.common }, http.StatusOK,
	func(_ *service.Call, in *publicAccessInput, b *bucket, _ identity.Tx) error {
		if in.Configuration == nil {
			return service.BadRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
		}
		b.PublicAccess = in.Configuration
		return nil
	})

var deletePublicAccess = changing(ofBucket, http.StatusNoContent,
	func(_ *service.Call, _ *bucketInput, b *bucket, _ identity.Tx) error {
		b.PublicAccess = nil
		return nil
	})

// trusted are the condition keys with which a statement for everybody is not public, if they are compared with fixed values ("The
// meaning of public", same page).
var trusted = service.TrustedKeys{
	"aws:sourceip":              service.FixedNetwork,
	"aws:sourcearn":             service.FixedText,
	"aws:sourcevpc":             service.FixedText,
	"aws:sourcevpce":            service.FixedText,
	"aws:sourceowner":           service.FixedText,
	"aws:sourceaccount":         service.FixedText,
	"aws:userid":                service.FixedText,
	"aws:principalarn":          service.FixedText,
	"aws:principalaccount":      service.FixedText,
	"aws:principalorgid":        service.FixedText,
	"aws:principalorgpaths":     service.FixedText,
	"s3:dataaccesspointarn":     fixedAccount,
	"s3:dataaccesspointaccount": service.FixedText,
}

// fixedAccount are the ARNs of access points, whose names may have wildcards.
func fixedAccount(value string) bool {
	account, _, _ := strings.Cut(value, ":accesspoint/")
	return service.FixedText(account)
}

// isPublic decides whether a policy is public; one that cannot be read is.
func isPublic(document string) bool {
	d, err := policy.Parse(document)
	return err != nil || trusted.Public(d)
}
