package iam

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// answer words an error of package identity or policy as IAM does. Other errors are left as they are: failures of the server.
func answer(err error) error {
	var notFound *identity.NotFoundError
	var exists *identity.ExistsError
	var limit *identity.LimitError
	var conflict *identity.ConflictError
	var principal *identity.InvalidPrincipalError
	var document *policy.Error
	switch {
	case errors.As(err, &notFound):
		return noSuchEntity(notFound)
	case errors.As(err, &exists):
		return alreadyExists(exists)
	case errors.As(err, &limit):
		return limitExceeded(limit)
	case errors.As(err, &conflict) && conflict.Reason == identity.ServiceLinked:
		return &service.Error{Status: http.StatusBadRequest, Code: "UnmodifiableEntity", Message: "Cannot perform the operation on " +
			"the protected role '" + conflict.Name + "' - this role is only modifiable by AWS"}
	case errors.As(err, &conflict):
		return deleteConflict(conflict, err)
	case errors.As(err, &principal):
		return service.BadRequest("MalformedPolicyDocument", `Invalid principal in policy: "AWS":"`+principal.Principal+`"`)
	case errors.As(err, &document):
		return service.BadRequest(document.Code, document.Message)
	}
	return err
}

func noSuchEntity(e *identity.NotFoundError) error {
	switch e.Kind {
	case identity.KindUser, identity.KindRole, identity.KindGroup:
		return service.NotFound("NoSuchEntity", fmt.Sprintf("The %s with name %s cannot be found.", e.Kind, e.Name))
	case identity.KindMFADevice:
		return service.NotFound("NoSuchEntity", "MFA Device with serial number "+e.Name+" does not exist.")
	case identity.KindLoginProfile:
		return service.NotFound("NoSuchEntity", "Login Profile for User "+e.Name+" cannot be found.")
	case identity.KindPasswordPolicy:
		return service.NotFound("NoSuchEntity", "The account policy with name PasswordPolicy cannot be found.")
	case identity.KindDeletion:
		return service.NotFound("NoSuchEntity", "The deletion task with id "+e.Name+" cannot be found.")
	case identity.KindInstanceProfile:
		return service.NotFound("NoSuchEntity", "Instance Profile "+e.Name+" cannot be found.")
	case identity.KindServerCertificate:
		return service.NotFound("NoSuchEntity", "The Server Certificate with name "+e.Name+" cannot be found.")
	case identity.KindOIDCProvider:
		return service.NotFound("NoSuchEntity", "OpenIDConnect Provider not found for arn "+e.Name)
	case identity.KindSAMLProvider:
		return service.NotFound("NoSuchEntity", "Manifest not found for arn "+e.Name)
	case identity.KindAccessKey:
		return service.NotFound("NoSuchEntity", "The Access Key with id "+e.Name+" cannot be found.")
	}
	return service.NotFound("NoSuchEntity", "Policy "+e.Name+" was not found.")
}

// notAttachable words the absence of a policy that is to be attached.
func notAttachable(err error) error { return absentPolicy(err, "Policy ") }

// notABoundary words the absence of a policy that is to be a permissions boundary (RECORDED, boundary that does not exist).
func notABoundary(err error) error { return absentPolicy(err, "Scope ARN: ") }

// absentPolicy words why there is no such policy: also since the ARN is of something else (localstack/localstack,
// test_iam_roles.snapshot.json, test_role_permissions_boundary_errors).
func absentPolicy(err error, subject string) error {
	var notFound *identity.NotFoundError
	if !errors.As(err, &notFound) || notFound.Kind != identity.KindPolicy {
		return answer(err)
	}
	if a, err := arn.Parse(notFound.Name); err != nil || a.Service != "iam" || a.Kind() != string(identity.KindPolicy) {
		return service.BadRequest("InvalidInput", "ARN "+notFound.Name+" is not valid.")
	}
	return service.NotFound("NoSuchEntity", subject+notFound.Name+" does not exist or is not attachable.")
}

func alreadyExists(e *identity.ExistsError) error {
	message := fmt.Sprintf("%s with name %s already exists.", title(e.Kind), e.Name)
	switch e.Kind {
	case identity.KindPolicy:
		message = "A policy called " + e.Name + " already exists. Duplicate names are not allowed."
	case identity.KindInstanceProfile:
		message = "Instance Profile " + e.Name + " already exists."
	case identity.KindServerCertificate:
		message = "The Server Certificate with name " + e.Name + " already exists."
	case identity.KindMFADevice:
		message = "MFA device already exists."
	case identity.KindLoginProfile:
		message = "Login Profile for user " + e.Name + " already exists."
	}
	return service.Conflict("EntityAlreadyExists", message)
}

func title(k identity.Kind) string {
	switch k {
	case identity.KindUser:
		return "User"
	case identity.KindRole:
		return "Role"
	case identity.KindGroup:
		return "Group"
	}
	return string(k)
}

// limitExceeded: inline policies, versions and tags have sentences of their own (SEMANTICS §9.4; tags: localstack/localstack,
// test_iam_oidc.snapshot.json).
func limitExceeded(e *identity.LimitError) error {
	message := fmt.Sprintf("Cannot exceed quota for %s: %d", e.Quota, e.Limit)
	switch e.Quota {
	case identity.InlinePolicySize:
		message = fmt.Sprintf("Maximum policy size of %d bytes exceeded for %s %s", e.Limit, e.Kind, e.Name)
	case identity.TagsPerEntity:
		message = "The number of tags has reached the maximum limit."
	case identity.VersionsPerPolicy:
		message = fmt.Sprintf("A managed policy can have up to %d versions. Before you create a new version, "+
			"you must delete an existing version.", e.Limit)
	}
	return service.Conflict("LimitExceeded", message)
}

// deleteConflict says what must be done before a deletion (SEMANTICS §9.5, §9.6).
func deleteConflict(e *identity.ConflictError, err error) error {
	message := map[identity.ConflictReason]string{
		identity.HasInlinePolicies:   "Cannot delete entity, must delete policies first.",
		identity.HasAttachedPolicies: "Cannot delete entity, must detach all policies first.",
		identity.HasAccessKeys:       "Cannot delete entity, must delete access keys first.",
		identity.HasLoginProfile:     "Cannot delete entity, must delete login profile first.",
		identity.HasMFADevices:       "Cannot delete entity, must delete MFA device first.",
		identity.HasMembers:          "Cannot delete entity, must remove users from group first.",
		identity.HasCertificates:     "Cannot delete entity, must delete certificates first.",
		identity.HasCredentials:      "Cannot delete entity, must remove referenced objects first.",
		identity.IsMember:            "Cannot delete entity, must remove users from group first.",
		identity.InProfile:           "Cannot delete entity, must remove roles from instance profile first.",
		identity.IsAssigned:          "MFA VirtualDevice in use. Must deactivate first.",
		identity.IsAttached:          "Cannot delete a policy attached to entities.",
		identity.IsDefault:           "Cannot delete the default version of a policy.",
		identity.HasVersions: "This policy has more than one version. Before you delete a policy, you must delete the policy's " +
			"versions. The default version is deleted with the policy.",
	}[e.Reason]
	if message == "" {
		return err
	}
	return service.Conflict("DeleteConflict", message)
}
