package s3

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// A bucketPolicy is what is stored of a bucket's policy: the text with its principals bound to those who have the names now.
type bucketPolicy struct {
	Text   string                    `json:"text"`
	Bound  []identity.BoundPrincipal `json:"bound,omitempty"`
	Public bool                      `json:"public,omitempty"`
}

// maxBucketPolicy is the most bytes of a bucket policy ("Bucket policies for Amazon S3").
const maxBucketPolicy = 20 << 10

func bucketPolicyKey(name string) string { return "s3:policy/" + name }

func readBucketPolicy(r identity.Reader, name string) (p bucketPolicy, exists bool, err error) {
	value, exists := r.Store().Get(bucketPolicyKey(name))
	if !exists {
		return bucketPolicy{}, false, nil
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return bucketPolicy{}, false, fmt.Errorf("bucket policy of %s: %w", name, err)
	}
	return p, true, nil
}

// layer compiles the policy; each text is compiled once.
func (s *s3) layer(p *bucketPolicy) (*policy.Layer, error) {
	c, err := s.documents.Get(identity.DigestOf(p.Text), func() (string, error) { return p.Text, nil })
	if err != nil {
		return nil, err
	}
	return policy.NewLayer(policy.Policy{Document: c.Document}), nil
}

// bearing returns the policy of a bucket as it bears on a call. A public policy of a bucket that restricts them permits nothing to
// whoever is not of the bucket's account (RestrictPublicBuckets), while what it denies is denied all the same. The account's root
// user can always repair a policy that denies everything ("PutBucketPolicy", API reference).
func (s *s3) bearing(c *service.Call, r identity.Reader, b *bucket, owner string) (*policy.Layer, error) {
	p, exists, err := readBucketPolicy(r.In(owner), b.Name)
	if err != nil || !exists {
		return nil, err
	}
	switch c.Operation.Row.Name {
	case "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy":
		if c.Caller.Principal.Type == policy.RootUser && c.Account() == owner {
			return nil, nil
		}
	}
	if p.Public && b.PublicAccess != nil && b.PublicAccess.RestrictPublicBuckets && c.Account() != owner && c.Caller.Principal.Type != policy.AWSService {
		p.Text = restricted
	}
	return s.layer(&p)
}

// restricted permits nobody anything.
const restricted = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`

// A bucketPolicyInput is the input of PutBucketPolicy.
type bucketPolicyInput struct {
	common
	Bucket                        *string `from:"path Bucket"`
	ConfirmRemoveSelfBucketAccess *string `from:"header X-Amz-Confirm-Remove-Self-Bucket-Access"`
	Policy                        *string `from:"raw"`
}

var putBucketPolicy = changing(func(in *bucketPolicyInput) (*string, *common) { return in.Bucket, &in.common }, http.StatusNoContent,
	func(c *service.Call, in *bucketPolicyInput, b *bucket, tx identity.Tx) error {
		document := text(in.Policy)
		if err := checkBucketPolicy(document, b.Name); err != nil {
			return err
		}
		p := bucketPolicy{Public: isPublic(document)}
		if p.Public && b.PublicAccess != nil && b.PublicAccess.BlockPublicPolicy {
			return service.Forbidden("AccessDenied", "User: "+c.Caller.Principal.ARN+" is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:aws:s3:::"+
				b.Name+"\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access")
		}
		var err error
		p.Text, p.Bound, err = tx.BindPrincipals(document)
		var unknown *identity.InvalidPrincipalError
		if errors.As(err, &unknown) {
			return malformedPolicy("Invalid principal in policy")
		}
		if err != nil {
			return err
		}
		value, err := json.Marshal(p)
		if err != nil {
			return err
		}
		tx.Store().Put(bucketPolicyKey(b.Name), value)
		return nil
	})

func malformedPolicy(message string) error { return service.BadRequest("MalformedPolicy", message) }

// checkBucketPolicy decides whether a document can be a policy of the bucket: it speaks of nothing but S3, this bucket and its
// objects, and of what there is.
func checkBucketPolicy(document, name string) error {
	switch {
	case !strings.HasPrefix(document, "{") || !json.Valid([]byte(document)):
		return malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	case len(document) > maxBucketPolicy:
		return service.BadRequest("PolicyTooLarge", "The policy exceeds the maximum allowed document size of 20480 bytes.")
	}
	d, err := policy.Check(document, policy.GrammarResource)
	var wrong *policy.Error
	if errors.As(err, &wrong) {
		return malformedPolicy(wrong.Message)
	}
	if err != nil {
		return err
	}
	for i := range d.Len() {
		st := d.Statement(i)
		for _, action := range append(st.Actions, st.NotActions...) {
			if prefix, _, _ := strings.Cut(strings.ToLower(action), ":"); prefix != "s3" && action != "*" {
				return malformedPolicy("Policy has invalid action")
			}
		}
		for _, resource := range append(st.Resources, st.NotResources...) {
			if !ofThisBucket(resource, name) {
				return malformedPolicy("Policy has invalid resource")
			}
		}
		if err := fits(st); err != nil {
			return err
		}
	}
	return nil
}

func ofThisBucket(resource, name string) bool {
	rest, ok := strings.CutPrefix(resource, "arn:aws:s3:::")
	bucket, _, _ := strings.Cut(rest, "/")
	return ok && (bucket == name || strings.HasSuffix(bucket, "*") && strings.HasPrefix(name, strings.TrimSuffix(bucket, "*")) && bucket != "*")
}

var deleteBucketPolicy = changing(ofBucket, http.StatusNoContent,
	func(_ *service.Call, _ *bucketInput, b *bucket, tx identity.Tx) error {
		tx.Store().Delete(bucketPolicyKey(b.Name))
		return nil
	})

var getBucketPolicy = service.Reading[bucketInput]{
	Act: func(c *service.Call, in *bucketInput, r identity.Reader) (service.Answer, error) {
		p, stored, err := storedPolicy(c, r, in)
		if err != nil {
			return service.Answer{}, err
		}
		document, err := r.In(p.owner).PrintPrincipals(stored.Text, stored.Bound)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Answer{
			Content: io.NopCloser(strings.NewReader(document)), Length: int64(len(document)),
			Header: map[string]string{"Content-Type": "application/json", "Content-Length": strconv.Itoa(len(document))},
		}, nil
	},
}

func storedPolicy(c *service.Call, r identity.Reader, in *bucketInput) (p place, stored bucketPolicy, err error) {
	if p, err = locateHere(c, r, in.Bucket, &in.common); err != nil {
		return p, stored, err
	}
	if p.owner != c.Account() {
		return p, stored, othersBucket()
	}
	stored, exists, err := readBucketPolicy(r.In(p.owner), p.bucket.Name)
	if err == nil && !exists {
		err = missingSetting(&p.bucket, "NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return p, stored, err
}

// A policyStatus is the output of GetBucketPolicyStatus.
type policyStatus struct {
	_        struct{} `wire:"PolicyStatus"`
	IsPublic bool
}

var getPolicyStatus = service.Reading[bucketInput]{
	Act: func(c *service.Call, in *bucketInput, r identity.Reader) (service.Answer, error) {
		_, stored, err := storedPolicy(c, r, in)
		return service.Body(&policyStatus{IsPublic: stored.Public}), err
	},
}
