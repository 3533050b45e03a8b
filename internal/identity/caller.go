package identity

import (
	"slices"
	"sync/atomic"

	"github.com/ambit-iam/ambit/policy"
)

// A Caller is who makes a request, and by which credential. Only [Registry.Authenticate], [Registry.Assume], [ServiceCaller] and
// [AnonymousCaller] make one that anybody permits something; the zero Caller is nobody. It never changes and must not be copied.
//
// There are very many callers. Each takes four lines of cache, of which a decision reads the first two.
type Caller struct {
	view    atomic.Pointer[View]         // the view that was found last; it says itself whether it still counts
	near    atomic.Pointer[policy.Layer] // the identity-based policies of that view, to have both on their way from memory at once
	limited bool                         // session policies were passed
	entity  Ref                          // the user or role whose policies bear on the caller, its name folded; the zero Ref for others

	Principal   policy.Principal
	AccessKeyID AccessKeyID // empty without signed credentials
	Session     *Session    // nil for long-term keys, services and anonymous callers; must not be modified

	tags   []PrincipalTag // of the session
	sealed *sealedSession // what was worked out once for all uses of the token
}

// meet remembers a view.
func (c *Caller) meet(v *View) {
	c.view.Store(v)
	c.near.Store(v.Identity)
}

// ServiceCaller returns the caller that an AWS service is when it calls for itself: "lambda.amazonaws.com".
func ServiceCaller(service string) *Caller {
	return &Caller{Principal: policy.Principal{Type: policy.AWSService, Service: service}}
}

// AnonymousCaller returns the caller of an unsigned request.
func AnonymousCaller() *Caller { return &Caller{Principal: policy.Principal{Type: policy.Anonymous}} }

// UserID returns aws:userid: AIDA… of a user, AROA…:session of a role session, account:name of a federated user, the account
// of root, "anonymous" of nobody in particular; it is empty for services.
func (c *Caller) UserID() string {
	switch {
	case c.Principal.Type == policy.Anonymous:
		return "anonymous"
	case c.sealed != nil:
		return c.sealed.userID
	case c.Principal.Type == policy.RootUser:
		return c.Principal.Account
	}
	return c.Principal.ID
}

// UserName returns the name of the calling IAM user (aws:username), in its stored spelling, and whether the caller is one: with
// a long-term key or a GetSessionToken session.
func (c *Caller) UserName() (string, bool) {
	if c.Principal.Type != policy.User {
		return "", false
	}
	return nameOf(c.Principal.ARN), true
}

// LongTerm reports whether the credential is a long-term access key.
func (c *Caller) LongTerm() bool { return c.AccessKeyID != "" && c.Session == nil }

// SourceIdentity returns the source identity of the session, or "".
func (c *Caller) SourceIdentity() string {
	if c.Session == nil {
		return ""
	}
	return c.Session.SourceIdentity
}

// SessionTags returns the session tags as condition keys. The slice must not be modified.
func (c *Caller) SessionTags() []PrincipalTag { return c.tags }

// DeliveryKeys returns the condition keys that the service put into the session which it hands out. The slice must not be modified.
func (c *Caller) DeliveryKeys() []PrincipalTag {
	if c.sealed == nil {
		return nil
	}
	return c.sealed.deliver
}

// TransitiveTags returns the session tags that a session made by this caller inherits.
func (c *Caller) TransitiveTags() []Tag {
	if c.Session == nil {
		return nil
	}
	var tags []Tag
	for _, t := range c.Session.Tags {
		if slices.ContainsFunc(c.Session.TransitiveKeys, sameName(t.Key)) {
			tags = append(tags, t)
		}
	}
	return tags
}
