package wire

// A Protocol is a way of spelling requests and answers. The zero Protocol is unknown.
type Protocol uint8

// The protocols, named as in the AWS API models.
const (
	AWSQuery  Protocol = iota + 1 // form body with Action and Version, XML answer: IAM, STS
	EC2Query                      // the same with EC2's own lists and errors
	AWSJSON10                     // X-Amz-Target, application/x-amz-json-1.0: DynamoDB
	AWSJSON11                     // X-Amz-Target, application/x-amz-json-1.1: KMS, Cognito
	RestJSON                      // method and path, JSON: Lambda
	RestXML                       // method and path, XML: S3
)

var protocolNames = [...]string{"unknown", "awsQuery", "ec2Query", "awsJson1.0", "awsJson1.1", "restJson1", "restXml"}

// String returns the protocol's name in the AWS API models, or "unknown".
func (p Protocol) String() string {
	if int(p) >= len(protocolNames) {
		p = 0
	}
	return protocolNames[p]
}
