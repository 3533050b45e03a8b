package operation

// ec2Rows are calls of Amazon EC2. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html. EC2 has many more keys than these; a
// key that is not listed is absent from the request, so that a condition on it does not allow.
var ec2Rows = [...]Row{
	{
		Service: "ec2", Name: "DescribeAvailabilityZones", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeAvailabilityZones", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeAvailabilityZones.html",
	},
	{
		Service: "ec2", Name: "DescribeIamInstanceProfileAssociations", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeIamInstanceProfileAssociations", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeIamInstanceProfileAssociations.html",
	},
	{
		Service: "ec2", Name: "DescribeImages", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeImages", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeImages.html",
	},
	{
		Service: "ec2", Name: "DescribeInstanceAttribute", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeInstanceAttribute", Target: theInstance, Resource: ec2ARN + "instance/${InstanceId}", Keys: instanceKeys,
		}},
		Source: ec2API + "DescribeInstanceAttribute.html",
	},
	{
		Service: "ec2", Name: "DescribeInstanceCreditSpecifications", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeInstanceCreditSpecifications", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeInstanceCreditSpecifications.html",
	},
	{
		Service: "ec2", Name: "DescribeInstanceStatus", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeInstanceStatus", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeInstanceStatus.html",
	},
	{
		Service: "ec2", Name: "DescribeInstanceTypes", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeInstanceTypes", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeInstanceTypes.html",
	},
	{
		Service: "ec2", Name: "DescribeInstances", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeInstances", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeInstances.html",
	},
	{
		Service: "ec2", Name: "DescribeKeyPairs", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeKeyPairs", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeKeyPairs.html",
	},
	{
		Service: "ec2", Name: "DescribeNetworkInterfaces", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeNetworkInterfaces", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeNetworkInterfaces.html",
	},
	{
		Service: "ec2", Name: "DescribeRegions", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeRegions", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeRegions.html",
	},
	{
		Service: "ec2", Name: "DescribeSecurityGroupRules", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeSecurityGroupRules", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeSecurityGroupRules.html",
	},
	{
		Service: "ec2", Name: "DescribeSecurityGroups", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeSecurityGroups", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeSecurityGroups.html",
	},
	{
		Service: "ec2", Name: "DescribeSubnets", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeSubnets", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeSubnets.html",
	},
	{
		Service: "ec2", Name: "DescribeTags", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeTags", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeTags.html",
	},
	{
		Service: "ec2", Name: "DescribeVolumes", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeVolumes", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeVolumes.html",
	},
	{
		Service: "ec2", Name: "DescribeVpcs", Mode: Read,
		Questions: []Question{{
			Action: "ec2:DescribeVpcs", Resource: everything, Keys: []Key{ec2Region},
		}},
		Source: ec2API + "DescribeVpcs.html",
	},
	// One question per resource that the launch touches, whether the input or the launch template names it
	// ("Example policies to control access", launching instances). Who is allowed none of them reads of the instance
	// (observed: aws/karpenter-provider-aws#7370).
	{
		Service: "ec2", Name: "RunInstances", Mode: Write, Encoded: true,
		Questions: []Question{
			{
				Action: "ec2:RunInstances", Resource: createdInstanceARN, Keys: runInstanceKeys,
			},
			{
				Action: "ec2:RunInstances", Target: Target{Kind: Image, Member: "Service.ImageId", Named: ByID},
				Resource: "arn:${Partition}:ec2:${Region}::image/${Service.ImageId}", Keys: imageKeys,
			},
			{
				Action: "ec2:RunInstances", Each: "Service.SubnetIds",
				Target: Target{Kind: Subnet, Member: "Element", Named: ByID}, Resource: ec2ARN + "subnet/${Element}",
				Keys: subnetKeys,
			},
			{
				Action: "ec2:RunInstances", Each: "Service.SecurityGroupIds",
				Target:   Target{Kind: SecurityGroup, Member: "Element", Named: ByID},
				Resource: ec2ARN + "security-group/${Element}", Keys: securityGroupKeys,
			},
			{
				Action: "ec2:RunInstances", Resource: ec2ARN + "network-interface/*",
				Keys: []Key{
					ec2Region, ofLaunchTemplate, tagsOnInterfaces, tagKeysOnInterfaces,
					{"ec2:AssociatePublicIpAddress", FromService, "AssociatePublicIpAddress, if it is said"},
					{"ec2:AvailabilityZone", FromService, "the zone of the subnet"},
					{"ec2:Subnet", FromService, "the ARN of the subnet"},
					{"ec2:Vpc", FromService, "the ARN of the VPC"},
				},
			},
			{
				Action: "ec2:RunInstances", Each: "Service.Volumes", Resource: ec2ARN + "volume/*", Keys: newVolumeKeys,
			},
			{
				Action: "ec2:RunInstances", When: []string{"KeyName"},
				Target:   Target{Kind: KeyPair, Member: "KeyName", Named: ByName},
				Resource: ec2ARN + "key-pair/${KeyName}",
				Keys: []Key{
					ec2Region, ofLaunchTemplate, tagsOfTarget, ec2TagsOfTarget, {"ec2:KeyPairName", FromInput, "KeyName"},
					{"ec2:KeyPairType", FromTarget, "KeyType"},
				},
			},
			{
				Action:   "ec2:RunInstances",
				When:     []string{"LaunchTemplate.LaunchTemplateId", "LaunchTemplate.LaunchTemplateName"},
				Target:   Target{Kind: LaunchTemplate, Member: "Service.LaunchTemplateId", Named: ByID},
				Resource: ec2ARN + "launch-template/${Service.LaunchTemplateId}",
				Keys:     []Key{ec2Region, tagsOfTarget, ec2TagsOfTarget},
			},
			tagsAtCreation("RunInstances"),
			{
				Action: "iam:PassRole", When: []string{"Service.InstanceProfileArn"}, Target: roleOfProfile,
				Resource: iamARN + "role/*", Keys: []Key{passedToEC2, passedToNewInstance, tagsOfTarget, iamTagsOfTarget},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.InstanceProfileArn", With: "ec2.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.InstanceProfileArn", With: "ec2.amazonaws.com", When: "Service.InstanceProfileArn"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     ec2API + "RunInstances.html",
	},
	{
		Service: "ec2", Name: "StartInstances", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:StartInstances", Each: "InstanceIds", Target: instanceElement, Resource: instanceARN,
			Keys: instanceKeys,
		}},
		Effects:    []Effect{{Change: Steers, Entity: Instance, Member: "InstanceIds"}},
		Mitigation: "Scope to instances by a tag that the delegate may not write.",
		Source:     ec2API + "StartInstances.html",
	},
	{
		Service: "ec2", Name: "StopInstances", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:StopInstances", Each: "InstanceIds", Target: instanceElement, Resource: instanceARN,
			Keys: instanceKeys,
		}},
		Source: ec2API + "StopInstances.html",
	},
	{
		Service: "ec2", Name: "RebootInstances", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:RebootInstances", Each: "InstanceIds", Target: instanceElement, Resource: instanceARN,
			Keys: instanceKeys,
		}},
		Source: ec2API + "RebootInstances.html",
	},
	{
		Service: "ec2", Name: "TerminateInstances", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:TerminateInstances", Each: "InstanceIds", Target: instanceElement, Resource: instanceARN,
			Keys: instanceKeys,
		}},
		Source: ec2API + "TerminateInstances.html",
	},
	{
		Service: "ec2", Name: "CreateKeyPair", Mode: Write, Encoded: true,
		Questions: []Question{
			{
				Action: "ec2:CreateKeyPair", Resource: ec2ARN + "key-pair/${KeyName}",
				Keys: []Key{ec2Region, tagsOnKeyPairs, tagKeysOnKeyPairs, {"ec2:KeyPairType", FromService, "KeyType of the input, or its default"}},
			},
			tagsAtCreation("CreateKeyPair"),
		},
		Source: ec2API + "CreateKeyPair.html",
	},
	{
		Service: "ec2", Name: "ImportKeyPair", Mode: Write, Encoded: true,
		Questions: []Question{
			{
				Action: "ec2:ImportKeyPair", Resource: ec2ARN + "key-pair/${KeyName}",
				Keys: []Key{ec2Region, tagsOnKeyPairs, tagKeysOnKeyPairs},
			},
			tagsAtCreation("ImportKeyPair"),
		},
		Source: ec2API + "ImportKeyPair.html",
	},
	{
		Service: "ec2", Name: "DeleteKeyPair", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:DeleteKeyPair", Target: Target{Kind: KeyPair, Member: "Service.KeyName", Named: ByName},
			Resource: ec2ARN + "key-pair/${Service.KeyName}",
			Keys: []Key{
				ec2Region, tagsOfTarget, ec2TagsOfTarget, {"ec2:KeyPairName", FromService, "the name of the key pair"},
				{"ec2:KeyPairType", FromTarget, "KeyType"},
			},
		}},
		Source: ec2API + "DeleteKeyPair.html",
	},
	{
		Service: "ec2", Name: "CreateSecurityGroup", Mode: Write, Encoded: true,
		Questions: []Question{
			{
				Action: "ec2:CreateSecurityGroup", Resource: ec2ARN + "security-group/*",
				Keys: []Key{ec2Region, tagsOnGroups, tagKeysOnGroups},
			},
			{
				Action: "ec2:CreateSecurityGroup", Target: Target{Kind: VPC, Member: "Service.VpcId", Named: ByID},
				Resource: ec2ARN + "vpc/${Service.VpcId}",
				Keys: []Key{
					ec2Region, tagsOfTarget, ec2TagsOfTarget, {"ec2:Tenancy", FromTarget, "Tenancy"}, {"ec2:VpcID", FromTarget, "VpcId"},
				},
			},
			tagsAtCreation("CreateSecurityGroup"),
		},
		Source: ec2API + "CreateSecurityGroup.html",
	},
	{
		Service: "ec2", Name: "DeleteSecurityGroup", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:DeleteSecurityGroup", Target: theSecurityGroup, Resource: theSecurityGroupARN, Keys: theSecurityGroupKeys,
		}},
		Source: ec2API + "DeleteSecurityGroup.html",
	},
	{
		Service: "ec2", Name: "AuthorizeSecurityGroupIngress", Mode: Write, Encoded: true,
		Questions: []Question{
			{Action: "ec2:AuthorizeSecurityGroupIngress", Target: theSecurityGroup, Resource: theSecurityGroupARN, Keys: theSecurityGroupKeys},
			{
				Action: "ec2:AuthorizeSecurityGroupIngress", When: []string{"TagSpecifications"}, Resource: ec2ARN + "security-group-rule/*",
				Keys: []Key{ec2Region, tagsOnRules, tagKeysOnRules},
			},
			tagsAtCreation("AuthorizeSecurityGroupIngress"),
		},
		Source: ec2API + "AuthorizeSecurityGroupIngress.html",
	},
	{
		Service: "ec2", Name: "AuthorizeSecurityGroupEgress", Mode: Write, Encoded: true,
		Questions: []Question{
			{Action: "ec2:AuthorizeSecurityGroupEgress", Target: theSecurityGroup, Resource: theSecurityGroupARN, Keys: theSecurityGroupKeys},
			{
				Action: "ec2:AuthorizeSecurityGroupEgress", When: []string{"TagSpecifications"}, Resource: ec2ARN + "security-group-rule/*",
				Keys: []Key{ec2Region, tagsOnRules, tagKeysOnRules},
			},
			tagsAtCreation("AuthorizeSecurityGroupEgress"),
		},
		Source: ec2API + "AuthorizeSecurityGroupEgress.html",
	},
	{
		Service: "ec2", Name: "RevokeSecurityGroupIngress", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:RevokeSecurityGroupIngress", Target: theSecurityGroup, Resource: theSecurityGroupARN, Keys: theSecurityGroupKeys,
		}},
		Source: ec2API + "RevokeSecurityGroupIngress.html",
	},
	{
		Service: "ec2", Name: "RevokeSecurityGroupEgress", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:RevokeSecurityGroupEgress", Target: theSecurityGroup, Resource: theSecurityGroupARN, Keys: theSecurityGroupKeys,
		}},
		Source: ec2API + "RevokeSecurityGroupEgress.html",
	},
	{
		Service: "ec2", Name: "CreateTags", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:CreateTags", Each: "Service.ResourceArns", Target: anyResource, Resource: "${Element}",
			Keys: []Key{ec2Region, tagsInRequest, tagKeysInRequest, tagsOfTarget, ec2TagsOfTarget},
		}},
		Effects:    []Effect{{Change: SetsTags, Entity: Instance, Member: "Resources", With: "Tags"}},
		Mitigation: "Never fence on a tag that the delegate may write.",
		Source:     ec2API + "CreateTags.html",
	},
	{
		Service: "ec2", Name: "DeleteTags", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:DeleteTags", Each: "Service.ResourceArns", Target: anyResource, Resource: "${Element}",
			Keys: []Key{ec2Region, tagsInRequest, tagKeysInRequest, tagsOfTarget, ec2TagsOfTarget},
		}},
		Effects:    []Effect{{Change: RemovesTags, Entity: Instance, Member: "Resources", With: "Tags"}},
		Mitigation: "Never fence on the absence of a tag that the delegate may remove.",
		Source:     ec2API + "DeleteTags.html",
	},
	{
		Service: "ec2", Name: "ModifyInstanceAttribute", Mode: Write, Encoded: true,
		Questions: []Question{
			{
				Action: "ec2:ModifyInstanceAttribute", Target: theInstance, Resource: ec2ARN + "instance/${InstanceId}",
				Keys: attributeKeys,
			},
			{
				Action: "ec2:ModifyInstanceAttribute", Each: "Service.SecurityGroupIds",
				Target:   Target{Kind: SecurityGroup, Member: "Element", Named: ByID},
				Resource: ec2ARN + "security-group/${Element}", Keys: securityGroupKeys,
			},
		},
		Effects: []Effect{
			{Change: Steers, Entity: Instance, Member: "InstanceId", With: "UserData", When: "UserData"},
		},
		Mitigation: "Scope to instances by a tag that the delegate may not write.",
		Source:     ec2API + "ModifyInstanceAttribute.html",
	},
	{
		Service: "ec2", Name: "ModifyInstanceMetadataOptions", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action: "ec2:ModifyInstanceMetadataOptions", Target: theInstance, Resource: ec2ARN + "instance/${InstanceId}",
			Keys: metadataOptionKeys,
		}},
		Source: ec2API + "ModifyInstanceMetadataOptions.html",
	},
	{
		Service: "ec2", Name: "AssociateIamInstanceProfile", Mode: Write, Encoded: true,
		Questions: []Question{
			{
				Action: "ec2:AssociateIamInstanceProfile", Target: theInstance,
				Resource: ec2ARN + "instance/${InstanceId}", Keys: newProfileKeys,
			},
			{
				Action: "iam:PassRole", When: []string{"IamInstanceProfile.Arn", "IamInstanceProfile.Name"},
				Target: roleOfProfile, Resource: iamARN + "role/*",
				Keys: []Key{
					passedToEC2, {"iam:AssociatedResourceArn", FromTemplate, ec2ARN + "instance/${InstanceId}"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.InstanceProfileArn", With: "ec2.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.InstanceProfileArn", With: "ec2.amazonaws.com"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     ec2API + "AssociateIamInstanceProfile.html",
	},
	{
		Service: "ec2", Name: "ReplaceIamInstanceProfileAssociation", Mode: Write, Encoded: true,
		Questions: []Question{
			{
				Action:   "ec2:ReplaceIamInstanceProfileAssociation",
				Target:   Target{Kind: Instance, Member: "Service.InstanceId", Named: ByID},
				Resource: ec2ARN + "instance/${Service.InstanceId}", Keys: newProfileKeys,
			},
			{
				Action: "iam:PassRole", When: []string{"IamInstanceProfile.Arn", "IamInstanceProfile.Name"},
				Target: roleOfProfile, Resource: iamARN + "role/*",
				Keys: []Key{
					passedToEC2, {"iam:AssociatedResourceArn", FromTemplate, ec2ARN + "instance/${Service.InstanceId}"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.InstanceProfileArn", With: "ec2.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.InstanceProfileArn", With: "ec2.amazonaws.com"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     ec2API + "ReplaceIamInstanceProfileAssociation.html",
	},
	{
		Service: "ec2", Name: "DisassociateIamInstanceProfile", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action:   "ec2:DisassociateIamInstanceProfile",
			Target:   Target{Kind: Instance, Member: "Service.InstanceId", Named: ByID},
			Resource: ec2ARN + "instance/${Service.InstanceId}", Keys: instanceKeys,
		}},
		Source: ec2API + "DisassociateIamInstanceProfile.html",
	},
	{
		Service: "ec2", Name: "CreateLaunchTemplateVersion", Mode: Write, Encoded: true,
		Questions: []Question{{
			Action:   "ec2:CreateLaunchTemplateVersion",
			Target:   Target{Kind: LaunchTemplate, Member: "Service.LaunchTemplateId", Named: ByID},
			Resource: ec2ARN + "launch-template/${Service.LaunchTemplateId}",
			Keys:     []Key{ec2Region, tagsOfTarget, ec2TagsOfTarget},
		}},
		Effects: []Effect{
			{Change: Steers, Entity: LaunchTemplate, Member: "Service.LaunchTemplateId", With: "LaunchTemplateData"},
		},
		Mitigation: "Scope to launch templates by a tag that the delegate may not write.",
		Source:     ec2API + "CreateLaunchTemplateVersion.html",
	},
}
