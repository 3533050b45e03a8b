package operation

import "slices"

const (
	lambdaAPI       = "https://docs.aws.amazon.com/lambda/latest/api/API_"
	lambdaARN       = "arn:${Partition}:lambda:${Region}:${Account}:"
	functionARN     = lambdaARN + "function:${FunctionName}"
	layerARN        = lambdaARN + "layer:${LayerName}"
	layerVersionARN = layerARN + ":${VersionNumber}"
	mappingARN      = lambdaARN + "event-source-mapping:${UUID}"
)

// The kinds of AWS Lambda besides functions.
const (
	CodeSigningConfig  Kind = "code signing config"
	EventSourceMapping Kind = "eventSourceMapping"
	Layer              Kind = "layer"
	LayerVersion       Kind = "layerVersion"
)

// A function is named by its name, by its ARN or by a part of that, with or without a qualifier. What is judged is the whole ARN, with
// the qualifier that name or input have (Lambda Developer Guide, "Resources and conditions for Lambda actions").
var (
	theFunction     = Target{Kind: Function, Member: "FunctionName", Named: ByNameOrARN}
	theLayer        = Target{Kind: Layer, Member: "LayerName", Named: ByNameOrARN}
	theLayerVersion = Target{Kind: LayerVersion, Member: "LayerName", Named: ByNameOrARN, In: "VersionNumber"}
	taggedByLambda  = Target{Kind: Function, Member: "Resource", Named: ByARN}
)

var (
	layersInUse              = Key{"lambda:Layer", FromInput, "Layers"}
	vpcOfFunction            = Key{"lambda:VpcIds", FromService, "the VPC of the subnets"}
	subnetsOfFunction        = Key{"lambda:SubnetIds", FromInput, "VpcConfig.SubnetIds"}
	securityGroupsOfFunction = Key{"lambda:SecurityGroupIds", FromInput, "VpcConfig.SecurityGroupIds"}
	grantedPrincipal         = Key{"lambda:Principal", FromInput, "Principal"}
)

// aboutFunction asks for an action on a function, or on one of its versions or aliases.
func aboutFunction(action string, more ...Key) Question {
	return Question{
		Action: action, Target: theFunction, Resource: functionARN, Keys: append(slices.Clip([]Key{tagsOfTarget}), more...),
		Policy: EntityPolicy,
	}
}

// passRoleToLambda asks for the execution role of a function, if one of the names is present.
func passRoleToLambda(when ...string) Question {
	return Question{
		Action: "iam:PassRole", When: when, Target: Target{Kind: Role, Member: "Role", Named: ByARN}, Resource: "${Role}",
		Keys: []Key{
			{"iam:PassedToService", FromConstant, "lambda.amazonaws.com"},
			{"iam:AssociatedResourceArn", FromTemplate, "${Target.ARN}"}, tagsOfTarget, iamTagsOfTarget,
		},
	}
}

// onFunction is the row of a call that asks for the action of its name on a function, and changes nothing about who may do what.
func onFunction(mode Mode, name string, more ...Key) Row {
	return Row{
		Service: "lambda", Name: name, Mode: mode, Questions: []Question{aboutFunction("lambda:"+name, more...)},
		Source: lambdaAPI + name + ".html",
	}
}

// onLambda is the row of a call that asks for the action of its name on anything.
func onLambda(mode Mode, name string, more ...Key) Row {
	return Row{
		Service: "lambda", Name: name, Mode: mode,
		Questions: []Question{{Action: "lambda:" + name, Resource: everything, Shown: everything, Keys: more}},
		Source:    lambdaAPI + name + ".html",
	}
}

// onResource is the row of a call that asks for the action of its name on something that is no function.
func onResource(mode Mode, name string, target Target, resource string, more ...Key) Row {
	q := Question{Action: "lambda:" + name, Target: target, Resource: resource, Keys: more}
	if target.Kind == LayerVersion {
		q.Policy = EntityPolicy
	}
	return Row{Service: "lambda", Name: name, Mode: mode, Questions: []Question{q}, Source: lambdaAPI + name + ".html"}
}
