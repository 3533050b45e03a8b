package iam

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// serviceLinkedRoleHandlers are the calls on roles that belong to a service.
func serviceLinkedRoleHandlers() []service.Handler {
	return []service.Handler{
		createServiceLinkedRole.Named("CreateServiceLinkedRole"),
		deleteServiceLinkedRole.Named("DeleteServiceLinkedRole"),
		getServiceLinkedRoleDeletionStatus.Named("GetServiceLinkedRoleDeletionStatus"),
	}
}

// facts are what fact knows.
var facts = []string{"RoleName", "ServiceName", "ProviderName"}

// fact returns what rows on service-linked roles and identity providers name and no member of their inputs holds.
func fact(c *service.Call, name string) (string, bool) {
	switch in := c.Input.Value.(type) {
	case *iam.CreateOpenIDConnectProviderInput:
		return providerName(text(in.Url)), name == "ProviderName"
	case *iam.CreateServiceLinkedRoleInput:
		if name == "RoleName" {
			return linkedRoleName(text(in.AWSServiceName), text(in.CustomSuffix)), true
		}
	case *iam.GetServiceLinkedRoleDeletionStatusInput:
		of, role, ok := readTask(text(in.DeletionTaskId))
		if name == "ServiceName" {
			return of, ok
		}
		return role, ok
	}
	return "", false
}

var createServiceLinkedRole = service.Writing[iam.CreateServiceLinkedRoleInput, identity.UniqueID]{
	Check: func(in *iam.CreateServiceLinkedRoleInput) error {
		var i input
		i.name("AWSServiceName", in.AWSServiceName, 128)
		i.optionalName("customSuffix", in.CustomSuffix, 64)
		i.description(in.Description)
		role := linkedRoleName(text(in.AWSServiceName), text(in.CustomSuffix))
		i.Length("roleName", &role, 1, 64)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateServiceLinkedRoleInput) (identity.UniqueID, error) {
		return identity.NewRoleID(), nil
	},
	Act: actCreateServiceLinkedRole,
}

func actCreateServiceLinkedRole(
	c *service.Call, in *iam.CreateServiceLinkedRoleInput, id identity.UniqueID, tx identity.Tx,
) (service.Answer, error) {
	principal := *in.AWSServiceName
	of, known := linkedServices[principal]
	switch {
	case !known:
		return service.Answer{}, service.BadRequest("InvalidInput", "Service principal "+principal+" has no service-linked role.")
	case in.CustomSuffix != nil && !of.suffix:
		return service.Answer{}, service.BadRequest("InvalidInput", "Custom suffix is not allowed for "+principal)
	}
	document := `{"Version":"2012-10-17","Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["` + principal + `"]}}]}`
	trust, err := policy.Check(document, policy.GrammarTrust)
	if err != nil {
		return service.Answer{}, err
	}
	name := linkedRoleName(principal, text(in.CustomSuffix))
	role, err := tx.CreateRole(identity.Role{
		Entity:      identity.Entity{Name: name, Path: "/aws-service-role/" + principal + "/", ID: id, Created: c.Now()},
		Description: text(in.Description), MaxSession: defaultSession, ServiceLinked: true,
	}, trust)
	var exists *identity.ExistsError
	if errors.As(err, &exists) {
		return service.Answer{}, service.BadRequest("InvalidInput", "Service role name "+name+
			" has been taken in this account, please try a different suffix.")
	}
	if err != nil {
		return service.Answer{}, answer(err)
	}
	shown := shownRole(role, document)
	return service.Body(&iam.CreateServiceLinkedRoleOutput{Role: &shown}), nil
}

var deleteServiceLinkedRole = service.Writing[iam.DeleteServiceLinkedRoleInput, string]{
	Check: func(in *iam.DeleteServiceLinkedRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.DeleteServiceLinkedRoleInput) (string, error) { return newTaskID(), nil },
	Act: func(c *service.Call, in *iam.DeleteServiceLinkedRoleInput, id string, tx identity.Tx) (service.Answer, error) {
		role, err := tx.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		task := "task" + role.Path + role.Name + "/" + id
		if err := tx.DeleteServiceLinkedRole(role.Name, identity.Deletion{Task: task, Created: c.Now()}); err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.DeleteServiceLinkedRoleOutput{DeletionTaskId: &task}), nil
	},
}

var getServiceLinkedRoleDeletionStatus = service.Reading[iam.GetServiceLinkedRoleDeletionStatusInput]{
	Check: func(in *iam.GetServiceLinkedRoleDeletionStatusInput) error {
		var i input
		i.Required("deletionTaskId", in.DeletionTaskId)
		i.Length("deletionTaskId", in.DeletionTaskId, 1, 1000)
		if _, _, ok := readTask(text(in.DeletionTaskId)); !ok {
			i.refuse("InvalidInput", "The deletion task id "+text(in.DeletionTaskId)+" is invalid.")
		}
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetServiceLinkedRoleDeletionStatusInput, r identity.Reader) (service.Answer, error) {
		if _, err := r.Deletion(*in.DeletionTaskId); err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.GetServiceLinkedRoleDeletionStatusOutput{Status: types.DeletionTaskStatusTypeSucceeded}), nil
	},
}

// readTask reads service and role out of the id of a deletion, task/aws-service-role/SERVICE/ROLE/UUID (API reference,
// DeleteServiceLinkedRole).
func readTask(id string) (principal, role string, ok bool) {
	parts := strings.Split(id, "/")
	if len(parts) != 5 || parts[0] != "task" || parts[1] != "aws-service-role" {
		return "", "", false
	}
	return parts[2], parts[3], namePattern.MatchString(parts[2]) && namePattern.MatchString(parts[3])
}

// newTaskID draws a UUID of version 4.
func newTaskID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
