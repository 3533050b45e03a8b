package identity

import (
	"strings"

	"github.com/ambit-iam/ambit/policy"
)

// ContextKeys is a set of the condition keys that every request may carry, whatever its operation: those of the principal and
// of the environment ("AWS global condition context keys", IAM User Guide). A view says which of them its policies look at,
// so that a request need not work out values that nobody reads.
type ContextKeys uint64

// The keys, one bit each.
const (
	CurrentTime ContextKeys = 1 << iota
	EpochTime
	SecureTransport
	SourceIP
	UserAgent
	Referer
	RequestedRegion
	ViaAWSService
	CalledVia
	CalledViaFirst
	CalledViaLast
	PrincipalArn
	PrincipalAccount
	PrincipalType
	PrincipalIsAWSService
	PrincipalServiceName
	PrincipalServiceNamesList
	PrincipalOrgID
	PrincipalOrgPaths
	PrincipalTags // aws:PrincipalTag/…, all of them
	UserIDKey
	UserNameKey
	TokenIssueTime
	MultiFactorAuthPresent
	MultiFactorAuthAge
	SourceIdentityKey
	FederatedProvider
	ResourceAccount
	ResourceOrgID
	ResourceOrgPaths
	RoleDelivery
	SourceInstance
	SourceInstanceVPC
	SourceInstanceIPv4
	SourceFunction
	contextKeysEnd

	// AllContextKeys is the set of all keys.
	AllContextKeys = contextKeysEnd - 1
)

// contextKeyNames is in the order of the bits.
var contextKeyNames = [...]string{
	"aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport", "aws:SourceIp", "aws:UserAgent", "aws:Referer",
	"aws:RequestedRegion", "aws:ViaAWSService", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast",
	"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:PrincipalIsAWSService",
	"aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
	"aws:PrincipalTag/", "aws:userid", "aws:username", "aws:TokenIssueTime", "aws:MultiFactorAuthPresent",
	"aws:MultiFactorAuthAge", "aws:SourceIdentity", "aws:FederatedProvider", "aws:ResourceAccount", "aws:ResourceOrgID",
	"aws:ResourceOrgPaths", "ec2:RoleDelivery", "ec2:SourceInstanceARN", "aws:Ec2InstanceSourceVpc", "aws:Ec2InstanceSourcePrivateIPv4",
	"lambda:SourceFunctionArn",
}

// DeliveryKeys are those that a service puts into a session which it hands to what it runs ("AWS global condition context keys";
// EC2 User Guide, "Condition keys for instance roles"; Lambda Developer Guide, "lambda:SourceFunctionArn").
const DeliveryKeys = RoleDelivery | SourceInstance | SourceInstanceVPC | SourceInstanceIPv4 | SourceFunction

// deliveryKey is the key of that name, and whether services deliver it.
func deliveryKey(name string) (policy.Key, bool) {
	for i, known := range contextKeyNames {
		if DeliveryKeys.Has(1<<i) && strings.EqualFold(name, known) {
			return policy.NewKey(known), true
		}
	}
	return policy.Key{}, false
}

// Name returns the name of a single key; for PrincipalTags what its names begin with.
func (k ContextKeys) Name() string {
	for i, name := range contextKeyNames {
		if k == 1<<i {
			return name
		}
	}
	return ""
}

// Has reports whether all keys of other are in the set.
func (k ContextKeys) Has(other ContextKeys) bool { return k&other == other }

// contextKeysOf returns the keys that a document looks at, in conditions and in variables.
func contextKeysOf(d *policy.Document) ContextKeys {
	var set ContextKeys
	for _, key := range d.Keys() {
		for i, name := range contextKeyNames {
			if strings.EqualFold(key, name) || ContextKeys(1<<i) == PrincipalTags && len(key) > len(name) && strings.EqualFold(key[:len(name)], name) {
				set |= 1 << i
			}
		}
	}
	return set
}
