package operation

var (
	theMapping       = Target{Kind: EventSourceMapping, Member: "UUID", Named: ByID}
	theSigningConfig = Target{Kind: CodeSigningConfig, Member: "CodeSigningConfigArn", Named: ByARN}

	mappedFunction = Key{"lambda:FunctionArn", FromService, "the ARN of the function"}
	urlAuthType    = Key{"lambda:FunctionUrlAuthType", FromService, "AuthType of the input, or of the function URL"}
)

// lambdaSettingRows are the calls of AWS Lambda that read, list, publish and set, and widen nothing.
var lambdaSettingRows = [...]Row{
	onFunction(Read, "GetFunction"),
	onFunction(Read, "GetFunctionConfiguration"),
	onLambda(Read, "ListFunctions"),
	onFunction(Write, "DeleteFunction"),
	onFunction(Write, "PublishVersion"),
	onFunction(Read, "ListVersionsByFunction"),
	onFunction(Write, "CreateAlias"),
	onFunction(Read, "GetAlias"),
	onFunction(Read, "ListAliases"),
	onFunction(Write, "UpdateAlias"),
	onFunction(Write, "DeleteAlias"),
	onFunction(Read, "GetPolicy"),
	onFunction(Read, "GetFunctionConcurrency"),
	onFunction(Write, "PutFunctionConcurrency"),
	onFunction(Write, "DeleteFunctionConcurrency"),
	onFunction(Write, "PutFunctionEventInvokeConfig"),
	onFunction(Write, "UpdateFunctionEventInvokeConfig"),
	onFunction(Read, "GetFunctionEventInvokeConfig"),
	onFunction(Write, "DeleteFunctionEventInvokeConfig"),
	onFunction(Read, "ListFunctionEventInvokeConfigs"),
	onFunction(Read, "GetRuntimeManagementConfig"),
	onFunction(Write, "PutRuntimeManagementConfig"),
	onFunction(Read, "GetFunctionRecursionConfig"),
	onFunction(Write, "PutFunctionRecursionConfig"),
	onFunction(Read, "GetFunctionCodeSigningConfig"),
	onFunction(Write, "DeleteFunctionCodeSigningConfig"),
	onFunction(Read, "ListProvisionedConcurrencyConfigs"),
	onLambda(Read, "GetAccountSettings"),
	{
		Service: "lambda", Name: "ListTags", Mode: Read,
		Questions: []Question{{Action: "lambda:ListTags", Target: taggedByLambda, Resource: "${Resource}", Keys: tags, Policy: EntityPolicy}},
		Source:    lambdaAPI + "ListTags.html",
	},

	onResource(Write, "PublishLayerVersion", theLayer, layerARN),
	onResource(Read, "GetLayerVersion", theLayerVersion, layerVersionARN),
	onResource(Read, "GetLayerVersionPolicy", theLayerVersion, layerVersionARN),
	onResource(Write, "DeleteLayerVersion", theLayerVersion, layerVersionARN),
	onResource(Write, "RemoveLayerVersionPermission", theLayerVersion, layerVersionARN),
	onLambda(Read, "ListLayers"),
	onLambda(Read, "ListLayerVersions"),
	{
		Service: "lambda", Name: "GetLayerVersionByArn", Mode: Read,
		Questions: []Question{{
			Action: "lambda:GetLayerVersion", Target: Target{Kind: LayerVersion, Member: "Arn", Named: ByARN}, Resource: "${Arn}",
			Policy: EntityPolicy,
		}},
		Source: lambdaAPI + "GetLayerVersionByArn.html",
	},

	onFunction(Write, "CreateFunctionUrlConfig", mappedFunction, urlAuthType),
	onFunction(Write, "UpdateFunctionUrlConfig", mappedFunction, urlAuthType),
	onFunction(Read, "GetFunctionUrlConfig", mappedFunction, urlAuthType),
	onFunction(Write, "DeleteFunctionUrlConfig", mappedFunction, urlAuthType),
	onFunction(Read, "ListFunctionUrlConfigs", urlAuthType),
	onLambda(Write, "CreateEventSourceMapping", Key{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, Key{"aws:TagKeys", FromInput, "Tags"},
		mappedFunction),
	onResource(Write, "UpdateEventSourceMapping", theMapping, mappingARN, tagsOfTarget, mappedFunction),
	onResource(Read, "GetEventSourceMapping", theMapping, mappingARN, tagsOfTarget, mappedFunction),
	onResource(Write, "DeleteEventSourceMapping", theMapping, mappingARN, tagsOfTarget, mappedFunction),
	onLambda(Read, "ListEventSourceMappings"),
	onLambda(Read, "ListCodeSigningConfigs"),
	onResource(Read, "GetCodeSigningConfig", theSigningConfig, "${CodeSigningConfigArn}", tagsOfTarget),
}
