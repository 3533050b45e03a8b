package iam

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// roleHandlers are the calls on roles.
func roleHandlers() []service.Handler {
	return []service.Handler{
		createRole.Named("CreateRole"),
		getRole.Named("GetRole"),
		attachRolePolicy.Named("AttachRolePolicy"),
		putRolePolicy.Named("PutRolePolicy"),
		listRoles.Named("ListRoles"),
		updateRole.Named("UpdateRole"),
		updateRoleDescription.Named("UpdateRoleDescription"),
		updateAssumeRolePolicy.Named("UpdateAssumeRolePolicy"),
		deleteRole.Named("DeleteRole"),
		tagRole.Named("TagRole"),
		untagRole.Named("UntagRole"),
		listRoleTags.Named("ListRoleTags"),
		getRolePolicy.Named("GetRolePolicy"),
		deleteRolePolicy.Named("DeleteRolePolicy"),
		listRolePolicies.Named("ListRolePolicies"),
		detachRolePolicy.Named("DetachRolePolicy"),
		listAttachedRolePolicies.Named("ListAttachedRolePolicies"),
		putRolePermissionsBoundary.Named("PutRolePermissionsBoundary"),
		deleteRolePermissionsBoundary.Named("DeleteRolePermissionsBoundary"),
	}
}

var listRoles = service.Reading[iam.ListRolesInput]{
	Check: func(in *iam.ListRolesInput) error {
		var i input
		i.page(in.Marker, in.MaxItems)
		i.pathPrefix(in.PathPrefix)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListRolesInput, r identity.Reader) (service.Answer, error) {
		p, err := pageOf[types.Role](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		for role, err := range r.Roles(p.after) {
			if err != nil {
				return service.Answer{}, err
			}
			if !strings.HasPrefix(role.Path, text(in.PathPrefix)) {
				continue
			}
			trust, err := r.TrustText(role)
			if err != nil {
				return service.Answer{}, err
			}
			if !p.add(identity.FoldName(role.Name), listedRole(role, trust)) {
				break
			}
		}
		return service.Body(&iam.ListRolesOutput{Roles: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// listedRole is a role as lists show it: without boundary, tags and last use (API reference, ListRoles).
func listedRole(role identity.Role, trust string) types.Role {
	shown := shownRole(role, trust)
	shown.PermissionsBoundary, shown.Tags = nil, nil
	shown.MaxSessionDuration = seconds(role.MaxSession)
	return shown
}

func seconds(d time.Duration) *int32 {
	n := int32(d / time.Second)
	return &n
}
