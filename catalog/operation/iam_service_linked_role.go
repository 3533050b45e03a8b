package operation

// iamServiceLinkedRoleRows are the calls on roles that belong to a service.
var iamServiceLinkedRoleRows = [...]Row{
	{
		Service: "iam", Name: "CreateServiceLinkedRole", Mode: Write,
		Questions: []Question{{
			Action:   "iam:CreateServiceLinkedRole",
			Resource: iamARN + "role/aws-service-role/${AWSServiceName}/${Service.RoleName}",
			Keys:     []Key{{"iam:AWSServiceName", FromInput, "AWSServiceName"}},
		}},
		Effects:    []Effect{{Change: Creates, Entity: ServiceLinkedRole, Member: "Service.RoleName"}},
		Mitigation: "Condition iam:AWSServiceName; the service fixes policy and trust, so nothing can be gained by it.",
		Source:     iamAPI + "CreateServiceLinkedRole.html",
	},
	{
		Service: "iam", Name: "DeleteServiceLinkedRole", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteServiceLinkedRole", Target: theRole, Resource: roleARN, Shown: roleShown,
			Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: Role, Member: "RoleName"}},
		Effects:    []Effect{{Change: Deletes, Entity: ServiceLinkedRole, Member: "RoleName"}},
		Mitigation: "Scope to role/aws-service-role/ of the services that are meant.",
		Source:     iamAPI + "DeleteServiceLinkedRole.html",
	},
	// The service reads service and role out of the task id, task/aws-service-role/SERVICE/ROLE/UUID.
	{
		Service: "iam", Name: "GetServiceLinkedRoleDeletionStatus", Mode: Read,
		Questions: []Question{{
			Action:   "iam:GetServiceLinkedRoleDeletionStatus",
			Target:   Target{Kind: Role, Member: "DeletionTaskId", Named: ByID},
			Resource: iamARN + "role/aws-service-role/${Service.ServiceName}/${Service.RoleName}", Keys: bothTags,
		}},
		Source: iamAPI + "GetServiceLinkedRoleDeletionStatus.html",
	},
}
