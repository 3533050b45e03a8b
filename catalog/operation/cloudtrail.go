package operation

// cloudtrailRows are calls of AWS CloudTrail. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html.
var cloudtrailRows = [...]Row{
	{
		Service: "cloudtrail", Name: "LookupEvents", Mode: Read, Unrecorded: true,
		Questions: []Question{{Action: "cloudtrail:LookupEvents", Resource: everything}},
		Source:    "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html",
	},
}
