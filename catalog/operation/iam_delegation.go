package operation

// iamDelegationRows are the calls on delegation requests.
var iamDelegationRows = [...]Row{
	{
		Service: "iam", Name: "CreateDelegationRequest", Mode: Write,
		Questions: []Question{{
			Action:   "iam:CreateDelegationRequest",
			Resource: "arn:${Partition}:iam::${OwnerAccountId,Account}:delegation-request/*",
			Keys: []Key{
				{"iam:DelegationDuration", FromInput, "SessionDuration"},
				{"iam:NotificationChannel", FromInput, "NotificationChannel"},
				{"iam:TemplateArn", FromInput, "Permissions.PolicyTemplateArn"},
			},
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny delegation requests: what accepting one grants is not modelled.",
		Source:     iamAPI + "CreateDelegationRequest.html",
	},
	{
		Service: "iam", Name: "AcceptDelegationRequest", Mode: Write,
		Questions: []Question{{
			Action: "iam:AcceptDelegationRequest", Target: theDelegation, Resource: delegationARN,
			Keys: []Key{delegationOwner},
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny delegation requests: what accepting one grants is not modelled.",
		Source:     iamAPI + "AcceptDelegationRequest.html",
	},
	{
		Service: "iam", Name: "AssociateDelegationRequest", Mode: Write,
		Questions: []Question{{
			Action: "iam:AssociateDelegationRequest", Target: theDelegation, Resource: delegationARN,
			Keys: []Key{delegationOwner},
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny delegation requests: what accepting one grants is not modelled.",
		Source:     iamAPI + "AssociateDelegationRequest.html",
	},
	{
		Service: "iam", Name: "RejectDelegationRequest", Mode: Write,
		Questions: []Question{{
			Action: "iam:RejectDelegationRequest", Target: theDelegation, Resource: delegationARN,
			Keys: []Key{delegationOwner},
		}},
		Source: iamAPI + "RejectDelegationRequest.html",
	},
	{
		Service: "iam", Name: "SendDelegationToken", Mode: Write,
		Questions: []Question{{
			Action: "iam:SendDelegationToken", Target: theDelegation, Resource: delegationARN,
			Keys: []Key{delegationOwner},
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny delegation requests: what accepting one grants is not modelled.",
		Source:     iamAPI + "SendDelegationToken.html",
	},
	// The reference does not list this action yet; whoever has not been allowed it by a pattern is refused.
	{
		Service: "iam", Name: "UpdateDelegationRequest", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateDelegationRequest", Target: theDelegation, Resource: delegationARN,
			Keys: []Key{delegationOwner},
		}},
		Effects:    []Effect{{Change: IsUnknown}},
		Mitigation: "Deny delegation requests: what accepting one grants is not modelled.",
		Source:     iamAPI + "UpdateDelegationRequest.html",
	},
	{
		Service: "iam", Name: "GetDelegationRequest", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetDelegationRequest", Target: theDelegation, Resource: delegationARN,
			Keys: []Key{delegationOwner},
		}},
		Source: iamAPI + "GetDelegationRequest.html",
	},
	{
		Service: "iam", Name: "ListDelegationRequests", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListDelegationRequests", Resource: everything, Shown: everything,
			Keys: []Key{{"iam:DelegationRequestOwner", FromInput, "OwnerId"}},
		}},
		Source: iamAPI + "ListDelegationRequests.html",
	},
	{
		Service: "iam", Name: "GetHumanReadableSummary", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetHumanReadableSummary",
			Target: Target{Kind: DelegationRequest, Member: "EntityArn", Named: ByARN}, Resource: "${EntityArn}",
			Keys: []Key{delegationOwner},
		}},
		Source: iamAPI + "GetHumanReadableSummary.html",
	},
}
