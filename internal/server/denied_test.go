package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// s3Requests is how S3's operations are asked for. A row that is missing here fails the test.
var s3Requests = map[string]request{
	"ListBuckets":       {method: "GET", path: "/"},
	"CreateBucket":      {method: "PUT", path: "/some-bucket"},
	"HeadBucket":        {method: "HEAD", path: "/some-bucket"},
	"DeleteBucket":      {method: "DELETE", path: "/some-bucket"},
	"GetBucketLocation": {method: "GET", path: "/some-bucket?location"},
	"ListObjects":       {method: "GET", path: "/some-bucket"},
	"ListObjectsV2":     {method: "GET", path: "/some-bucket?list-type=2"},
	"PostObject": {method: "POST", path: "/some-bucket", header: map[string]string{"Content-Type": "multipart/form-data; boundary=b"},
		body: "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nkey\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ntext\r\n--b--\r\n"},
	"PutObject":                          {method: "PUT", path: "/some-bucket/key", body: "text"},
	"GetObject":                          {method: "GET", path: "/some-bucket/key"},
	"HeadObject":                         {method: "HEAD", path: "/some-bucket/key"},
	"DeleteObject":                       {method: "DELETE", path: "/some-bucket/key"},
	"PutBucketPolicy":                    {method: "PUT", path: "/some-bucket?policy", body: "{}"},
	"CopyObject":                         {method: "PUT", path: "/some-bucket/key", header: map[string]string{"X-Amz-Copy-Source": "some-bucket/other"}},
	"DeleteObjects":                      {method: "POST", path: "/some-bucket?delete", body: "<Delete><Object><Key>key</Key></Object></Delete>", header: map[string]string{"Content-Md5": "VUxjCEXWiErKatrg6+J0xA=="}},
	"GetObjectTagging":                   {method: "GET", path: "/some-bucket/key?tagging"},
	"PutObjectTagging":                   {method: "PUT", path: "/some-bucket/key?tagging", body: "<Tagging><TagSet/></Tagging>"},
	"DeleteObjectTagging":                {method: "DELETE", path: "/some-bucket/key?tagging"},
	"ListObjectVersions":                 {method: "GET", path: "/some-bucket?versions"},
	"CreateMultipartUpload":              {method: "POST", path: "/some-bucket/key?uploads"},
	"UploadPart":                         {method: "PUT", path: "/some-bucket/key?partNumber=1&uploadId=u", body: "text"},
	"UploadPartCopy":                     {method: "PUT", path: "/some-bucket/key?partNumber=1&uploadId=u", header: map[string]string{"X-Amz-Copy-Source": "some-bucket/other"}},
	"CompleteMultipartUpload":            {method: "POST", path: "/some-bucket/key?uploadId=u", body: "<CompleteMultipartUpload><Part><ETag>e</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>"},
	"AbortMultipartUpload":               {method: "DELETE", path: "/some-bucket/key?uploadId=u"},
	"ListParts":                          {method: "GET", path: "/some-bucket/key?uploadId=u"},
	"ListMultipartUploads":               {method: "GET", path: "/some-bucket?uploads"},
	"GetBucketPolicy":                    {method: "GET", path: "/some-bucket?policy"},
	"DeleteBucketPolicy":                 {method: "DELETE", path: "/some-bucket?policy"},
	"GetBucketPolicyStatus":              {method: "GET", path: "/some-bucket?policyStatus"},
	"GetPublicAccessBlock":               {method: "GET", path: "/some-bucket?publicAccessBlock"},
	"PutPublicAccessBlock":               {method: "PUT", path: "/some-bucket?publicAccessBlock", body: "<PublicAccessBlockConfiguration/>"},
	"DeletePublicAccessBlock":            {method: "DELETE", path: "/some-bucket?publicAccessBlock"},
	"GetBucketVersioning":                {method: "GET", path: "/some-bucket?versioning"},
	"PutBucketVersioning":                {method: "PUT", path: "/some-bucket?versioning", body: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"},
	"GetBucketTagging":                   {method: "GET", path: "/some-bucket?tagging"},
	"PutBucketTagging":                   {method: "PUT", path: "/some-bucket?tagging", body: "<Tagging><TagSet/></Tagging>"},
	"DeleteBucketTagging":                {method: "DELETE", path: "/some-bucket?tagging"},
	"GetBucketCors":                      {method: "GET", path: "/some-bucket?cors"},
	"PutBucketCors":                      {method: "PUT", path: "/some-bucket?cors", body: "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>"},
	"DeleteBucketCors":                   {method: "DELETE", path: "/some-bucket?cors"},
	"GetBucketEncryption":                {method: "GET", path: "/some-bucket?encryption"},
	"PutBucketEncryption":                {method: "PUT", path: "/some-bucket?encryption", body: "<ServerSideEncryptionConfiguration/>"},
	"DeleteBucketEncryption":             {method: "DELETE", path: "/some-bucket?encryption"},
	"GetBucketOwnershipControls":         {method: "GET", path: "/some-bucket?ownershipControls"},
	"PutBucketOwnershipControls":         {method: "PUT", path: "/some-bucket?ownershipControls", body: "<OwnershipControls/>"},
	"DeleteBucketOwnershipControls":      {method: "DELETE", path: "/some-bucket?ownershipControls"},
	"GetBucketLifecycleConfiguration":    {method: "GET", path: "/some-bucket?lifecycle"},
	"PutBucketLifecycleConfiguration":    {method: "PUT", path: "/some-bucket?lifecycle", body: "<LifecycleConfiguration/>"},
	"DeleteBucketLifecycle":              {method: "DELETE", path: "/some-bucket?lifecycle"},
	"GetBucketAcl":                       {method: "GET", path: "/some-bucket?acl"},
	"GetBucketLogging":                   {method: "GET", path: "/some-bucket?logging"},
	"GetBucketNotificationConfiguration": {method: "GET", path: "/some-bucket?notification"},
	"GetBucketRequestPayment":            {method: "GET", path: "/some-bucket?requestPayment"},
	"GetBucketAccelerateConfiguration":   {method: "GET", path: "/some-bucket?accelerate"},
	"GetBucketReplication":               {method: "GET", path: "/some-bucket?replication"},
	"GetObjectLockConfiguration":         {method: "GET", path: "/some-bucket?object-lock"},
	"GetBucketWebsite":                   {method: "GET", path: "/some-bucket?website"},
	"PutBucketLogging":                   {method: "PUT", path: "/some-bucket?logging", body: "<BucketLoggingStatus/>"},
	"PutBucketNotificationConfiguration": {method: "PUT", path: "/some-bucket?notification", body: "<NotificationConfiguration/>"},
	"PutBucketRequestPayment":            {method: "PUT", path: "/some-bucket?requestPayment", body: "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>"},
	"PutBucketAccelerateConfiguration":   {method: "PUT", path: "/some-bucket?accelerate", body: "<AccelerateConfiguration/>"},
	"PutBucketReplication":               {method: "PUT", path: "/some-bucket?replication", body: "<ReplicationConfiguration><Role>arn:aws:iam::123456789012:role/r</Role></ReplicationConfiguration>"},
	"DeleteBucketReplication":            {method: "DELETE", path: "/some-bucket?replication"},
	"PutBucketWebsite":                   {method: "PUT", path: "/some-bucket?website", body: "<WebsiteConfiguration/>"},
	"DeleteBucketWebsite":                {method: "DELETE", path: "/some-bucket?website"},
	"GetObjectAcl":                       {method: "GET", path: "/some-bucket/key?acl"},
	"GetObjectAttributes":                {method: "GET", path: "/some-bucket/key?attributes", header: map[string]string{"X-Amz-Object-Attributes": "ETag"}},
}

// restRequests is how operations of REST services with JSON are asked for. A row that is missing here fails the test.
var restRequests = map[string]request{
	"lambda:InvokeAsync":                       {method: "POST", path: "/2014-11-13/functions/f/invoke-async", body: `{}`},
	"lambda:ListEventSourceMappings":           {method: "GET", path: "/2015-03-31/event-source-mappings"},
	"lambda:CreateEventSourceMapping":          {method: "POST", path: "/2015-03-31/event-source-mappings", body: `{"FunctionName":"f"}`},
	"lambda:DeleteEventSourceMapping":          {method: "DELETE", path: "/2015-03-31/event-source-mappings/u"},
	"lambda:GetEventSourceMapping":             {method: "GET", path: "/2015-03-31/event-source-mappings/u"},
	"lambda:UpdateEventSourceMapping":          {method: "PUT", path: "/2015-03-31/event-source-mappings/u"},
	"lambda:ListFunctions":                     {method: "GET", path: "/2015-03-31/functions"},
	"lambda:CreateFunction":                    {method: "POST", path: "/2015-03-31/functions", body: `{"FunctionName":"f","Role":"arn:aws:iam::123456789012:role/r","Runtime":"nodejs22.x","Handler":"index.handler","Code":{"ZipFile":"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}}`},
	"lambda:DeleteFunction":                    {method: "DELETE", path: "/2015-03-31/functions/f"},
	"lambda:GetFunction":                       {method: "GET", path: "/2015-03-31/functions/f"},
	"lambda:ListAliases":                       {method: "GET", path: "/2015-03-31/functions/f/aliases"},
	"lambda:CreateAlias":                       {method: "POST", path: "/2015-03-31/functions/f/aliases", body: `{"Name":"a","FunctionVersion":"1"}`},
	"lambda:DeleteAlias":                       {method: "DELETE", path: "/2015-03-31/functions/f/aliases/a"},
	"lambda:GetAlias":                          {method: "GET", path: "/2015-03-31/functions/f/aliases/a"},
	"lambda:UpdateAlias":                       {method: "PUT", path: "/2015-03-31/functions/f/aliases/a"},
	"lambda:UpdateFunctionCode":                {method: "PUT", path: "/2015-03-31/functions/f/code", body: `{"ZipFile":"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}`},
	"lambda:GetFunctionConfiguration":          {method: "GET", path: "/2015-03-31/functions/f/configuration"},
	"lambda:UpdateFunctionConfiguration":       {method: "PUT", path: "/2015-03-31/functions/f/configuration"},
	"lambda:Invoke":                            {method: "POST", path: "/2015-03-31/functions/f/invocations"},
	"lambda:GetPolicy":                         {method: "GET", path: "/2015-03-31/functions/f/policy"},
	"lambda:AddPermission":                     {method: "POST", path: "/2015-03-31/functions/f/policy", body: `{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"s3.amazonaws.com"}`},
	"lambda:RemovePermission":                  {method: "DELETE", path: "/2015-03-31/functions/f/policy/s"},
	"lambda:ListVersionsByFunction":            {method: "GET", path: "/2015-03-31/functions/f/versions"},
	"lambda:PublishVersion":                    {method: "POST", path: "/2015-03-31/functions/f/versions"},
	"lambda:GetAccountSettings":                {method: "GET", path: "/2016-08-19/account-settings"},
	"lambda:UntagResource":                     {method: "DELETE", path: "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af?tagKeys=k"},
	"lambda:ListTags":                          {method: "GET", path: "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af"},
	"lambda:TagResource":                       {method: "POST", path: "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af", body: `{"Tags":{"k":"v"}}`},
	"lambda:DeleteFunctionConcurrency":         {method: "DELETE", path: "/2017-10-31/functions/f/concurrency"},
	"lambda:PutFunctionConcurrency":            {method: "PUT", path: "/2017-10-31/functions/f/concurrency", body: `{"ReservedConcurrentExecutions":1}`},
	"lambda:ListLayers":                        {method: "GET", path: "/2018-10-31/layers"},
	"lambda:ListLayerVersions":                 {method: "GET", path: "/2018-10-31/layers/l/versions"},
	"lambda:PublishLayerVersion":               {method: "POST", path: "/2018-10-31/layers/l/versions", body: `{"Content":{"ZipFile":"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}}`},
	"lambda:DeleteLayerVersion":                {method: "DELETE", path: "/2018-10-31/layers/l/versions/1"},
	"lambda:GetLayerVersion":                   {method: "GET", path: "/2018-10-31/layers/l/versions/1"},
	"lambda:GetLayerVersionPolicy":             {method: "GET", path: "/2018-10-31/layers/l/versions/1/policy"},
	"lambda:AddLayerVersionPermission":         {method: "POST", path: "/2018-10-31/layers/l/versions/1/policy"},
	"lambda:RemoveLayerVersionPermission":      {method: "DELETE", path: "/2018-10-31/layers/l/versions/1/policy/s"},
	"lambda:GetLayerVersionByArn":              {method: "GET", path: "/2018-10-31/layers?find=LayerVersion&Arn=arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Alayer%3Al%3A1"},
	"lambda:DeleteFunctionEventInvokeConfig":   {method: "DELETE", path: "/2019-09-25/functions/f/event-invoke-config"},
	"lambda:GetFunctionEventInvokeConfig":      {method: "GET", path: "/2019-09-25/functions/f/event-invoke-config"},
	"lambda:UpdateFunctionEventInvokeConfig":   {method: "POST", path: "/2019-09-25/functions/f/event-invoke-config", body: `{"MaximumRetryAttempts":1}`},
	"lambda:PutFunctionEventInvokeConfig":      {method: "PUT", path: "/2019-09-25/functions/f/event-invoke-config", body: `{"MaximumRetryAttempts":1}`},
	"lambda:ListFunctionEventInvokeConfigs":    {method: "GET", path: "/2019-09-25/functions/f/event-invoke-config/list"},
	"lambda:GetFunctionConcurrency":            {method: "GET", path: "/2019-09-30/functions/f/concurrency"},
	"lambda:ListProvisionedConcurrencyConfigs": {method: "GET", path: "/2019-09-30/functions/f/provisioned-concurrency?List=ALL"},
	"lambda:ListCodeSigningConfigs":            {method: "GET", path: "/2020-04-22/code-signing-configs"},
	"lambda:GetCodeSigningConfig":              {method: "GET", path: "/2020-04-22/code-signing-configs/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Acode-signing-config%3Acsc-0123456789abcdef0"},
	"lambda:DeleteFunctionCodeSigningConfig":   {method: "DELETE", path: "/2020-06-30/functions/f/code-signing-config"},
	"lambda:GetFunctionCodeSigningConfig":      {method: "GET", path: "/2020-06-30/functions/f/code-signing-config"},
	"lambda:GetRuntimeManagementConfig":        {method: "GET", path: "/2021-07-20/functions/f/runtime-management-config"},
	"lambda:PutRuntimeManagementConfig":        {method: "PUT", path: "/2021-07-20/functions/f/runtime-management-config", body: `{"UpdateRuntimeOn":"Auto"}`},
	"lambda:DeleteFunctionUrlConfig":           {method: "DELETE", path: "/2021-10-31/functions/f/url"},
	"lambda:GetFunctionUrlConfig":              {method: "GET", path: "/2021-10-31/functions/f/url"},
	"lambda:CreateFunctionUrlConfig":           {method: "POST", path: "/2021-10-31/functions/f/url", body: `{"AuthType":"NONE"}`},
	"lambda:UpdateFunctionUrlConfig":           {method: "PUT", path: "/2021-10-31/functions/f/url"},
	"lambda:ListFunctionUrlConfigs":            {method: "GET", path: "/2021-10-31/functions/f/urls"},
	"lambda:InvokeWithResponseStream":          {method: "POST", path: "/2021-11-15/functions/f/response-streaming-invocations"},
	"lambda:GetFunctionRecursionConfig":        {method: "GET", path: "/2024-08-31/functions/f/recursion-config"},
	"lambda:PutFunctionRecursionConfig":        {method: "PUT", path: "/2024-08-31/functions/f/recursion-config", body: `{"RecursiveLoop":"Allow"}`},
	"scheduler:CreateSchedule":                 {method: "POST", path: "/schedules/s"},

	"bedrock-agentcore:CreateCodeInterpreter": {method: "PUT", path: "/code-interpreters"},
}

const document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}`

// inputs are valid inputs of the operations that check theirs before anything is asked.
var inputs = map[string]url.Values{
	"iam:CreatePolicy":               {"PolicyName": {"p"}, "PolicyDocument": {document}},
	"iam:GetPolicy":                  {"PolicyArn": {"arn:aws:iam::123456789012:policy/p"}},
	"iam:CreateRole":                 {"RoleName": {"r"}, "AssumeRolePolicyDocument": {trust}},
	"iam:GetRole":                    {"RoleName": {"r"}},
	"iam:AttachRolePolicy":           {"RoleName": {"r"}, "PolicyArn": {"arn:aws:iam::aws:policy/AdministratorAccess"}},
	"iam:PutRolePolicy":              {"RoleName": {"r"}, "PolicyName": {"p"}, "PolicyDocument": {document}},
	"iam:CreateUser":                 {"UserName": {"u"}},
	"iam:GetUser":                    {},
	"iam:AttachUserPolicy":           {"UserName": {"nobody"}, "PolicyArn": {"arn:aws:iam::aws:policy/AdministratorAccess"}},
	"iam:CreateAccessKey":            {},
	"sts:DecodeAuthorizationMessage": {"EncodedMessage": {"message"}},
	"sts:GetAccessKeyInfo":           {"AccessKeyId": {"AKIAIOSFODNN7EXAMPLE"}},
	"sts:GetFederationToken":         {"Name": {"some"}},
	"sts:AssumeRole":                 {"RoleArn": {"arn:aws:iam::123456789012:role/r"}, "RoleSessionName": {"session"}},

	"iam:SimulateCustomPolicy":                 {"PolicyInputList.member.1": {document}, "ActionNames.member.1": {"s3:GetObject"}},
	"iam:SimulatePrincipalPolicy":              {"PolicySourceArn": {"arn:aws:iam::123456789012:user/admin"}, "ActionNames.member.1": {"s3:GetObject"}},
	"iam:GetContextKeysForCustomPolicy":        {"PolicyInputList.member.1": {document}},
	"ambit:AddAccount":                         {"AccountNumber": {"210987654321"}},
	"ambit:ApplyOrganization":                  {"Document": {"{}"}},
	"ambit:ExplainDecision":                    {"RequestId": {"some"}},
	"ec2:CreateKeyPair":                        {"KeyName": {"k"}},
	"ec2:ImportKeyPair":                        {"KeyName": {"k"}, "PublicKeyMaterial": {"c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUkvYWhESzhyckgxSjZRMzZ0ZGtWSzFHdy84YTlmVi9iVk9vTGJoZ1VDUjg="}},
	"ec2:DeleteKeyPair":                        {"KeyName": {"k"}},
	"ec2:DescribeInstanceAttribute":            {"InstanceId": {"i-0123456789abcdef0"}, "Attribute": {"userData"}},
	"ec2:ModifyInstanceAttribute":              {"InstanceId": {"i-0123456789abcdef0"}, "DisableApiStop.Value": {"true"}},
	"ec2:CreateSecurityGroup":                  {"GroupName": {"web"}, "GroupDescription": {"web"}},
	"ec2:DeleteSecurityGroup":                  {"GroupName": {"default"}},
	"ec2:AuthorizeSecurityGroupIngress":        {"GroupName": {"default"}, "IpProtocol": {"-1"}, "CidrIp": {"0.0.0.0/0"}},
	"ec2:AuthorizeSecurityGroupEgress":         {"GroupName": {"default"}, "IpProtocol": {"-1"}, "CidrIp": {"0.0.0.0/0"}},
	"ec2:RevokeSecurityGroupIngress":           {"GroupName": {"default"}, "IpProtocol": {"-1"}, "CidrIp": {"0.0.0.0/0"}},
	"ec2:RevokeSecurityGroupEgress":            {"GroupName": {"default"}, "IpProtocol": {"-1"}, "CidrIp": {"0.0.0.0/0"}},
	"ec2:ModifyInstanceMetadataOptions":        {"InstanceId": {"i-0123456789abcdef0"}, "HttpTokens": {"optional"}},
	"ec2:AssociateIamInstanceProfile":          {"InstanceId": {"i-0123456789abcdef0"}, "IamInstanceProfile.Name": {"p"}},
	"ec2:ReplaceIamInstanceProfileAssociation": {"AssociationId": {"iip-assoc-0"}, "IamInstanceProfile.Name": {"p"}},
	"ec2:DisassociateIamInstanceProfile":       {"AssociationId": {"iip-assoc-0"}},
	"ec2:CreateTags":                           {"ResourceId.1": {"i-0123456789abcdef0"}, "Tag.1.Key": {"k"}},
	"ec2:DeleteTags":                           {"ResourceId.1": {"i-0123456789abcdef0"}},
	"ec2:RunInstances": {"ImageId": {"ami-0123456789abcdef0"}, "MinCount": {"1"}, "MaxCount": {"1"},
		"TagSpecification.1.ResourceType": {"instance"}, "TagSpecification.1.Tag.1.Key": {"k"}, "TagSpecification.1.Tag.1.Value": {"v"}},
}

// jsonInputs are the same of services whose protocol is JSON.
var jsonInputs = map[string]string{
	"dynamodb:CreateTable": `{"TableName":"some","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],` +
		`"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"}`,
	"logs:DescribeLogStreams":            `{"logGroupName":"some"}`,
	"logs:FilterLogEvents":               `{"logGroupName":"some"}`,
	"logs:GetLogEvents":                  `{"logGroupName":"some","logStreamName":"some"}`,
	"logs:PutLogEvents":                  `{"logGroupName":"some","logStreamName":"some","logEvents":[{"timestamp":1,"message":"m"}]}`,
	"logs:PutRetentionPolicy":            `{"logGroupName":"some","retentionInDays":1}`,
	"logs:TagLogGroup":                   `{"logGroupName":"some","tags":{"k":"v"}}`,
	"logs:UntagLogGroup":                 `{"logGroupName":"some","tags":["k"]}`,
	"logs:TagResource":                   `{"resourceArn":"arn:aws:logs:us-east-1:123456789012:log-group:some","tags":{"k":"v"}}`,
	"logs:ListTagsForResource":           `{"resourceArn":"arn:aws:logs:us-east-1:123456789012:log-group:some"}`,
	"logs:UntagResource":                 `{"resourceArn":"arn:aws:logs:us-east-1:123456789012:log-group:some","tagKeys":["k"]}`,
	"logs:PutLogGroupDeletionProtection": `{"logGroupIdentifier":"some","deletionProtectionEnabled":true}`,
	"ssm:PutParameter":                   `{"Name":"some","Value":"v","Type":"SecureString"}`,
	"ssm:GetParameter":                   `{"Name":"some","WithDecryption":true}`,
	"ssm:GetParameters":                  `{"Names":["some","other"]}`,
	"ssm:GetParametersByPath":            `{"Path":"/some"}`,
	"ssm:GetParameterHistory":            `{"Name":"some"}`,
	"ssm:LabelParameterVersion":          `{"Name":"some","Labels":["l"]}`,
	"ssm:UnlabelParameterVersion":        `{"Name":"some","Labels":["l"],"ParameterVersion":1}`,
	"ssm:DeleteParameter":                `{"Name":"some"}`,
	"ssm:DeleteParameters":               `{"Names":["some"]}`,
	"ssm:AddTagsToResource":              `{"ResourceType":"Parameter","ResourceId":"some","Tags":[{"Key":"k","Value":"v"}]}`,
	"ssm:RemoveTagsFromResource":         `{"ResourceType":"Parameter","ResourceId":"some","TagKeys":["k"]}`,
	"ssm:ListTagsForResource":            `{"ResourceType":"Parameter","ResourceId":"some"}`,
	"logs:StartLiveTail":                 `{"logGroupIdentifiers":["arn:aws:logs:us-east-1:123456789012:log-group:some"]}`,
	"dynamodb:PutItem":                   `{"TableName":"some","Item":{"id":{"S":"1"}}}`,
	"dynamodb:GetItem":                   `{"TableName":"some","Key":{"id":{"S":"1"}}}`,
	"dynamodb:UpdateItem":                `{"TableName":"some","Key":{"id":{"S":"1"}}}`,
	"dynamodb:DeleteItem":                `{"TableName":"some","Key":{"id":{"S":"1"}}}`,
	"dynamodb:BatchGetItem":              `{"RequestItems":{"some":{"Keys":[{"id":{"S":"1"}}]}}}`,
	"dynamodb:BatchWriteItem":            `{"RequestItems":{"some":[{"PutRequest":{"Item":{"id":{"S":"1"}}}}]}}`,
	"dynamodb:TransactGetItems":          `{"TransactItems":[{"Get":{"TableName":"some","Key":{"id":{"S":"1"}}}}]}`,
	"dynamodb:TransactWriteItems":        `{"TransactItems":[{"Put":{"TableName":"some","Item":{"id":{"S":"1"}}}}]}`,
	"dynamodb:UpdateTable":               `{"TableName":"some","DeletionProtectionEnabled":true}`,
	"dynamodb:UpdateTimeToLive":          `{"TableName":"some","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"t"}}`,
	"dynamodb:UpdateContinuousBackups":   `{"TableName":"some","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":false}}`,
	"dynamodb:TagResource":               `{"ResourceArn":"arn:aws:dynamodb:us-east-1:123456789012:table/some","Tags":[{"Key":"k","Value":"v"}]}`,
	"dynamodb:UntagResource":             `{"ResourceArn":"arn:aws:dynamodb:us-east-1:123456789012:table/some","TagKeys":["k"]}`,
	"dynamodb:PutResourcePolicy": `{"ResourceArn":"arn:aws:dynamodb:us-east-1:123456789012:table/some","Policy":"{\"Version\":\"2012-10-17\",` +
		`\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"dynamodb:GetItem\",\"Resource\":\"*\"}]}"}`,
	"dynamodb:Query": `{"TableName":"some","KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"1"}},` +
		`"IndexName":"some"}`,
}

// requestFor asks for the operation of a row, with something in every member that its questions speak of.
func requestFor(t testing.TB, row operation.Row) request {
	t.Helper()
	s, ok := operation.FindService(row.Service)
	if !ok {
		t.Fatalf("no service %s", row.Service)
	}
	members := map[string]string{}
	for _, q := range row.Questions {
		for _, name := range append(operation.References(q.Resource), append(operation.References(q.Shown), q.Target.Member)...) {
			switch {
			case name == "", name == "Partition", name == "Region", name == "Account", strings.ContainsAny(name, "."), name == "Element":
			case strings.HasSuffix(strings.ToLower(name), "arn"):
				members[name] = "arn:aws:iam::123456789012:role/some"
			default:
				members[name] = "some"
			}
		}
	}
	switch s.Protocol {
	case operation.AWSQuery, operation.EC2Query:
		values := url.Values{}
		if valid, ok := validInput(row.FullName()); ok {
			for name, v := range valid {
				values[name] = v
			}
		} else if row.FullName() != "ec2:DescribeInstances" {
			for name, v := range members {
				values.Set(name, v)
			}
			for _, q := range row.Questions { // EC2 spells InstanceIds as InstanceId.1
				if q.Each != "" {
					values.Set(strings.TrimSuffix(q.Each, "s")+".1", "i-0123456789abcdef0")
				}
			}
		}
		return form(row.Service, "Action="+row.Name+"&Version="+s.Version+"&"+values.Encode())
	case operation.AWSJSON10, operation.AWSJSON11:
		body, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		if valid, ok := jsonInputs[row.FullName()]; ok {
			body = []byte(valid)
		}
		return request{service: row.Service, body: string(body), header: map[string]string{
			"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": s.TargetPrefix + "." + row.Name}}
	case operation.RestXML:
		q, ok := s3Requests[row.Name]
		if !ok {
			t.Fatalf("this test does not know how to ask for %s", row.FullName())
		}
		q.service = row.Service
		return q
	case operation.RestJSON:
		q, ok := restRequests[row.FullName()]
		if !ok {
			t.Fatalf("this test does not know how to ask for %s", row.FullName())
		}
		q.service = row.Service
		return q
	}
	t.Fatalf("this test does not speak %s", s.Protocol)
	return request{}
}

// TestEveryOperationDeniesWhomNothingAllows calls every row as a user without policies. The exceptions need no permission at
// AWS either, and are pinned here by name.
func TestEveryOperationDeniesWhomNothingAllows(t *testing.T) {
	t.Parallel()
	exceptions := map[string]int{
		"sts:GetCallerIdentity": http.StatusOK,
		"sts:GetSessionToken":   http.StatusOK,
	}
	var met []string
	r := start(t, nil)
	nobody := r.nobody(t, "nobody")
	for _, row := range operation.Rows() {
		status, body := r.askFor(t, row, nobody)
		if want, ok := exceptions[row.FullName()]; ok {
			met = append(met, row.FullName())
			if status != want {
				t.Errorf("%s: %d %s", row.FullName(), status, body)
			}
			continue
		}
		if why := notDenied(row.Service, strings.HasPrefix(row.Name, "Head"), status, body); why != "" {
			t.Errorf("%s: %s: %d %s", row.FullName(), why, status, body)
		}
	}
	if len(met) != len(exceptions) {
		t.Errorf("exceptions met: %v", met)
	}
}

// askFor calls the operation of a row.
func (r *running) askFor(t *testing.T, row operation.Row, c aws.Credentials) (status int, body string) {
	t.Helper()
	if row.FullName() == "s3:PostObject" { // a form is signed otherwise
		f := &postForm{path: "/some-bucket", fields: [][2]string{{"key", "key"}}, fileName: "f", content: "text"}
		status, _, body = r.post(t, f, c)
		return status, body
	}
	return r.call(t, requestFor(t, row), c)
}

// Names that the answers of single services have in them.
var (
	namespaces = map[string]string{
		"iam":            "https://iam.amazonaws.com/doc/2010-05-08/",
		"sts":            "https://sts.amazonaws.com/doc/2011-06-15/",
		"cloudformation": "http://cloudformation.amazonaws.com/doc/2010-05-15/",
		"sns":            "http://sns.amazonaws.com/doc/2010-03-31/",
	}
	errorPrefixes = map[string]string{"dynamodb": "com.amazon.coral.service#", "sqs": "com.amazon.coral.service#"}
)

// notDenied says in what an answer differs from a denial in the shape of the service's family.
func notDenied(service string, head bool, status int, body string) string {
	type shape struct {
		status int
		begin  string
	}
	const user = "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: "
	s, _ := operation.FindService(service)
	want, ok := map[operation.Protocol]shape{
		operation.AWSQuery:  {403, `<ErrorResponse xmlns="` + namespaces[service] + `"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>` + user},
		operation.EC2Query:  {403, `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation. ` + user},
		operation.RestXML:   {403, `<Error><Code>AccessDenied</Code><Message>` + user},
		operation.RestJSON:  {403, `{"Message":"` + user},
		operation.AWSJSON10: {400, `{"__type":"` + errorPrefixes[service] + `AccessDeniedException","Message":"` + user},
		operation.AWSJSON11: {400, `{"__type":"` + errorPrefixes[service] + `AccessDeniedException","Message":"` + user},
	}[s.Protocol]
	switch {
	case !ok:
		return "this test does not know the shape of " + service
	case status != want.status:
		return fmt.Sprintf("status is not %d", want.status)
	case head && body == "":
		return ""
	case !strings.HasPrefix(strings.TrimPrefix(body, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"), want.begin):
		return "not the shape of a denial"
	}
	return ""
}

// TestUnservedOperationsAreNeverAnsweredWithSuccess calls every row without a handler as the administrator.
func TestUnservedOperationsAreNeverAnsweredWithSuccess(t *testing.T) {
	t.Parallel()
	// What even the administrator is denied: roles that trust somebody else.
	denied := []string{"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}
	r := start(t, nil)
	honest, refused, served := 0, 0, table(t)
	for _, row := range operation.Rows() {
		if o, ok := served.Find(row.Service, row.Name); !ok || o.Served() {
			continue
		}
		status, body := r.call(t, requestFor(t, row), r.admin())
		switch {
		case status == http.StatusNotImplemented:
			honest++
		case status < 400, status >= 500:
			t.Errorf("%s: %d %s", row.FullName(), status, body)
		case slices.Contains(denied, row.FullName()) && status == http.StatusForbidden:
			refused++
		default:
			t.Errorf("%s: %d %s", row.FullName(), status, body)
		}
	}
	for line := range strings.Lines(r.logs.String()) {
		if strings.Contains(line, "question without an answer") {
			t.Error(line)
		}
	}
	if honest < 50 || refused != len(denied) {
		t.Errorf("%d operations answered that they are not implemented, and %d of %d refused", honest, refused, len(denied))
	}
}
