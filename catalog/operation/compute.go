package operation

// computeRows are calls of further services that put a role to work, or that steer what already holds one: the ways from a
// permission on compute to the permissions of a role. They carry the keys that can fence them, not every key there is.
var computeRows = [...]Row{
	{
		Service: "glue", Name: "CreateJob", Mode: Write,
		Questions: []Question{
			{
				Action: "glue:CreateJob", Resource: "arn:${Partition}:glue:${Region}:${Account}:job/${Name}",
				Keys: []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "Role", Named: ByNameOrARN},
				Resource: iamARN + "role/${Role}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "glue.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "Role", With: "glue.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "Role", With: "glue.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html",
	},
	{
		Service: "glue", Name: "UpdateJob", Mode: Write,
		Questions: []Question{
			{
				Action: "glue:UpdateJob", Target: Target{Kind: Job, Member: "JobName", Named: ByName},
				Resource: "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}", Keys: tags,
			},
			{
				Action: "iam:PassRole", When: []string{"JobUpdate.Role"},
				Target:   Target{Kind: Role, Member: "JobUpdate.Role", Named: ByNameOrARN},
				Resource: iamARN + "role/${JobUpdate.Role}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "glue.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{{Precondition: Trusts, Entity: Role, Member: "JobUpdate.Role", With: "glue.amazonaws.com"}},
		Effects: []Effect{
			{Change: Steers, Entity: Job, Member: "JobName"},
			{Change: RunsAs, Entity: Role, Member: "JobUpdate.Role", With: "glue.amazonaws.com", When: "JobUpdate.Role"},
		},
		Mitigation: "Scope to jobs by name, and iam:PassRole to a path under which every role is bounded.",
		Source:     "https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateJob.html",
	},
	{
		Service: "glue", Name: "CreateDevEndpoint", Mode: Write,
		Questions: []Question{
			{
				Action: "glue:CreateDevEndpoint", Resource: everything,
				Keys: []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "RoleArn", Named: ByARN},
				Resource: "${RoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "glue.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "RoleArn", With: "glue.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "RoleArn", With: "glue.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/glue/latest/webapi/API_CreateDevEndpoint.html",
	},
	{
		Service: "codebuild", Name: "CreateProject", Mode: Write,
		Questions: []Question{
			{
				Action:   "codebuild:CreateProject",
				Resource: "arn:${Partition}:codebuild:${Region}:${Account}:project/${name}",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "tags"}, {"aws:TagKeys", FromInput, "tags"}},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "serviceRole", Named: ByARN},
				Resource: "${serviceRole}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "codebuild.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "serviceRole", With: "codebuild.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "serviceRole", With: "codebuild.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html",
	},
	// The build can override its source and its commands, and so says what the project's role does.
	{
		Service: "codebuild", Name: "StartBuild", Mode: Write,
		Questions: []Question{
			{
				Action:   "codebuild:StartBuild",
				Target:   Target{Kind: Project, Member: "projectName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:codebuild:${Region}:${Account}:project/${projectName}", Keys: tags,
			},
			{
				Action: "iam:PassRole", When: []string{"serviceRoleOverride"},
				Target:   Target{Kind: Role, Member: "serviceRoleOverride", Named: ByARN},
				Resource: "${serviceRoleOverride}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "codebuild.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "serviceRoleOverride", With: "codebuild.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: Steers, Entity: Project, Member: "projectName"},
			{Change: RunsAs, Entity: Role, Member: "serviceRoleOverride", With: "codebuild.amazonaws.com", When: "serviceRoleOverride"},
		},
		Mitigation: "Scope to projects by name, and iam:PassRole to a path under which every role is bounded.",
		Source:     "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html",
	},
	{
		Service: "ecs", Name: "RegisterTaskDefinition", Mode: Write,
		Questions: []Question{
			{
				Action:   "ecs:RegisterTaskDefinition",
				Resource: "arn:${Partition}:ecs:${Region}:${Account}:task-definition/${family}:*",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "tags"}, {"aws:TagKeys", FromInput, "tags"}},
			},
			{
				Action: "iam:PassRole", When: []string{"taskRoleArn"},
				Target: Target{Kind: Role, Member: "taskRoleArn", Named: ByARN}, Resource: "${taskRoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "ecs-tasks.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
			{
				Action: "iam:PassRole", When: []string{"executionRoleArn"},
				Target: Target{Kind: Role, Member: "executionRoleArn", Named: ByARN}, Resource: "${executionRoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "ecs-tasks.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{{Precondition: Trusts, Entity: Role, Member: "taskRoleArn", With: "ecs-tasks.amazonaws.com"}},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "taskRoleArn", With: "ecs-tasks.amazonaws.com", When: "taskRoleArn"},
			{Change: RunsAs, Entity: Role, Member: "executionRoleArn", With: "ecs-tasks.amazonaws.com", When: "executionRoleArn"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
	},
	// The roles are those of the task definition and of the overrides.
	{
		Service: "ecs", Name: "RunTask", Mode: Write,
		Questions: []Question{
			{
				Action:   "ecs:RunTask",
				Target:   Target{Kind: TaskDefinition, Member: "taskDefinition", Named: ByNameOrARN},
				Resource: "arn:${Partition}:ecs:${Region}:${Account}:task-definition/${Service.Family}:${Service.Revision}",
				Keys: []Key{
					{"aws:RequestTag/${TagKey}", FromInput, "tags"}, {"aws:TagKeys", FromInput, "tags"}, tagsOfTarget,
				},
			},
			{
				Action: "iam:PassRole", Each: "Service.TaskRoles",
				Target: Target{Kind: Role, Member: "Element", Named: ByARN}, Resource: "${Element}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "ecs-tasks.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.TaskRoles", With: "ecs-tasks.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.TaskRoles", With: "ecs-tasks.amazonaws.com"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html",
	},
	{
		Service: "ecs", Name: "CreateService", Mode: Write,
		Questions: []Question{
			{
				Action:   "ecs:CreateService",
				Resource: "arn:${Partition}:ecs:${Region}:${Account}:service/${Service.ClusterName}/${serviceName}",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "tags"}, {"aws:TagKeys", FromInput, "tags"}},
			},
			{
				Action: "iam:PassRole", Each: "Service.TaskRoles",
				Target: Target{Kind: Role, Member: "Element", Named: ByARN}, Resource: "${Element}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "ecs-tasks.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.TaskRoles", With: "ecs-tasks.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.TaskRoles", With: "ecs-tasks.amazonaws.com"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
	},
	{
		Service: "sagemaker", Name: "CreateNotebookInstance", Mode: Write,
		Questions: []Question{
			{
				Action:   "sagemaker:CreateNotebookInstance",
				Resource: "arn:${Partition}:sagemaker:${Region}:${Account}:notebook-instance/${NotebookInstanceName}",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "RoleArn", Named: ByARN},
				Resource: "${RoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "sagemaker.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "RoleArn", With: "sagemaker.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "RoleArn", With: "sagemaker.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html",
	},
	{
		Service: "sagemaker", Name: "CreateTrainingJob", Mode: Write,
		Questions: []Question{
			{
				Action:   "sagemaker:CreateTrainingJob",
				Resource: "arn:${Partition}:sagemaker:${Region}:${Account}:training-job/${TrainingJobName}",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "RoleArn", Named: ByARN},
				Resource: "${RoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "sagemaker.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "RoleArn", With: "sagemaker.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "RoleArn", With: "sagemaker.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
	},
	{
		Service: "sagemaker", Name: "CreateProcessingJob", Mode: Write,
		Questions: []Question{
			{
				Action:   "sagemaker:CreateProcessingJob",
				Resource: "arn:${Partition}:sagemaker:${Region}:${Account}:processing-job/${ProcessingJobName}",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "RoleArn", Named: ByARN},
				Resource: "${RoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "sagemaker.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "RoleArn", With: "sagemaker.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "RoleArn", With: "sagemaker.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html",
	},
	{
		Service: "sagemaker", Name: "UpdateNotebookInstanceLifecycleConfig", Mode: Write,
		Questions: []Question{{
			Action:   "sagemaker:UpdateNotebookInstanceLifecycleConfig",
			Resource: "arn:${Partition}:sagemaker:${Region}:${Account}:notebook-instance-lifecycle-config/${NotebookInstanceLifecycleConfigName}",
		}},
		Effects:    []Effect{{Change: Steers, Entity: LifecycleConfig, Member: "NotebookInstanceLifecycleConfigName"}},
		Mitigation: "Scope to resources by a name or tag that the delegate cannot write; iam:PassRole is not asked.",
		Source:     "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateNotebookInstanceLifecycleConfig.html",
	},
	// The roles stand in the fields role and resourceRole of the pipeline's objects.
	{
		Service: "datapipeline", Name: "PutPipelineDefinition", Mode: Write,
		Questions: []Question{
			{
				Action:   "datapipeline:PutPipelineDefinition",
				Target:   Target{Kind: Pipeline, Member: "pipelineId", Named: ByID},
				Resource: "arn:${Partition}:datapipeline:${Region}:${Account}:pipeline/${pipelineId}", Keys: tags,
			},
			{
				Action: "iam:PassRole", Each: "Service.Roles",
				Target:   Target{Kind: Role, Member: "Element", Named: ByNameOrARN},
				Resource: iamARN + "role/${Element}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "datapipeline.amazonaws.com"}, tagsOfTarget,
					iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.Roles", With: "datapipeline.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.Roles", With: "datapipeline.amazonaws.com"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/datapipeline/latest/APIReference/API_PutPipelineDefinition.html",
	},
	{
		Service: "apprunner", Name: "CreateService", Mode: Write,
		Questions: []Question{
			{
				Action:   "apprunner:CreateService",
				Resource: "arn:${Partition}:apprunner:${Region}:${Account}:service/${ServiceName}/*",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}},
			},
			{
				Action: "iam:PassRole", When: []string{"InstanceConfiguration.InstanceRoleArn"},
				Target:   Target{Kind: Role, Member: "InstanceConfiguration.InstanceRoleArn", Named: ByARN},
				Resource: "${InstanceConfiguration.InstanceRoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "tasks.apprunner.amazonaws.com"}, tagsOfTarget,
					iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "InstanceConfiguration.InstanceRoleArn", With: "tasks.apprunner.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "InstanceConfiguration.InstanceRoleArn", With: "tasks.apprunner.amazonaws.com", When: "InstanceConfiguration.InstanceRoleArn"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/apprunner/latest/api/API_CreateService.html",
	},
	{
		Service: "bedrock-agentcore", Name: "CreateCodeInterpreter", Mode: Write,
		Questions: []Question{
			{
				Action: "bedrock-agentcore:CreateCodeInterpreter", Resource: everything,
				Keys: []Key{{"aws:RequestTag/${TagKey}", FromInput, "tags"}, {"aws:TagKeys", FromInput, "tags"}},
			},
			{
				Action: "iam:PassRole", When: []string{"executionRoleArn"},
				Target: Target{Kind: Role, Member: "executionRoleArn", Named: ByARN}, Resource: "${executionRoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "bedrock-agentcore.amazonaws.com"}, tagsOfTarget,
					iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "executionRoleArn", With: "bedrock-agentcore.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "executionRoleArn", With: "bedrock-agentcore.amazonaws.com", When: "executionRoleArn"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateCodeInterpreter.html",
	},
	{
		Service: "states", Name: "CreateStateMachine", Mode: Write,
		Questions: []Question{
			{
				Action:   "states:CreateStateMachine",
				Resource: "arn:${Partition}:states:${Region}:${Account}:stateMachine:${name}",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "tags"}, {"aws:TagKeys", FromInput, "tags"}},
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "roleArn", Named: ByARN},
				Resource: "${roleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "states.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards:     []Guard{{Precondition: Trusts, Entity: Role, Member: "roleArn", With: "states.amazonaws.com"}},
		Effects:    []Effect{{Change: RunsAs, Entity: Role, Member: "roleArn", With: "states.amazonaws.com"}},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html",
	},
	// The role is Target.RoleArn of the input, a name that here means the stored target.
	{
		Service: "scheduler", Name: "CreateSchedule", Mode: Write,
		Questions: []Question{
			{
				Action:   "scheduler:CreateSchedule",
				Resource: "arn:${Partition}:scheduler:${Region}:${Account}:schedule/${GroupName|default}/${Name}",
			},
			{
				Action: "iam:PassRole", Target: Target{Kind: Role, Member: "Service.TargetRole", Named: ByARN},
				Resource: "${Service.TargetRole}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "scheduler.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.TargetRole", With: "scheduler.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.TargetRole", With: "scheduler.amazonaws.com"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html",
	},
	// A rule's ARN names the bus only if that is not the default one. The roles are those in Targets.
	{
		Service: "events", Name: "PutTargets", Mode: Write,
		Questions: []Question{
			{
				Action:   "events:PutTargets",
				Target:   Target{Kind: Rule, Member: "Rule", Named: ByName, In: "EventBusName"},
				Resource: "arn:${Partition}:events:${Region}:${Account}:rule/${Service.RuleOnBus}", Keys: tags,
			},
			{
				Action: "iam:PassRole", Each: "Service.TargetRoles",
				Target: Target{Kind: Role, Member: "Element", Named: ByARN}, Resource: "${Element}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "events.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Targets.RoleArn", With: "events.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Targets.RoleArn", With: "events.amazonaws.com", When: "Targets.RoleArn"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html",
	},
	// The role is a parameter of the document, or stands in the document itself.
	{
		Service: "ssm", Name: "StartAutomationExecution", Mode: Write,
		Questions: []Question{
			{
				Action:   "ssm:StartAutomationExecution",
				Target:   Target{Kind: AutomationDefinition, Member: "DocumentName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:ssm:${Region}:${Account}:automation-definition/${DocumentName}:${DocumentVersion|$DEFAULT}",
				Keys:     []Key{{"aws:RequestTag/${TagKey}", FromInput, "Tags"}, {"aws:TagKeys", FromInput, "Tags"}},
			},
			{
				Action: "iam:PassRole", When: []string{"Service.AutomationAssumeRole"},
				Target:   Target{Kind: Role, Member: "Service.AutomationAssumeRole", Named: ByARN},
				Resource: "${Service.AutomationAssumeRole}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "ssm.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{
			{Precondition: Trusts, Entity: Role, Member: "Service.AutomationAssumeRole", With: "ssm.amazonaws.com"},
		},
		Effects: []Effect{
			{Change: RunsAs, Entity: Role, Member: "Service.AutomationAssumeRole", With: "ssm.amazonaws.com", When: "Service.AutomationAssumeRole"},
		},
		Mitigation: "Scope iam:PassRole to a path under which every role is bounded, with iam:PassedToService.",
		Source:     "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html",
	},
	// The instances are those named and those that Targets selects. The role publishes notifications.
	{
		Service: "ssm", Name: "SendCommand", Mode: Write,
		Questions: []Question{
			{
				Action: "ssm:SendCommand", Target: Target{Kind: Document, Member: "DocumentName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:ssm:${Region}:${Account}:document/${DocumentName}",
				Keys:     []Key{tagsOfTarget, {"ssm:resourceTag/${TagKey}", FromTarget, "Tags"}},
			},
			{
				Action: "ssm:SendCommand", Each: "Service.InstanceIds", Target: instanceElement,
				Resource: instanceARN, Keys: []Key{tagsOfTarget, {"ssm:resourceTag/${TagKey}", FromTarget, "Tags"}},
			},
			{
				Action: "iam:PassRole", When: []string{"ServiceRoleArn"},
				Target: Target{Kind: Role, Member: "ServiceRoleArn", Named: ByARN}, Resource: "${ServiceRoleArn}",
				Keys: []Key{
					{"iam:PassedToService", FromConstant, "ssm.amazonaws.com"}, tagsOfTarget, iamTagsOfTarget,
				},
			},
		},
		Guards: []Guard{{Precondition: Trusts, Entity: Role, Member: "ServiceRoleArn", With: "ssm.amazonaws.com"}},
		Effects: []Effect{
			{Change: Steers, Entity: Instance, Member: "Service.InstanceIds"},
			{Change: RunsAs, Entity: Role, Member: "ServiceRoleArn", With: "ssm.amazonaws.com", When: "ServiceRoleArn"},
		},
		Mitigation: "Scope to resources by a name or tag that the delegate cannot write; iam:PassRole is asked for the role of notifications only.",
		Source:     "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html",
	},
	{
		Service: "ssm", Name: "StartSession", Mode: Write,
		Questions: []Question{
			{
				Action: "ssm:StartSession", Target: Target{Kind: Instance, Member: "Target", Named: ByID},
				Resource: "arn:${Partition}:ec2:${Region}:${Account}:instance/${Target}",
				Keys:     []Key{tagsOfTarget, {"ssm:resourceTag/${TagKey}", FromTarget, "Tags"}},
			},
			{
				Action: "ssm:StartSession", When: []string{"DocumentName"},
				Target:   Target{Kind: Document, Member: "DocumentName", Named: ByNameOrARN},
				Resource: "arn:${Partition}:ssm:${Region}:${Account}:document/${DocumentName}",
				Keys:     []Key{tagsOfTarget},
			},
		},
		Effects:    []Effect{{Change: Steers, Entity: Instance, Member: "Target"}},
		Mitigation: "Scope to resources by a name or tag that the delegate cannot write; iam:PassRole is not asked.",
		Source:     "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartSession.html",
	},
	{
		Service: "ec2-instance-connect", Name: "SendSSHPublicKey", Mode: Write,
		Questions: []Question{{
			Action: "ec2-instance-connect:SendSSHPublicKey", Target: theInstance,
			Resource: "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}",
			Keys:     []Key{tagsOfTarget, ec2TagsOfTarget, {"ec2:osuser", FromInput, "InstanceOSUser"}},
		}},
		Effects:    []Effect{{Change: Steers, Entity: Instance, Member: "InstanceId"}},
		Mitigation: "Scope to resources by a name or tag that the delegate cannot write; iam:PassRole is not asked.",
		Source:     "https://docs.aws.amazon.com/ec2-instance-connect/latest/APIReference/API_SendSSHPublicKey.html",
	},
}
