package operation

// iamCredentialRows are the calls on the long-term credentials of users. Without a user name most of them are about the caller.
var iamCredentialRows = [...]Row{
	{
		Service: "iam", Name: "CreateAccessKey", Mode: Write,
		Questions: []Question{{
			Action: "iam:CreateAccessKey", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards: []Guard{
			{Precondition: Exists, Entity: User, Member: "UserName"},
			{Precondition: BelowQuota, Entity: User, Member: "UserName", With: "AccessKeysPerUser"},
		},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, Member: "UserName"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "CreateAccessKey.html",
	},
	// Whether a key starts or stops working is in Status.
	{
		Service: "iam", Name: "UpdateAccessKey", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateAccessKey", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards: []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects: []Effect{
			{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "Status"},
			{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "Status"},
		},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "UpdateAccessKey.html",
	},
	{
		Service: "iam", Name: "DeleteAccessKey", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteAccessKey", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "AccessKeyId"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "DeleteAccessKey.html",
	},
	{
		Service: "iam", Name: "ListAccessKeys", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListAccessKeys", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "ListAccessKeys.html",
	},
	// The user is the one that has the key; while nobody has it, the call must be allowed on every user.
	{
		Service: "iam", Name: "GetAccessKeyLastUsed", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetAccessKeyLastUsed", Target: Target{Kind: User, Member: "AccessKeyId", Named: ByAccessKey},
			Resource: iamARN + "user/*", Keys: bothTags,
		}},
		Source: iamAPI + "GetAccessKeyLastUsed.html",
	},
	{
		Service: "iam", Name: "CreateLoginProfile", Mode: Write,
		Questions: []Question{{
			Action: "iam:CreateLoginProfile", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "Password"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "CreateLoginProfile.html",
	},
	{
		Service: "iam", Name: "GetLoginProfile", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetLoginProfile", Target: userOrCaller, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "GetLoginProfile.html",
	},
	{
		Service: "iam", Name: "UpdateLoginProfile", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateLoginProfile", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "Password"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "UpdateLoginProfile.html",
	},
	{
		Service: "iam", Name: "DeleteLoginProfile", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteLoginProfile", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: RevokesCredentials, Entity: User, Member: "UserName"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "DeleteLoginProfile.html",
	},
	{
		Service: "iam", Name: "ChangePassword", Mode: Write,
		Questions: []Question{{
			Action: "iam:ChangePassword", Target: Target{Kind: User, OrCaller: true},
			Resource: iamARN + "user/${Caller.UserName}", Shown: "user ${Caller.UserName}", Keys: bothTags,
		}},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, With: "NewPassword"}},
		Mitigation: "None is needed: the caller changes its own password only.",
		Source:     iamAPI + "ChangePassword.html",
	},
	{
		Service: "iam", Name: "CreateServiceSpecificCredential", Mode: Write,
		Questions: []Question{{
			Action: "iam:CreateServiceSpecificCredential", Target: theUser, Resource: userARN, Shown: userShown,
			Keys: []Key{
				{"iam:ServiceSpecificCredentialServiceName", FromInput, "ServiceName"},
				{"iam:ServiceSpecificCredentialAgeDays", FromInput, "CredentialAgeDays"}, tagsOfTarget,
				iamTagsOfTarget,
			},
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "ServiceName"}},
		Mitigation: "Condition iam:ServiceSpecificCredentialServiceName, and reserve a path for users.",
		Source:     iamAPI + "CreateServiceSpecificCredential.html",
	},
	{
		Service: "iam", Name: "ListServiceSpecificCredentials", Mode: Read,
		Questions: []Question{
			{
				Action: "iam:ListServiceSpecificCredentials", Unless: []string{"AllUsers"}, Target: userOrCaller,
				Resource: userARN, Shown: userShown, Keys: bothTags,
			},
			{
				Action: "iam:ListServiceSpecificCredentials", When: []string{"AllUsers"}, Resource: iamARN + "user/*",
			},
		},
		Source: iamAPI + "ListServiceSpecificCredentials.html",
	},
	// Whether the credential starts or stops working is in Status.
	{
		Service: "iam", Name: "UpdateServiceSpecificCredential", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateServiceSpecificCredential", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: []Key{credentialService, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects: []Effect{
			{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "Status"},
			{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "Status"},
		},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "UpdateServiceSpecificCredential.html",
	},
	{
		Service: "iam", Name: "ResetServiceSpecificCredential", Mode: Write,
		Questions: []Question{{
			Action: "iam:ResetServiceSpecificCredential", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: []Key{credentialService, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, Member: "UserName"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "ResetServiceSpecificCredential.html",
	},
	{
		Service: "iam", Name: "DeleteServiceSpecificCredential", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteServiceSpecificCredential", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: []Key{credentialService, tagsOfTarget, iamTagsOfTarget},
		}},
		Guards: []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects: []Effect{
			{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "ServiceSpecificCredentialId"},
		},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "DeleteServiceSpecificCredential.html",
	},
	{
		Service: "iam", Name: "UploadSigningCertificate", Mode: Write,
		Questions: []Question{{
			Action: "iam:UploadSigningCertificate", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "CertificateBody"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "UploadSigningCertificate.html",
	},
	{
		Service: "iam", Name: "ListSigningCertificates", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListSigningCertificates", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Source: iamAPI + "ListSigningCertificates.html",
	},
	// Whether the certificate starts or stops working is in Status.
	{
		Service: "iam", Name: "UpdateSigningCertificate", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateSigningCertificate", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Guards: []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects: []Effect{
			{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "Status"},
			{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "Status"},
		},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "UpdateSigningCertificate.html",
	},
	{
		Service: "iam", Name: "DeleteSigningCertificate", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteSigningCertificate", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "CertificateId"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "DeleteSigningCertificate.html",
	},
	{
		Service: "iam", Name: "UploadSSHPublicKey", Mode: Write,
		Questions: []Question{{
			Action: "iam:UploadSSHPublicKey", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "SSHPublicKeyBody"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "UploadSSHPublicKey.html",
	},
	{
		Service: "iam", Name: "GetSSHPublicKey", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetSSHPublicKey", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Source: iamAPI + "GetSSHPublicKey.html",
	},
	{
		Service: "iam", Name: "ListSSHPublicKeys", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListSSHPublicKeys", Target: userOrCaller, Resource: userARN, Shown: userShown,
			Keys: bothTags,
		}},
		Source: iamAPI + "ListSSHPublicKeys.html",
	},
	// Whether the key starts or stops working is in Status.
	{
		Service: "iam", Name: "UpdateSSHPublicKey", Mode: Write,
		Questions: []Question{{
			Action: "iam:UpdateSSHPublicKey", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards: []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects: []Effect{
			{Change: IssuesCredentials, Entity: User, Member: "UserName", With: "Status"},
			{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "Status"},
		},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "UpdateSSHPublicKey.html",
	},
	{
		Service: "iam", Name: "DeleteSSHPublicKey", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteSSHPublicKey", Target: theUser, Resource: userARN, Shown: userShown, Keys: bothTags,
		}},
		Guards:     []Guard{{Precondition: Exists, Entity: User, Member: "UserName"}},
		Effects:    []Effect{{Change: RevokesCredentials, Entity: User, Member: "UserName", With: "SSHPublicKeyId"}},
		Mitigation: "Reserve a path for users whose credentials the delegate may make; the call carries no boundary key.",
		Source:     iamAPI + "DeleteSSHPublicKey.html",
	},
}
