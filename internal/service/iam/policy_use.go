package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A policy that is a boundary somewhere is in use like one that is attached.
var deletePolicy = service.Writing[iam.DeletePolicyInput, struct{}]{
	Check: func(in *iam.DeletePolicyInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeletePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeletePolicyOutput{}), changing(c, *in.PolicyArn, tx.DeletePolicy(*in.PolicyArn))
	},
}

var listEntitiesForPolicy = service.Reading[iam.ListEntitiesForPolicyInput]{
	Check: func(in *iam.ListEntitiesForPolicyInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		i.OneOf("entityFilter", string(in.EntityFilter), "User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy")
		i.OneOf("policyUsageFilter", string(in.PolicyUsageFilter), "PermissionsPolicy", "PermissionsBoundary")
		i.anyPath(in.PathPrefix, pathPattern)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListEntitiesForPolicyInput, r identity.Reader) (service.Answer, error) {
		policy, err := r.Policy(*in.PolicyArn)
		if err != nil {
			return service.Answer{}, notAttachable(err)
		}
		p, err := pageOf[holder](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		if err := collectHolders(r, policy.ARN, in, p); err != nil {
			return service.Answer{}, err
		}
		return service.Body(shownHolders(p)), nil
	},
}

// A holder is a user, group or role that uses a policy.
type holder struct {
	kind identity.Kind
	identity.Entity
}

// collectHolders fills a page with what uses a policy in the way that is asked for: groups, then roles, then users.
func collectHolders(r identity.Reader, arn string, in *iam.ListEntitiesForPolicyInput, p *page[holder]) error {
	var failed error
	err := r.PolicyUsers(arn, func(ref identity.Ref, attached, boundary bool) bool {
		switch {
		case in.EntityFilter != "" && !strings.EqualFold(string(in.EntityFilter), string(ref.Kind)),
			in.PolicyUsageFilter == types.PolicyUsageTypePermissionsPolicy && !attached,
			in.PolicyUsageFilter == types.PolicyUsageTypePermissionsBoundary && !boundary:
			return true
		}
		var e identity.Entity
		if e, failed = entityOf(r, ref); failed != nil {
			return false
		}
		if !strings.HasPrefix(e.Path, text(in.PathPrefix)) {
			return true
		}
		return p.add(string(ref.Kind[:1])+identity.FoldName(e.Name), holder{ref.Kind, e})
	})
	if err != nil {
		return err
	}
	return failed
}

func entityOf(r identity.Reader, ref identity.Ref) (identity.Entity, error) {
	switch ref.Kind {
	case identity.KindGroup:
		g, err := r.Group(ref.Name)
		return g.Entity, err
	case identity.KindRole:
		role, err := r.Role(ref.Name)
		return role.Entity, err
	}
	u, err := r.User(ref.Name)
	return u.Entity, err
}

func shownHolders(p *page[holder]) *iam.ListEntitiesForPolicyOutput {
	out := &iam.ListEntitiesForPolicyOutput{
		PolicyGroups: []types.PolicyGroup{}, PolicyRoles: []types.PolicyRole{}, PolicyUsers: []types.PolicyUser{},
		IsTruncated: p.truncated, Marker: p.marker(),
	}
	for _, u := range p.items {
		name, id := &u.Name, (*string)(&u.ID)
		switch u.kind {
		case identity.KindGroup:
			out.PolicyGroups = append(out.PolicyGroups, types.PolicyGroup{GroupName: name, GroupId: id})
		case identity.KindRole:
			out.PolicyRoles = append(out.PolicyRoles, types.PolicyRole{RoleName: name, RoleId: id})
		case identity.KindUser:
			out.PolicyUsers = append(out.PolicyUsers, types.PolicyUser{UserName: name, UserId: id})
		}
	}
	return out
}
