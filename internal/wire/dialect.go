package wire

import "strings"

// A Dialect is how one service spells: its protocol and the names that the protocol leaves to the service.
type Dialect struct {
	// Service is the name in credential scopes.
	Service string
	// Protocol is the protocol of its clients.
	Protocol Protocol
	// Version is the API version that query requests carry.
	Version string
	// Namespace is the XML namespace of its answers.
	Namespace string
	// TargetPrefix stands before the dot in X-Amz-Target.
	TargetPrefix string
	// ErrorPrefix stands before the # in the __type of its modelled JSON errors; empty means that the bare code is written.
	ErrorPrefix string
}

// dialects are the services whose requests are recognised, from the metadata of their API models.
var dialects = [...]Dialect{
	{
		Service: "iam", Protocol: AWSQuery, Version: "2010-05-08", Namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
	}, {
		Service: "sts", Protocol: AWSQuery, Version: "2011-06-15", Namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
	}, {
		Service: "ec2", Protocol: EC2Query, Version: "2016-11-15", Namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
	}, {
		Service: "s3", Protocol: RestXML, Version: "2006-03-01", Namespace: "http://s3.amazonaws.com/doc/2006-03-01/",
	}, {
		Service: "dynamodb", Protocol: AWSJSON10, Version: "2012-08-10", TargetPrefix: "DynamoDB_20120810",
		ErrorPrefix: "com.amazonaws.dynamodb.v20120810",
	}, {
		Service: "lambda", Protocol: RestJSON, Version: "2015-03-31",
	}, {
		Service: "scheduler", Protocol: RestJSON, Version: "2021-06-30",
	}, {
		Service: "bedrock-agentcore", Protocol: RestJSON, Version: "2023-06-05",
	}, {
		Service: "cloudformation", Protocol: AWSQuery, Version: "2010-05-15",
		Namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
	}, {
		Service: "sns", Protocol: AWSQuery, Version: "2010-03-31", Namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
	}, {
		Service: "sqs", Protocol: AWSJSON10, Version: "2012-11-05", TargetPrefix: "AmazonSQS", ErrorPrefix: "com.amazonaws.sqs",
	}, {
		Service: "kms", Protocol: AWSJSON11, Version: "2014-11-01", TargetPrefix: "TrentService",
	}, {
		Service: "secretsmanager", Protocol: AWSJSON11, Version: "2017-10-17", TargetPrefix: "secretsmanager",
	}, {
		Service: "ssm", Protocol: AWSJSON11, Version: "2014-11-06", TargetPrefix: "AmazonSSM",
	}, {
		Service: "logs", Protocol: AWSJSON11, Version: "2014-03-28", TargetPrefix: "Logs_20140328",
	}, {
		Service: "organizations", Protocol: AWSJSON11, Version: "2016-11-28", TargetPrefix: "AWSOrganizationsV20161128",
	}, {
		Service: "cloudtrail", Protocol: AWSJSON11, Version: "2013-11-01",
		TargetPrefix: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
	}, {
		Service: "cognito-idp", Protocol: AWSJSON11, Version: "2016-04-18", TargetPrefix: "AWSCognitoIdentityProviderService",
	}, {
		Service: "cognito-identity", Protocol: AWSJSON11, Version: "2014-06-30", TargetPrefix: "AWSCognitoIdentityService",
	},
}

// DialectOf returns the dialect of a service by its name in credential scopes, spelled exactly, and whether it is known.
func DialectOf(service string) (Dialect, bool) {
	for i := range dialects {
		if dialects[i].Service == service {
			return dialects[i], true
		}
	}
	return Dialect{}, false
}

// dialectOfTarget finds the service of an X-Amz-Target header and the operation in it.
func dialectOfTarget(target string) (d *Dialect, operation string) {
	dot := strings.LastIndexByte(target, '.')
	if dot < 0 {
		return nil, ""
	}
	for i := range dialects {
		// Some SDKs leave the namespace of the API model out: CloudTrail_20131101.LookupEvents.
		if p := dialects[i].TargetPrefix; p != "" && (p == target[:dot] || strings.HasSuffix(p, "."+target[:dot])) {
			return &dialects[i], target[dot+1:]
		}
	}
	return nil, ""
}

// dialectOfVersion finds the query service of an API version: a query request without a signature says no more.
func dialectOfVersion(version string) *Dialect {
	for i := range dialects {
		if p := dialects[i].Protocol; (p == AWSQuery || p == EC2Query) && dialects[i].Version == version {
			return &dialects[i]
		}
	}
	return nil
}
