package iam

import (
	"net/http"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// inTheWay are AWS's sentences for what keeps an entity from being deleted ("Delete…" pages of the API reference name the
// preconditions; the words are seen in the public issues of cloud-custodian, aws-nuke and terraform-provider-aws).
var inTheWay = map[identity.ConflictReason]string{
	identity.HasInlinePolicies:   "Cannot delete entity, must delete policies first.",
	identity.HasAttachedPolicies: "Cannot delete entity, must detach all policies first.",
	identity.HasAccessKeys:       "Cannot delete entity, must delete access keys first.",
	identity.HasMembers:          "Cannot delete entity, must remove users from group first.",
	identity.IsMember:            "Cannot delete entity, must remove users from group first.",
	identity.InProfile:           "Cannot delete entity, must remove roles from instance profile first.",
	identity.IsAttached:          "Cannot delete a policy attached to entities.",
	identity.IsDefault:           "Cannot delete the default version of a policy.",
	identity.HasVersions: "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
		"The default version is deleted with the policy.",
}

// conflicted words what keeps an entity from being deleted or changed.
func conflicted(e *identity.ConflictError) error {
	if e.Reason == identity.ServiceLinked {
		return &service.Error{Status: http.StatusBadRequest, Code: "UnmodifiableEntity", Message: "Cannot perform the operation on " +
			"the protected role '" + e.Name + "' - this role is only modifiable by AWS"}
	}
	if sentence, ok := inTheWay[e.Reason]; ok {
		return service.Conflict("DeleteConflict", sentence)
	}
	return e
}
