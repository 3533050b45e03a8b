package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var putRolePermissionsBoundary = service.Writing[iam.PutRolePermissionsBoundaryInput, struct{}]{
	Check: func(in *iam.PutRolePermissionsBoundaryInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.policyARN("permissionsBoundary", in.PermissionsBoundary)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.PutRolePermissionsBoundaryInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.SetBoundary(identity.RoleRef(*in.RoleName), *in.PermissionsBoundary)
		return service.Body(&iam.PutRolePermissionsBoundaryOutput{}), notABoundary(err)
	},
}

// Where there is no boundary, deleting it succeeds: clients do so before they delete a role.
var deleteRolePermissionsBoundary = service.Writing[iam.DeleteRolePermissionsBoundaryInput, struct{}]{
	Check: func(in *iam.DeleteRolePermissionsBoundaryInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteRolePermissionsBoundaryInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.SetBoundary(identity.RoleRef(*in.RoleName), "")
		return service.Body(&iam.DeleteRolePermissionsBoundaryOutput{}), answer(err)
	},
}
