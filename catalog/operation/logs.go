package operation

const (
	logsAPI = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_"

	// What is judged about a log group is the ARN of a stream in it that has no name, which is why policies on groups end in :* ("CloudWatch
	// Logs resources and operations", CloudWatch Logs User Guide: the second version of the ARN). Recorded for CreateLogGroup in
	// elastic/apm-aws-lambda#526, for DescribeLogGroups in hashicorp/terraform-provider-aws#8804. Calls that tag by ARN are judged on that.
	logGroupARN      = "arn:${Partition}:logs:${Region}:${Account}:log-group:${logGroupName}:log-stream:"
	namedLogGroupARN = "arn:${Partition}:logs:${Region}:${Account}:log-group:${Service.LogGroup}:log-stream:"
)

// The kinds of CloudWatch Logs. A stream has the tags of its group.
const (
	LogGroup  Kind = "log-group"
	LogStream Kind = "log-stream"
)

var (
	theLogGroup  = Target{Kind: LogGroup, Member: "logGroupName", Named: ByName}
	theLogStream = Target{Kind: LogStream, Member: "logStreamName", Named: ByName, In: "logGroupName"}

	// Of calls that name the group by its name or by its ARN.
	namedLogGroup  = Target{Kind: LogGroup, Member: "Service.LogGroup", Named: ByName}
	namedLogStream = Target{Kind: LogStream, Member: "logStreamName", Named: ByName, In: "Service.LogGroup"}
	taggedLogGroup = Target{Kind: LogGroup, Member: "resourceArn", Named: ByARN}
)

// The tags of these calls are a map.
var (
	logsTagsInRequest   = Key{"aws:RequestTag/${TagKey}", FromService, "Service.RequestTags"}
	logsTagKeysOfTags   = Key{"aws:TagKeys", FromService, "Service.RequestTags"}
	logsTagsOfTheNew    = Key{"aws:ResourceTag/${TagKey}", FromService, "Service.RequestTags"}
	createLogGroupKeys  = []Key{logsTagsInRequest, logsTagKeysOfTags, logsTagsOfTheNew}
	changeLogGroupsTags = []Key{tagsOfTarget, logsTagsInRequest, logsTagKeysOfTags}
)

// unmasks is asked of who wants to see what a data protection policy hides.
var unmasks = Question{Action: "logs:Unmask", When: []string{"unmask"}, Target: namedLogGroup, Resource: namedLogGroupARN, Keys: tags}

// onLogGroup is the row of a call on a group that is named by its name.
func onLogGroup(name string, mode Mode) Row {
	return Row{
		Service: "logs", Name: name, Mode: mode,
		Questions: []Question{{Action: "logs:" + name, Target: theLogGroup, Resource: logGroupARN, Keys: tags}},
		Source:    logsAPI + name + ".html",
	}
}

// onLogStream is the row of a call on a stream.
func onLogStream(name string, mode Mode, data bool) Row {
	return Row{
		Service: "logs", Name: name, Mode: mode, Data: data,
		Questions: []Question{{Action: "logs:" + name, Target: theLogStream, Resource: logGroupARN + "${logStreamName}", Keys: tags}},
		Source:    logsAPI + name + ".html",
	}
}

// logsRows are calls of Amazon CloudWatch Logs. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html.
var logsRows = [...]Row{
	// Tags need one of two actions more, and are refused in words of their own (API reference, CreateLogGroup, tags; the words in
	// DataDog/cloudformation-template#61).
	{
		Service: "logs", Name: "CreateLogGroup", Mode: Write,
		Questions: []Question{
			{Action: "logs:CreateLogGroup", Resource: logGroupARN, Keys: createLogGroupKeys},
			{
				Action: "logs:TagResource", When: []string{"Service.Tagged"}, Soft: true,
				Resource: "arn:${Partition}:logs:${Region}:${Account}:log-group:${logGroupName}", Keys: createLogGroupKeys,
			},
			{Action: "logs:TagLogGroup", When: []string{"Service.Tagged"}, Soft: true, Resource: logGroupARN, Keys: createLogGroupKeys},
		},
		Source: logsAPI + "CreateLogGroup.html",
	},
	onLogGroup("DeleteLogGroup", Write),
	{
		Service: "logs", Name: "DescribeLogGroups", Mode: Read,
		Questions: []Question{{
			Action: "logs:DescribeLogGroups", Resource: "arn:${Partition}:logs:${Region}:${Account}:log-group::log-stream:",
		}},
		Source: logsAPI + "DescribeLogGroups.html",
	},
	onLogGroup("PutRetentionPolicy", Write),
	onLogGroup("DeleteRetentionPolicy", Write),
	{
		Service: "logs", Name: "PutLogGroupDeletionProtection", Mode: Write,
		Questions: []Question{{
			Action: "logs:PutLogGroupDeletionProtection", Target: namedLogGroup, Resource: namedLogGroupARN, Keys: tags,
		}},
		Source: logsAPI + "PutLogGroupDeletionProtection.html",
	},
	onLogStream("CreateLogStream", Write, false),
	onLogStream("DeleteLogStream", Write, false),
	{
		Service: "logs", Name: "DescribeLogStreams", Mode: Read,
		Questions: []Question{{
			Action: "logs:DescribeLogStreams", Target: namedLogGroup, Resource: namedLogGroupARN, Keys: tags,
		}},
		Source: logsAPI + "DescribeLogStreams.html",
	},
	onLogStream("PutLogEvents", Write, true),
	{
		Service: "logs", Name: "GetLogEvents", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "logs:GetLogEvents", Target: namedLogStream, Resource: namedLogGroupARN + "${logStreamName}", Keys: tags,
		}, unmasks},
		Source: logsAPI + "GetLogEvents.html",
	},
	{
		Service: "logs", Name: "FilterLogEvents", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "logs:FilterLogEvents", Target: namedLogGroup, Resource: namedLogGroupARN, Keys: tags,
		}, unmasks},
		Source: logsAPI + "FilterLogEvents.html",
	},
	{
		Service: "logs", Name: "StartLiveTail", Mode: Long, Data: true,
		Questions: []Question{{
			Action: "logs:StartLiveTail", Each: "logGroupIdentifiers", Target: Target{Kind: LogGroup, Member: "Element", Named: ByARN},
			Resource: "${Element}", Keys: tags,
		}},
		Source: logsAPI + "StartLiveTail.html",
	},
	{
		Service: "logs", Name: "TagResource", Mode: Write,
		Questions: []Question{{
			Action: "logs:TagResource", Target: taggedLogGroup, Resource: "${resourceArn}", Keys: changeLogGroupsTags,
		}},
		Source: logsAPI + "TagResource.html",
	},
	{
		Service: "logs", Name: "UntagResource", Mode: Write,
		Questions: []Question{{
			Action: "logs:UntagResource", Target: taggedLogGroup, Resource: "${resourceArn}",
			Keys: []Key{tagsOfTarget, {"aws:TagKeys", FromInput, "tagKeys"}},
		}},
		Source: logsAPI + "UntagResource.html",
	},
	{
		Service: "logs", Name: "ListTagsForResource", Mode: Read,
		Questions: []Question{{
			Action: "logs:ListTagsForResource", Target: taggedLogGroup, Resource: "${resourceArn}", Keys: tags,
		}},
		Source: logsAPI + "ListTagsForResource.html",
	},
	{
		Service: "logs", Name: "TagLogGroup", Mode: Write,
		Questions: []Question{{
			Action: "logs:TagLogGroup", Target: theLogGroup, Resource: logGroupARN, Keys: changeLogGroupsTags,
		}},
		Source: logsAPI + "TagLogGroup.html",
	},
	{
		Service: "logs", Name: "UntagLogGroup", Mode: Write,
		Questions: []Question{{
			Action: "logs:UntagLogGroup", Target: theLogGroup, Resource: logGroupARN,
			Keys: []Key{tagsOfTarget, {"aws:TagKeys", FromInput, "tags"}},
		}},
		Source: logsAPI + "UntagLogGroup.html",
	},
	onLogGroup("ListTagsLogGroup", Read),
}
