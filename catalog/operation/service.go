package operation

// A Protocol is the way a service spells requests and answers. The zero Protocol is invalid.
type Protocol uint8

// The protocols of the AWS API models.
const (
	AWSQuery  Protocol = iota + 1 // form body with Action and Version, XML answer: IAM, STS
	EC2Query                      // as AWSQuery, with EC2's own list and error spelling
	AWSJSON10                     // X-Amz-Target and JSON 1.0: DynamoDB
	AWSJSON11                     // X-Amz-Target and JSON 1.1
	RestJSON                      // method and path, JSON: Lambda
	RestXML                       // method and path, XML: S3
)

// String returns the protocol's name in the AWS API models, or "invalid".
func (p Protocol) String() string {
	names := [...]string{"invalid", "awsQuery", "ec2Query", "awsJson1.0", "awsJson1.1", "restJson1", "restXml"}
	if int(p) >= len(names) {
		return names[0]
	}
	return names[p]
}

// A Service is one AWS service as its clients address it.
type Service struct {
	Name         string   // the name in a signature's scope, and Row.Service: "iam"
	Namespace    string   // the prefix of its IAM actions and condition keys, almost always the same word
	Version      string   // the API version that query requests carry and XML namespaces end in: "2010-05-08"
	TargetPrefix string   // what precedes the dot in X-Amz-Target; "" where the protocol has none
	Protocol     Protocol // how its bytes are spelled
	Whole        bool     // every call of its API has a row; what else the catalog has of it are permissions without a call
	Global       bool     // one endpoint for all regions: aws:RequestedRegion is us-east-1 whatever the client signed for
}

// services is sorted by name. Sources: the service model of each API; for Global, "AWS global condition context keys",
// aws:RequestedRegion.
var services = [...]Service{
	{Name: "ambit", Namespace: "ambit", Version: "2026-11-01", Protocol: AWSQuery}, // our own
	{Name: "apprunner", Namespace: "apprunner", Version: "2020-05-15", TargetPrefix: "AppRunner", Protocol: AWSJSON10},
	{Name: "bedrock-agentcore", Namespace: "bedrock-agentcore", Version: "2023-06-05", Protocol: RestJSON},
	{Name: "cloudformation", Namespace: "cloudformation", Version: "2010-05-15", Protocol: AWSQuery},
	{Name: "cloudtrail", Namespace: "cloudtrail", Version: "2013-11-01", TargetPrefix: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", Protocol: AWSJSON11},
	{Name: "codebuild", Namespace: "codebuild", Version: "2016-10-06", TargetPrefix: "CodeBuild_20161006", Protocol: AWSJSON11},
	{Name: "datapipeline", Namespace: "datapipeline", Version: "2012-10-29", TargetPrefix: "DataPipeline", Protocol: AWSJSON11},
	{Name: "dynamodb", Namespace: "dynamodb", Version: "2012-08-10", TargetPrefix: "DynamoDB_20120810", Protocol: AWSJSON10},
	{Name: "ec2", Namespace: "ec2", Version: "2016-11-15", Protocol: EC2Query},
	{Name: "ec2-instance-connect", Namespace: "ec2-instance-connect", Version: "2018-04-02", TargetPrefix: "AWSEC2InstanceConnectService", Protocol: AWSJSON11},
	{Name: "ecr", Namespace: "ecr", Version: "2015-09-21", TargetPrefix: "AmazonEC2ContainerRegistry_V20150921", Protocol: AWSJSON11},
	{Name: "ecs", Namespace: "ecs", Version: "2014-11-13", TargetPrefix: "AmazonEC2ContainerServiceV20141113", Protocol: AWSJSON11},
	{Name: "events", Namespace: "events", Version: "2015-10-07", TargetPrefix: "AWSEvents", Protocol: AWSJSON11},
	{Name: "glue", Namespace: "glue", Version: "2017-03-31", TargetPrefix: "AWSGlue", Protocol: AWSJSON11},
	{Name: "iam", Namespace: "iam", Version: "2010-05-08", Protocol: AWSQuery, Whole: true, Global: true},
	{Name: "kms", Namespace: "kms", Version: "2014-11-01", TargetPrefix: "TrentService", Protocol: AWSJSON11},
	{Name: "lambda", Namespace: "lambda", Version: "2015-03-31", Protocol: RestJSON},
	{Name: "logs", Namespace: "logs", Version: "2014-03-28", TargetPrefix: "Logs_20140328", Protocol: AWSJSON11},
	{Name: "s3", Namespace: "s3", Version: "2006-03-01", Protocol: RestXML},
	{Name: "sagemaker", Namespace: "sagemaker", Version: "2017-07-24", TargetPrefix: "SageMaker", Protocol: AWSJSON11},
	{Name: "scheduler", Namespace: "scheduler", Version: "2021-06-30", Protocol: RestJSON},
	{Name: "secretsmanager", Namespace: "secretsmanager", Version: "2017-10-17", TargetPrefix: "secretsmanager", Protocol: AWSJSON11},
	{Name: "sns", Namespace: "sns", Version: "2010-03-31", Protocol: AWSQuery},
	{Name: "sqs", Namespace: "sqs", Version: "2012-11-05", TargetPrefix: "AmazonSQS", Protocol: AWSJSON10},
	{Name: "ssm", Namespace: "ssm", Version: "2014-11-06", TargetPrefix: "AmazonSSM", Protocol: AWSJSON11},
	{Name: "states", Namespace: "states", Version: "2016-11-23", TargetPrefix: "AWSStepFunctions", Protocol: AWSJSON10},
	{Name: "sts", Namespace: "sts", Version: "2011-06-15", Protocol: AWSQuery, Whole: true},
}

// Services returns every service that has rows, sorted by name.
func Services() []Service { return append([]Service(nil), services[:]...) }

// FindService returns the service of that name, spelled exactly, and whether there is one.
func FindService(name string) (Service, bool) {
	for _, s := range services {
		if s.Name == name {
			return s, true
		}
	}
	return Service{}, false
}
