package iam

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
)

// userDetail, groupDetail, roleDetail and policyDetail are entities with everything that bears on what is allowed to them
// (API reference, data types UserDetail, GroupDetail, RoleDetail, ManagedPolicyDetail).
func userDetail(r identity.Reader, u identity.User) (types.UserDetail, error) {
	inline, attached, err := policiesOf(r, u.Entity)
	if len(inline) == 0 {
		inline = nil // unlike those of groups and roles (recorded on AWS: localstack/localstack, test_iam_account_authorization_details.snapshot.json)
	}
	return types.UserDetail{
		Arn: &u.ARN, UserName: &u.Name, UserId: (*string)(&u.ID), Path: &u.Path, CreateDate: &u.Created,
		UserPolicyList: inline, AttachedManagedPolicies: attached, GroupList: written(u.Groups),
		PermissionsBoundary: boundary(u.Boundary), Tags: writtenTags(u.Tags),
	}, err
}

func groupDetail(r identity.Reader, g identity.Group) (types.GroupDetail, error) {
	inline, attached, err := policiesOf(r, g.Entity)
	return types.GroupDetail{
		Arn: &g.ARN, GroupName: &g.Name, GroupId: (*string)(&g.ID), Path: &g.Path, CreateDate: &g.Created,
		GroupPolicyList: inline, AttachedManagedPolicies: attached,
	}, err
}

func roleDetail(r identity.Reader, role identity.Role) (types.RoleDetail, error) {
	inline, attached, err := policiesOf(r, role.Entity)
	if err != nil {
		return types.RoleDetail{}, err
	}
	trust, err := r.TrustText(role)
	if err != nil {
		return types.RoleDetail{}, err
	}
	used, err := roleLastUsed(r, role)
	if err != nil {
		return types.RoleDetail{}, err
	}
	profiles, err := profilesOf(r, role)
	return types.RoleDetail{
		Arn: &role.ARN, RoleName: &role.Name, RoleId: (*string)(&role.ID), Path: &role.Path, CreateDate: &role.Created,
		AssumeRolePolicyDocument: encoded(trust), RolePolicyList: inline, AttachedManagedPolicies: attached,
		InstanceProfileList: profiles, PermissionsBoundary: boundary(role.Boundary), Tags: writtenTags(role.Tags),
		RoleLastUsed: used,
	}, err
}

func policyDetail(r identity.Reader, p identity.ManagedPolicy) (types.ManagedPolicyDetail, error) {
	usage, err := r.PolicyUsage(p.ARN)
	if err != nil {
		return types.ManagedPolicyDetail{}, err
	}
	versions := []types.PolicyVersion{}
	for _, v := range slices.SortedFunc(slices.Values(p.Versions), byVersion) {
		document, err := r.PolicyText(p, v.ID)
		if err != nil {
			return types.ManagedPolicyDetail{}, err
		}
		shown := shownVersionOf(v, v.ID == p.Default)
		shown.Document = encoded(document)
		versions = append(versions, *shown)
	}
	shown := shownPolicy(p, usage)
	return types.ManagedPolicyDetail{
		Arn: shown.Arn, PolicyName: shown.PolicyName, PolicyId: shown.PolicyId, Path: shown.Path,
		DefaultVersionId: shown.DefaultVersionId, AttachmentCount: shown.AttachmentCount,
		PermissionsBoundaryUsageCount: shown.PermissionsBoundaryUsageCount, IsAttachable: shown.IsAttachable,
		Description: shown.Description, CreateDate: shown.CreateDate, UpdateDate: shown.UpdateDate, PolicyVersionList: versions,
	}, nil
}

// policiesOf returns the inline and the attached policies of an entity, none as empty lists.
func policiesOf(r identity.Reader, e identity.Entity) ([]types.PolicyDetail, []types.AttachedPolicy, error) {
	inline, attached := []types.PolicyDetail{}, []types.AttachedPolicy{}
	for _, p := range e.Inline {
		document, err := r.Text(p.Document)
		if err != nil {
			return nil, nil, err
		}
		inline = append(inline, types.PolicyDetail{PolicyName: &p.Name, PolicyDocument: encoded(document)})
	}
	for _, arn := range e.Attached {
		p, err := r.Policy(arn)
		if err != nil {
			return nil, nil, err
		}
		attached = append(attached, types.AttachedPolicy{PolicyName: &p.Name, PolicyArn: &p.ARN})
	}
	return inline, attached, nil
}

// written is a list of an answer that is empty where it is not left out.
func written(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// writtenTags are tags that are an empty list where there are none, as in the answers that describe one policy, instance profile,
// provider or certificate; those of users and roles leave them out.
func writtenTags(tags []identity.Tag) []types.Tag {
	if shown := shownTags(tags); shown != nil {
		return shown
	}
	return []types.Tag{}
}
