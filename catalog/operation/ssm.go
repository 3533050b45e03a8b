package operation

const (
	ssmAPI           = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_"
	parameterARN     = "arn:${Partition}:ssm:${Region}:${Account}:parameter/${Service.Parameter|}" // the root of all paths has no name
	eachParameterARN = "arn:${Partition}:ssm:${Region}:${Account}:parameter/${Element}"
)

// Parameter is the kind of Parameter Store's parameters. Its names are those without the slash that paths begin with.
const Parameter Kind = "parameter"

var (
	// Service.Parameter is the parameter that is named by its name or ARN, perhaps with a version or label behind it, and
	// Service.Parameters are all that are.
	theParameter  = Target{Kind: Parameter, Member: "Service.Parameter", Named: ByName}
	eachParameter = Target{Kind: Parameter, Member: "Element", Named: ByName}

	ssmTagsOfTarget = Key{"ssm:resourceTag/${TagKey}", FromTarget, "Tags"}
	parameterTags   = []Key{tagsOfTarget, ssmTagsOfTarget}
)

// Secure strings are encrypted and decrypted under the key that AWS manages for the service, for whom the key's policy allows it: every
// principal of its account that comes through the service ("AWS KMS encryption for AWS Systems Manager Parameter Store SecureString
// parameters", Systems Manager User Guide). No policy of the caller need allow it, and a Deny refuses it. Where more than one parameter is
// decrypted it is asked about each.
var (
	secureKeys = []Key{
		{"kms:CallerAccount", FromCaller, "Account"},
		{"kms:EncryptionAlgorithm", FromConstant, "SYMMETRIC_DEFAULT"},
		{"kms:EncryptionContext:PARAMETER_ARN", FromService, "the ARN of the parameter"},
		{"kms:EncryptionContextKeys", FromConstant, "PARAMETER_ARN"},
		{"kms:RequestAlias", FromConstant, "alias/aws/ssm"},
		{"kms:ViaService", FromService, "ssm.REGION.amazonaws.com"},
	}
	decryptsSecure = Question{
		Action: "kms:Decrypt", Each: "Service.DecryptedARNs", Target: Target{Kind: KMSKey, Member: "Service.KeyARN", Named: ByARN},
		Resource: "${Service.KeyARN}", Keys: secureKeys, Policy: KeyPolicy,
	}
)

// encryptsSecure is asked of who writes a secure string: kms:Encrypt of a standard parameter, kms:GenerateDataKey of an advanced one.
func encryptsSecure(action, when string) Question {
	return Question{
		Action: action, When: []string{when}, Target: Target{Kind: KMSKey, Member: "Service.KeyARN", Named: ByARN},
		Resource: "${Service.KeyARN}", Keys: secureKeys, Policy: KeyPolicy,
	}
}

// onParameter is the row of a call on one parameter that is there already.
func onParameter(name string, mode Mode, more ...Question) Row {
	return Row{
		Service: "ssm", Name: name, Mode: mode,
		Questions: append([]Question{{Action: "ssm:" + name, Target: theParameter, Resource: parameterARN, Keys: parameterTags}}, more...),
		Source:    ssmAPI + name + ".html",
	}
}

// onParameters is the row of a call on several.
func onParameters(name string, mode Mode, more ...Question) Row {
	return Row{
		Service: "ssm", Name: name, Mode: mode,
		Questions: append([]Question{{
			Action: "ssm:" + name, Each: "Service.Parameters", Target: eachParameter, Resource: eachParameterARN, Keys: parameterTags,
		}}, more...),
		Source: ssmAPI + name + ".html",
	}
}

// ssmRows are calls of AWS Systems Manager Parameter Store. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html.
var ssmRows = [...]Row{
	{
		Service: "ssm", Name: "PutParameter", Mode: Write,
		Questions: []Question{
			{
				Action: "ssm:PutParameter", Target: theParameter, Resource: parameterARN,
				Keys: []Key{
					tagsInRequest, tagKeysInRequest, tagsOfTarget, ssmTagsOfTarget,
					{"ssm:Overwrite", FromService, "true or false, also where the input says nothing"}, {"ssm:Policies", FromInput, "Policies"},
				},
			},
			{
				Action: "ssm:AddTagsToResource", When: []string{"Tags"}, Target: theParameter, Resource: parameterARN,
				Keys: []Key{tagsInRequest, tagKeysInRequest, tagsOfTarget, ssmTagsOfTarget},
			},
			encryptsSecure("kms:Encrypt", "Service.EncryptsStandard"),
			encryptsSecure("kms:GenerateDataKey", "Service.EncryptsAdvanced"),
		},
		Source: ssmAPI + "PutParameter.html",
	},
	onParameter("GetParameter", Read, decryptsSecure),
	onParameters("GetParameters", Read, decryptsSecure),
	// Only the path is judged: who may read a path reads all below it, also what a policy denies there (API reference,
	// GetParametersByPath).
	{
		Service: "ssm", Name: "GetParametersByPath", Mode: Read,
		Questions: []Question{
			{
				Action: "ssm:GetParametersByPath", Target: theParameter, Resource: parameterARN,
				Keys: []Key{tagsOfTarget, ssmTagsOfTarget, {"ssm:Recursive", FromService, "true or false, also where the input says nothing"}},
			},
			decryptsSecure,
		},
		Source: ssmAPI + "GetParametersByPath.html",
	},
	onParameter("GetParameterHistory", Read, decryptsSecure),
	onParameter("LabelParameterVersion", Write),
	onParameter("UnlabelParameterVersion", Write),
	onParameter("DeleteParameter", Write),
	onParameters("DeleteParameters", Write),
	{
		Service: "ssm", Name: "DescribeParameters", Mode: Read,
		Questions: []Question{{
			Action: "ssm:DescribeParameters", Resource: everything, Shown: "arn:${Partition}:ssm:${Region}:${Account}:*",
		}},
		Source: ssmAPI + "DescribeParameters.html",
	},
	{
		Service: "ssm", Name: "AddTagsToResource", Mode: Write,
		Questions: []Question{{
			Action: "ssm:AddTagsToResource", Target: theParameter, Resource: parameterARN,
			Keys: []Key{tagsOfTarget, ssmTagsOfTarget, tagsInRequest, tagKeysInRequest},
		}},
		Source: ssmAPI + "AddTagsToResource.html",
	},
	{
		Service: "ssm", Name: "RemoveTagsFromResource", Mode: Write,
		Questions: []Question{{
			Action: "ssm:RemoveTagsFromResource", Target: theParameter, Resource: parameterARN,
			Keys: []Key{tagsOfTarget, ssmTagsOfTarget, {"aws:TagKeys", FromInput, "TagKeys"}},
		}},
		Source: ssmAPI + "RemoveTagsFromResource.html",
	},
	onParameter("ListTagsForResource", Read),
}
