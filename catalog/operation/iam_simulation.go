package operation

// iamSimulationRows are the calls that ask what policies would say, and what was used.
var iamSimulationRows = [...]Row{
	{
		Service: "iam", Name: "SimulateCustomPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:SimulateCustomPolicy", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "SimulateCustomPolicy.html",
	},
	{
		Service: "iam", Name: "SimulatePrincipalPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:SimulatePrincipalPolicy",
			Target: Target{Kind: AnyKind, Member: "PolicySourceArn", Named: ByARN}, Resource: "${PolicySourceArn}",
			Keys: bothTags,
		}},
		Source: iamAPI + "SimulatePrincipalPolicy.html",
	},
	{
		Service: "iam", Name: "GetContextKeysForCustomPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetContextKeysForCustomPolicy", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetContextKeysForCustomPolicy.html",
	},
	{
		Service: "iam", Name: "GetContextKeysForPrincipalPolicy", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetContextKeysForPrincipalPolicy",
			Target: Target{Kind: AnyKind, Member: "PolicySourceArn", Named: ByARN}, Resource: "${PolicySourceArn}",
			Keys: bothTags,
		}},
		Source: iamAPI + "GetContextKeysForPrincipalPolicy.html",
	},
	{
		Service: "iam", Name: "GenerateServiceLastAccessedDetails", Mode: Write,
		Questions: []Question{{
			Action: "iam:GenerateServiceLastAccessedDetails",
			Target: Target{Kind: AnyKind, Member: "Arn", Named: ByARN}, Resource: "${Arn}", Keys: bothTags,
		}},
		Source: iamAPI + "GenerateServiceLastAccessedDetails.html",
	},
	{
		Service: "iam", Name: "GetServiceLastAccessedDetails", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetServiceLastAccessedDetails", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetServiceLastAccessedDetails.html",
	},
	{
		Service: "iam", Name: "GetServiceLastAccessedDetailsWithEntities", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetServiceLastAccessedDetailsWithEntities", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "GetServiceLastAccessedDetailsWithEntities.html",
	},
}
