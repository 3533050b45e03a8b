package s3

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
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

// fixing are the condition keys with which a statement for everybody is not public, if they are compared with fixed values ("The
// meaning of public", same page).
var fixing = []string{
	"aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid",
	"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "s3:x-amz-server-side-encryption-aws-kms-key-id",
	"s3:dataaccesspointarn", "s3:dataaccesspointaccount",
}

// fixingOperators are those under which a value that is fixed lets only it pass.
var fixingOperators = []string{
	"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "ipaddress",
}

// isPublic decides whether a policy is public: whether some statement allows something to everybody, or to whoever a wildcard
// matches. document is a valid one.
func isPublic(document string) bool {
	var d struct {
		Statement json.RawMessage
	}
	if json.Unmarshal([]byte(document), &d) != nil {
		return true
	}
	statements := []statement{}
	if json.Unmarshal(d.Statement, &statements) != nil {
		statements = make([]statement, 1)
		if json.Unmarshal(d.Statement, &statements[0]) != nil {
			return true
		}
	}
	return slices.ContainsFunc(statements, statement.public)
}

type statement struct {
	Effect    string
	Principal any
	Condition map[string]map[string]any
}

func (s statement) public() bool {
	if s.Effect != "Allow" || !everybody(s.Principal) {
		return false
	}
	for operator, keys := range s.Condition {
		if !slices.Contains(fixingOperators, strings.ToLower(operator)) {
			continue
		}
		for key, values := range keys {
			if slices.Contains(fixing, strings.ToLower(key)) && fixed(key, values) {
				return false
			}
		}
	}
	return true
}

// everybody tells a principal that is not somebody: a wildcard, or nothing that can be understood.
func everybody(principal any) bool {
	switch p := principal.(type) {
	case string:
		return strings.ContainsAny(p, "*?")
	case []any:
		return slices.ContainsFunc(p, everybody)
	case map[string]any:
		for _, names := range p {
			if everybody(names) {
				return true
			}
		}
		return false
	}
	return true
}

// fixed decides whether values leave no room: no wildcards, no variables, and no network of the whole world.
func fixed(key string, values any) bool {
	switch v := values.(type) {
	case string:
		if strings.EqualFold(key, "aws:SourceIp") {
			return narrow(v)
		}
		return v != "" && !strings.ContainsAny(v, "*?$")
	case []any:
		return len(v) > 0 && !slices.ContainsFunc(v, func(one any) bool { return !fixed(key, one) })
	}
	return false
}

// narrow decides whether a network is one that AWS calls fixed: not wider than /8, or /32 of IPv6.
func narrow(network string) bool {
	if a, err := netip.ParseAddr(network); err == nil {
		return a.IsValid()
	}
	p, err := netip.ParsePrefix(network)
	return err == nil && (p.Addr().Is4() && p.Bits() >= 8 || p.Addr().Is6() && p.Bits() >= 32)
}
