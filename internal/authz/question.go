package authz

import (
	"net/netip"
	"time"

	"github.com/ambit-iam/ambit/policy"
)

// A Question is one thing that must be allowed, with everything filled in that the operation's row leaves open.
type Question struct {
	Action   policy.Action
	Resource string // the ARN that is judged, "*" without resource-level permissions
	Shown    string // what a denial prints after "on resource: "; empty prints no resource

	// ResourceAccount owns the resource; empty is the caller's account.
	ResourceAccount string
	// Policy is the resource's own policy, nil if it has none, and Kind how much it decides.
	Policy *policy.Layer
	Kind   policy.ResourceKind

	// Keys are the condition keys of the operation, besides those that every request carries. A key that is listed is
	// present, even with an empty value. One that is listed several times, in whatever case, has one of these values, and nobody
	// knows which: the question is then allowed only if it is with each.
	Keys []KeyValue
	// Soft says that a refusal shapes the answer instead of refusing the call. Deciding takes no notice of it.
	Soft bool
}

// A KeyValue is a condition key with its value. Multivalued keys have Values, which may be empty, and Multi set.
type KeyValue struct {
	Key    policy.Key
	Value  string
	Values []string
	Multi  bool
}

// One is a key with a single value.
func One(key policy.Key, value string) KeyValue { return KeyValue{Key: key, Value: value} }

// Many is a multivalued key.
func Many(key policy.Key, values []string) KeyValue {
	return KeyValue{Key: key, Values: values, Multi: true}
}

// An Environment is what a request carries whatever it asks for.
type Environment struct {
	Time            time.Time
	SourceIP        netip.Addr // the zero Addr leaves aws:SourceIp out
	SecureTransport bool
	UserAgent       string
	Referer         string
	Region          string    // aws:RequestedRegion: us-east-1 for global services
	SecondFactor    time.Time // when the caller gave one with the request itself; zero if he gave none
	CalledVia       []string  // service principals that forward the caller's credentials, the first one first
	Questions       int       // how many the call asks, who share the work that it may be; 0: one
}
