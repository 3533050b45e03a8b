package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// pageOfAttached lists the managed policies that are attached to an entity, those under a path if one is given.
func pageOfAttached(
	c *service.Call, r identity.Reader, marker *string, maxItems *int32, e identity.Entity, prefix *string,
) (*page[types.AttachedPolicy], error) {
	var attached []identity.ManagedPolicy
	for _, arn := range e.Attached {
		p, err := r.Policy(arn)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(p.Path, text(prefix)) {
			attached = append(attached, p)
		}
	}
	return pageOfAll(c, marker, maxItems, attached, policyKey, func(p identity.ManagedPolicy) types.AttachedPolicy {
		return types.AttachedPolicy{PolicyName: &p.Name, PolicyArn: &p.ARN}
	})
}

// policyKey orders managed policies by name. A policy of the account and one of AWS may have the same one.
func policyKey(p identity.ManagedPolicy) string {
	key := identity.FoldName(p.Name)
	if p.AWSManaged() {
		key += " aws"
	}
	return key
}

// attachedPrefix checks the filter of the lists of attached policies: a whole path, unlike that of other lists.
func (i *input) attachedPrefix(value *string) {
	i.Length("pathPrefix", value, 1, 512)
	i.Pattern("pathPrefix", value, policyPathPattern, `((/[A-Za-z0-9\.,\+@=_-]+)*)/`)
}
