package authz

import (
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// keys are the condition keys of every request, by the number of their bit. The table is never changed.
var keys = func() (made [64]policy.Key) {
	for i := range made {
		if name := identity.ContextKeys(1 << i).Name(); name != "" {
			made[i] = policy.NewKey(name)
		}
	}
	return made
}()

func keyOf(k identity.ContextKeys) policy.Key { return keys[bits.TrailingZeros64(uint64(k))] }

// fill puts the condition keys into the context: those of the question, and of the others those that are wanted, which are at
// least those that some policy looks at. The facts of the caller and of the request come last, so that nothing replaces them.
//
// It reports whether each key of the question has one value. If not, nothing can be decided from what is there then.
//
// Which caller has which keys: "AWS global condition context keys" and "Where you can use policy variables", IAM User Guide.
func (rc *requestCase) fill(wanted identity.ContextKeys, c *identity.Caller, e *Environment, q *Question) (plain bool) {
	context := &rc.scratch.context
	rc.request.Context = context
	for i := range q.Keys {
		if kv := &q.Keys[i]; kv.Multi {
			context.SetList(kv.Key, kv.Values)
		} else {
			context.Set(kv.Key, kv.Value)
		}
	}
	plain = context.Len() == len(q.Keys) // each had a place of its own
	if !plain || wanted == 0 {
		return plain
	}
	f := filler{
		scratch: rc.scratch, principal: rc.request.Principal, view: rc.policies.View, own: rc.own, other: rc.other,
		resourceAccount: rc.request.ResourceAccount, wanted: wanted,
	}
	if f.wants(environmentKeys) {
		f.environment(e)
	}
	if f.wants(callerKeys) {
		f.caller(c)
	}
	if f.wants(identity.PrincipalTags) && hasTags(f.principal.Type) {
		f.principalTags(c)
	}
	if f.wants(sessionKeys) {
		f.session(c)
	}
	if f.wants(secondFactorKeys) {
		f.secondFactor(c.Session, e)
	}
	if f.wants(identity.DeliveryKeys) {
		f.delivery(c)
	}
	if f.wants(resourceKeys) {
		f.resource()
	}
	return plain
}

// The keys that each part of a filler sets. Most policies look at few keys, and the other parts need not be asked.
const (
	environmentKeys = identity.CurrentTime | identity.EpochTime | identity.SecureTransport | identity.SourceIP | identity.UserAgent |
		identity.Referer | identity.RequestedRegion | calledKeys
	calledKeys = identity.ViaAWSService | identity.CalledVia | identity.CalledViaFirst | identity.CalledViaLast
	callerKeys = identity.PrincipalArn | identity.PrincipalAccount | identity.PrincipalType | identity.PrincipalIsAWSService |
		identity.PrincipalServiceName | identity.PrincipalServiceNamesList | identity.PrincipalOrgID | identity.PrincipalOrgPaths |
		identity.UserIDKey | identity.UserNameKey
	sessionKeys      = identity.TokenIssueTime | identity.SourceIdentityKey | identity.FederatedProvider
	secondFactorKeys = identity.MultiFactorAuthPresent | identity.MultiFactorAuthAge
	resourceKeys     = identity.ResourceAccount | identity.ResourceOrgID | identity.ResourceOrgPaths

	// A key that no part sets would always be absent: this does not compile unless there is none.
	_ = -uint64(identity.AllContextKeys ^ (environmentKeys | callerKeys | identity.PrincipalTags | sessionKeys | secondFactorKeys |
		identity.DeliveryKeys | resourceKeys))
)

// A filler sets those keys that are wanted.
type filler struct {
	*scratch
	principal       *policy.Principal
	view            *identity.View
	own, other      *identity.Organization
	resourceAccount string
	wanted          identity.ContextKeys
}

func (f *filler) wants(k identity.ContextKeys) bool { return f.wanted&k != 0 }

// set gives a key its value; a value that is empty leaves the key absent.
func (f *filler) set(k identity.ContextKeys, value string) {
	if value != "" && f.wants(k) {
		f.context.Set(keyOf(k), value)
	}
}

func (f *filler) setBool(k identity.ContextKeys, value bool) {
	if value {
		f.set(k, "true")
	} else {
		f.set(k, "false")
	}
}

func (f *filler) setList(k identity.ContextKeys, values []string) {
	if f.wants(k) {
		f.context.SetList(keyOf(k), values)
	}
}

func (f *filler) environment(e *Environment) {
	if f.wants(identity.CurrentTime) {
		f.set(identity.CurrentTime, e.Time.UTC().Format(time.RFC3339))
	}
	if f.wants(identity.EpochTime) {
		f.set(identity.EpochTime, strconv.FormatInt(e.Time.Unix(), 10))
	}
	f.setBool(identity.SecureTransport, e.SecureTransport)
	if f.wants(identity.SourceIP) && e.SourceIP.IsValid() {
		f.set(identity.SourceIP, f.addressText(e.SourceIP))
	}
	if f.wants(identity.UserAgent) { // always there, even if it is empty
		f.context.Set(keyOf(identity.UserAgent), e.UserAgent)
	}
	f.set(identity.Referer, e.Referer)
	f.set(identity.RequestedRegion, e.Region)
	if f.wants(calledKeys) {
		f.called(e)
	}
}

// called sets what is known of who forwards the caller's credentials.
func (f *filler) called(e *Environment) {
	f.setBool(identity.ViaAWSService, len(e.CalledVia) > 0)
	if n := len(e.CalledVia); n > 0 {
		f.setList(identity.CalledVia, e.CalledVia)
		f.set(identity.CalledViaFirst, e.CalledVia[0])
		f.set(identity.CalledViaLast, e.CalledVia[n-1])
	}
}

// principalTypes are the values of aws:PrincipalType; services and strangers have none. The table is never changed.
var principalTypes = [...]string{
	policy.RootUser: "Account", policy.User: "User", policy.FederatedUser: "FederatedUser", policy.RoleSession: "AssumedRole",
	policy.Anonymous: "Anonymous",
}

func (f *filler) caller(c *identity.Caller) {
	p := f.principal
	f.set(identity.PrincipalType, principalTypes[p.Type])
	f.set(identity.UserIDKey, c.UserID())
	switch p.Type {
	case policy.Anonymous:
		f.set(identity.PrincipalAccount, "anonymous")
		return
	case policy.AWSService:
		f.setBool(identity.PrincipalIsAWSService, true)
		f.set(identity.PrincipalServiceName, p.Service)
		f.service[0] = p.Service
		f.setList(identity.PrincipalServiceNamesList, f.service[:])
		return
	case policy.Nobody, policy.ExternalIdentity:
		return
	}
	f.setBool(identity.PrincipalIsAWSService, false)
	f.set(identity.PrincipalAccount, p.Account)
	arn := p.ARN
	if p.Type == policy.RoleSession {
		arn = p.RoleARN
	}
	f.set(identity.PrincipalArn, arn)
	if p.Type == policy.User { // the name that he has now, which a caller who was renamed while his request came does not know
		f.set(identity.UserNameKey, p.ARN[strings.LastIndexByte(p.ARN, '/')+1:])
	}
	if f.own.ID != "" {
		f.set(identity.PrincipalOrgID, f.own.ID)
		f.paths[0] = f.own.Path
		f.setList(identity.PrincipalOrgPaths, f.paths[:])
	}
}

// hasTags tells the principals that can have tags, of their own or of their session.
func hasTags(t policy.PrincipalType) bool {
	switch t {
	case policy.Anonymous, policy.AWSService, policy.Nobody, policy.ExternalIdentity:
		return false
	}
	return true
}

// principalTags merges the tags of the user or role with those of the session, which win whatever the case of the key ("Passing
// session tags in AWS STS", IAM User Guide).
func (f *filler) principalTags(c *identity.Caller) {
	if v := f.view; v != nil {
		for i := range v.Tags {
			f.context.Set(v.Tags[i].Key, v.Tags[i].Value)
		}
	}
	tags := c.SessionTags()
	for i := range tags {
		f.context.Set(tags[i].Key, tags[i].Value)
	}
}

// session sets the keys that only temporary credentials have.
func (f *filler) session(c *identity.Caller) {
	s := c.Session
	if s == nil {
		return
	}
	if f.wants(identity.TokenIssueTime) {
		f.set(identity.TokenIssueTime, s.Issued.UTC().Format("2006-01-02T15:04:05.999Z07:00"))
	}
	f.set(identity.SourceIdentityKey, s.SourceIdentity)
	f.set(identity.FederatedProvider, s.Provider)
}

// secondFactor sets the keys about multi-factor authentication: from the session, or from the request that brings a code along.
// aws:MultiFactorAuthPresent is not "false" but absent for long-term keys.
func (f *filler) secondFactor(s *identity.Session, e *Environment) {
	given := e.SecondFactor
	if given.IsZero() {
		if s == nil {
			return
		}
		given = s.MFA
	}
	f.setBool(identity.MultiFactorAuthPresent, !given.IsZero())
	if f.wants(identity.MultiFactorAuthAge) && !given.IsZero() {
		f.set(identity.MultiFactorAuthAge, strconv.FormatInt(int64(max(0, e.Time.Sub(given))/time.Second), 10))
	}
}

// delivery sets what the service that asked for the session says of whom it handed it to.
func (f *filler) delivery(c *identity.Caller) {
	keys := c.DeliveryKeys()
	for i := range keys {
		f.context.Set(keys[i].Key, keys[i].Value)
	}
}

func (f *filler) resource() {
	f.set(identity.ResourceAccount, f.resourceAccount)
	if f.other.ID != "" && f.resourceAccount != "" {
		f.set(identity.ResourceOrgID, f.other.ID)
		f.resourcePaths[0] = f.other.Path
		f.setList(identity.ResourceOrgPaths, f.resourcePaths[:])
	}
}
