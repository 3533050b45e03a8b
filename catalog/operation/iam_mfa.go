package operation

// iamMFARows are the calls on MFA devices. What assigns a device to a user is judged on the user.
var iamMFARows = [...]Row{
	{
		Service: "iam", Name: "CreateVirtualMFADevice", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:CreateVirtualMFADevice", Resource: iamARN + "mfa${Path|/}${VirtualMFADeviceName}",
				Keys: createdTags,
			},
			{Action: "iam:TagMFADevice", When: []string{"Tags"}, Resource: iamARN + "mfa${Path|/}${VirtualMFADeviceName}", Keys: createdTags},
		},
		Source: iamAPI + "CreateVirtualMFADevice.html",
	},
	{
		Service: "iam", Name: "EnableMFADevice", Mode: Write,
		Questions: []Question{{
			Action: "iam:EnableMFADevice", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: []Key{
				{"iam:RegisterSecurityKey", FromService, "the step of registering a security key"},
				{"iam:FIDO-certification", FromService, "the device's FIDO certification level"},
				{"iam:FIDO-FIPS-140-2-certification", FromService, "the device's FIPS 140-2 level"},
				{"iam:FIDO-FIPS-140-3-certification", FromService, "the device's FIPS 140-3 level"}, tagsOfTarget,
				iamTagsOfTarget,
			},
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: SetsMFA, Entity: User, Member: "UserName", With: "SerialNumber"}},
		Mitigation: "Fence the call by path where a policy depends on aws:MultiFactorAuthPresent.",
		Source:     iamAPI + "EnableMFADevice.html",
	},
	{
		Service: "iam", Name: "ResyncMFADevice", Mode: Write,
		Questions: []Question{{
			Action: "iam:ResyncMFADevice", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: SetsMFA, Entity: User, Member: "UserName", With: "SerialNumber"}},
		Mitigation: "Fence the call by path where a policy depends on aws:MultiFactorAuthPresent.",
		Source:     iamAPI + "ResyncMFADevice.html",
	},
	{
		Service: "iam", Name: "DeactivateMFADevice", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeactivateMFADevice", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: SetsMFA, Entity: User, Member: "UserName", With: "SerialNumber"}},
		Mitigation: "Fence the call by path where a policy depends on aws:MultiFactorAuthPresent.",
		Source:     iamAPI + "DeactivateMFADevice.html",
	},
	{
		Service: "iam", Name: "GetMFADevice", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetMFADevice", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "GetMFADevice.html",
	},
	{
		Service: "iam", Name: "ListMFADevices", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListMFADevices", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "ListMFADevices.html",
	},
	{
		Service: "iam", Name: "ListVirtualMFADevices", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListVirtualMFADevices", Resource: everything, Shown: everything,
		}},
		Source: iamAPI + "ListVirtualMFADevices.html",
	},
	{
		Service: "iam", Name: "DeleteVirtualMFADevice", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteVirtualMFADevice", Target: theMFADevice, Resource: mfaARN, Keys: tags,
		}},
		Source: iamAPI + "DeleteVirtualMFADevice.html",
	},
	{
		Service: "iam", Name: "TagMFADevice", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagMFADevice", Target: theMFADevice, Resource: mfaARN, Keys: newTags,
		}},
		Source: iamAPI + "TagMFADevice.html",
	},
	{
		Service: "iam", Name: "UntagMFADevice", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagMFADevice", Target: theMFADevice, Resource: mfaARN, Keys: goneTags,
		}},
		Source: iamAPI + "UntagMFADevice.html",
	},
	{
		Service: "iam", Name: "ListMFADeviceTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListMFADeviceTags", Target: theMFADevice, Resource: mfaARN, Keys: tags,
		}},
		Source: iamAPI + "ListMFADeviceTags.html",
	},
}
