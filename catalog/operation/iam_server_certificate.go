package operation

// iamServerCertificateRows are the calls on server certificates.
var iamServerCertificateRows = [...]Row{
	{
		Service: "iam", Name: "UploadServerCertificate", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:UploadServerCertificate", Resource: iamARN + "server-certificate${Path|/}${ServerCertificateName}",
				Keys: createdTags,
			},
			{Action: "iam:TagServerCertificate", When: []string{"Tags"}, Resource: iamARN + "server-certificate${Path|/}${ServerCertificateName}", Keys: createdTags},
		},
		Source: iamAPI + "UploadServerCertificate.html",
	},
	{
		Service: "iam", Name: "GetServerCertificate", Mode: Read,
		Questions: []Question{{
			Action: "iam:GetServerCertificate", Target: theCertificate, Resource: certificateARN, Keys: tags,
		}},
		Source: iamAPI + "GetServerCertificate.html",
	},
	// Seen in spinnaker/spinnaker.github.io#335.
	{
		Service: "iam", Name: "ListServerCertificates", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListServerCertificates", Resource: iamARN + "server-certificate${PathPrefix|/}",
		}},
		Source: iamAPI + "ListServerCertificates.html",
	},
	// A rename must be allowed on the old and on the new name. Target is that of the first question here.
	{
		Service: "iam", Name: "UpdateServerCertificate", Mode: Write,
		Questions: []Question{
			{
				Action: "iam:UpdateServerCertificate", Target: theCertificate, Resource: certificateARN, Keys: tags,
			},
			{
				Action: "iam:UpdateServerCertificate", When: []string{"NewServerCertificateName", "NewPath"},
				Resource: iamARN + "server-certificate${NewPath,Target.Path|/}${NewServerCertificateName,Target.Name,ServerCertificateName}",
			},
		},
		Source: iamAPI + "UpdateServerCertificate.html",
	},
	{
		Service: "iam", Name: "DeleteServerCertificate", Mode: Write,
		Questions: []Question{{
			Action: "iam:DeleteServerCertificate", Target: theCertificate, Resource: certificateARN, Keys: tags,
		}},
		Source: iamAPI + "DeleteServerCertificate.html",
	},
	{
		Service: "iam", Name: "TagServerCertificate", Mode: Write,
		Questions: []Question{{
			Action: "iam:TagServerCertificate", Target: theCertificate, Resource: certificateARN, Keys: newTags,
		}},
		Source: iamAPI + "TagServerCertificate.html",
	},
	{
		Service: "iam", Name: "UntagServerCertificate", Mode: Write,
		Questions: []Question{{
			Action: "iam:UntagServerCertificate", Target: theCertificate, Resource: certificateARN, Keys: goneTags,
		}},
		Source: iamAPI + "UntagServerCertificate.html",
	},
	{
		Service: "iam", Name: "ListServerCertificateTags", Mode: Read,
		Questions: []Question{{
			Action: "iam:ListServerCertificateTags", Target: theCertificate, Resource: certificateARN, Keys: tags,
		}},
		Source: iamAPI + "ListServerCertificateTags.html",
	},
}
