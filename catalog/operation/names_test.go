package operation_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// namespaces are the names that are not members of the input (package documentation, "Names").
var namespaces = []string{"Target.", "Caller.", "Token.", "Service."}

// A member of an input that has the name of a namespace cannot be spoken of by what is inside it.
func TestNamespacesAreFree(t *testing.T) {
	t.Parallel()
	for call, members := range inputs(t) {
		for name := range members {
			clash := slices.ContainsFunc(namespaces, func(n string) bool { return strings.HasPrefix(name, n) })
			if clash && call != "scheduler:CreateSchedule" { // whose role has the name Service.TargetRole therefore
				t.Errorf("%s: %s means something else in a row", call, name)
			}
		}
	}
}

// Every name that a row speaks of is a member of that call's input in AWS's API model, or is said to come from elsewhere. A
// misspelled member would be a question that is never asked or a key that never has a value.
func TestNamesExist(t *testing.T) {
	t.Parallel()
	all := inputs(t)
	for _, row := range operation.Rows() {
		members := all[row.FullName()]
		for i, q := range row.Questions {
			for _, name := range questionNames(q) {
				if !known(name, q.Each, members) {
					t.Errorf("%s question %d speaks of %s, which its input has not: %v", row.FullName(), i, name, members)
				}
			}
			if q.Each != "" && !strings.HasPrefix(q.Each, "Service.") && !members[q.Each].list {
				t.Errorf("%s question %d: %s is no list of its input", row.FullName(), i, q.Each)
			}
		}
		for _, name := range changeNames(row) {
			if !known(name, "", members) {
				t.Errorf("%s: a guard or an effect speaks of %s, which its input has not: %v", row.FullName(), name, members)
			}
		}
	}
}

// questionNames returns every name of a question.
func questionNames(q operation.Question) []string {
	found := slices.Concat(q.When, q.Unless, operation.References(q.Resource), operation.References(q.Shown))
	found = append(found, q.Target.Member, q.Target.In)
	for _, k := range q.Keys {
		switch k.From {
		case operation.FromInput:
			found = append(found, k.Value)
		case operation.FromTemplate:
			found = append(found, operation.References(k.Value)...)
		}
	}
	return found
}

// changeNames returns every name of a row's guards and effects.
func changeNames(row operation.Row) []string {
	var found []string
	for _, g := range row.Guards {
		found = append(found, g.Member)
		if g.Precondition != operation.BelowQuota && g.Precondition != operation.Trusts { // quotas and principals are no names
			found = append(found, g.With)
		}
	}
	for _, e := range row.Effects {
		found = append(found, e.Member, e.When)
		if e.Change != operation.RunsAs { // a service principal is no name
			found = append(found, e.With)
		}
	}
	return found
}

// known reports whether a name is a member of the input, of the element of each, or of another namespace.
func known(name, each string, members map[string]member) bool {
	if name == "" || slices.Contains([]string{"Partition", "Region", "Account"}, name) {
		return true
	}
	if slices.ContainsFunc(namespaces, func(n string) bool { return strings.HasPrefix(name, n) }) {
		return true
	}
	if rest, ok := strings.CutPrefix(name, "Element"); ok && each != "" {
		if rest == "" {
			return true
		}
		name = each + rest
	}
	_, ok := members[name]
	return ok
}

// Where the API does not require a user name, IAM takes the caller's; where it does, it never does.
func TestOrCaller(t *testing.T) {
	t.Parallel()
	all := inputs(t)
	for _, row := range operation.Rows() {
		for i, q := range row.Questions {
			if q.Target.OrCaller && (row.Service != "iam" || q.Target.Kind != operation.User) {
				t.Errorf("%s question %d: a %s may be the caller", row.FullName(), i, q.Target.Kind)
			}
			name, has := all[row.FullName()]["UserName"]
			if q.Target.Kind == operation.User && has && q.Target.OrCaller == name.required {
				t.Errorf("%s question %d: the user name is required %v, may be the caller %v", row.FullName(), i, name.required, q.Target.OrCaller)
			}
		}
	}
}

// What a template needs is always there: the API requires it, or the question is only asked when it is there, or it has a
// default. Otherwise a valid input would be refused for what it may leave out.
func TestTemplatesAreFilled(t *testing.T) {
	t.Parallel()
	all := inputs(t)
	for _, row := range operation.Rows() {
		for i, q := range row.Questions {
			for _, template := range []string{q.Resource, q.Shown} {
				for _, name := range operation.References(withoutDefaults(template)) {
					m, isMember := all[row.FullName()][name]
					if isMember && !m.required && !slices.Contains(q.When, name) && !(q.Target.OrCaller && q.Target.Member == name) {
						t.Errorf("%s question %d: %s needs %s, which an input may leave out", row.FullName(), i, template, name)
					}
				}
			}
		}
	}
}

// withoutDefaults leaves the references out that have a default or an alternative.
func withoutDefaults(template string) string {
	return regexp.MustCompile(`\$\{[^}]*[|,][^}]*\}`).ReplaceAllString(template, "")
}

// conditions are the questions that are not always asked.
const conditions = `
apprunner:CreateService iam:PassRole when InstanceConfiguration.InstanceRoleArn
bedrock-agentcore:CreateCodeInterpreter iam:PassRole when executionRoleArn
cloudformation:CreateChangeSet iam:PassRole when RoleARN
cloudformation:CreateStack iam:PassRole when RoleARN
cloudformation:DescribeStacks cloudformation:DescribeStacks when StackName
cloudformation:DescribeStacks cloudformation:DescribeStacks unless StackName
cloudformation:UpdateStack iam:PassRole when RoleARN
codebuild:StartBuild iam:PassRole when serviceRoleOverride
datapipeline:PutPipelineDefinition iam:PassRole each Service.Roles
dynamodb:BatchGetItem dynamodb:BatchGetItem each Service.Tables
dynamodb:BatchWriteItem dynamodb:BatchWriteItem each Service.Tables
dynamodb:CreateTable dynamodb:TagResource when Tags
dynamodb:CreateTable dynamodb:PutResourcePolicy when ResourcePolicy
dynamodb:Query dynamodb:Query unless IndexName
dynamodb:Query dynamodb:Query when IndexName
dynamodb:Scan dynamodb:Scan unless IndexName
dynamodb:Scan dynamodb:Scan when IndexName
dynamodb:TransactGetItems dynamodb:GetItem each Service.Tables
dynamodb:TransactWriteItems dynamodb:ConditionCheckItem each Service.CheckedTables
dynamodb:TransactWriteItems dynamodb:PutItem each Service.PutTables
dynamodb:TransactWriteItems dynamodb:UpdateItem each Service.UpdatedTables
dynamodb:TransactWriteItems dynamodb:DeleteItem each Service.DeletedTables
ec2:AssociateIamInstanceProfile iam:PassRole when IamInstanceProfile.Arn or IamInstanceProfile.Name
ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupEgress when TagSpecifications
ec2:AuthorizeSecurityGroupEgress ec2:CreateTags each TagSpecifications
ec2:AuthorizeSecurityGroupIngress ec2:AuthorizeSecurityGroupIngress when TagSpecifications
ec2:AuthorizeSecurityGroupIngress ec2:CreateTags each TagSpecifications
ec2:CreateKeyPair ec2:CreateTags each TagSpecifications
ec2:CreateSecurityGroup ec2:CreateTags each TagSpecifications
ec2:CreateTags ec2:CreateTags each Service.ResourceArns
ec2:DeleteTags ec2:DeleteTags each Service.ResourceArns
ec2:ImportKeyPair ec2:CreateTags each TagSpecifications
ec2:ModifyInstanceAttribute ec2:ModifyInstanceAttribute each Service.SecurityGroupIds
ec2:RebootInstances ec2:RebootInstances each InstanceIds
ec2:ReplaceIamInstanceProfileAssociation iam:PassRole when IamInstanceProfile.Arn or IamInstanceProfile.Name
ec2:RunInstances ec2:RunInstances each Service.SubnetIds
ec2:RunInstances ec2:RunInstances each Service.SecurityGroupIds
ec2:RunInstances ec2:RunInstances each Service.Volumes
ec2:RunInstances ec2:RunInstances when KeyName
ec2:RunInstances ec2:RunInstances when LaunchTemplate.LaunchTemplateId or LaunchTemplate.LaunchTemplateName
ec2:RunInstances ec2:CreateTags each TagSpecifications
ec2:RunInstances iam:PassRole when Service.InstanceProfileArn
ec2:StartInstances ec2:StartInstances each InstanceIds
ec2:StopInstances ec2:StopInstances each InstanceIds
ec2:TerminateInstances ec2:TerminateInstances each InstanceIds
ecs:CreateService iam:PassRole each Service.TaskRoles
ecs:RegisterTaskDefinition iam:PassRole when taskRoleArn
ecs:RegisterTaskDefinition iam:PassRole when executionRoleArn
ecs:RunTask iam:PassRole each Service.TaskRoles
events:PutTargets iam:PassRole each Service.TargetRoles
glue:UpdateJob iam:PassRole when JobUpdate.Role
iam:AcquireRole iam:PutRolePermissionsBoundary when Service.PermissionsBoundary
iam:AcquireRole iam:PutRolePolicy when Service.InlinePolicies
iam:AcquireRole iam:AttachRolePolicy each Service.ManagedPolicies
iam:AcquireRole iam:TagRole when Service.Tags
iam:CreateInstanceProfile iam:TagInstanceProfile when Tags
iam:CreateOpenIDConnectProvider iam:TagOpenIDConnectProvider when Tags
iam:CreatePolicy iam:TagPolicy when Tags
iam:CreateRole iam:TagRole when Tags
iam:CreateSAMLProvider iam:TagSAMLProvider when Tags
iam:CreateUser iam:TagUser when Tags
iam:CreateVirtualMFADevice iam:TagMFADevice when Tags
iam:ListServiceSpecificCredentials iam:ListServiceSpecificCredentials unless AllUsers
iam:ListServiceSpecificCredentials iam:ListServiceSpecificCredentials when AllUsers
iam:UpdateGroup iam:UpdateGroup when NewGroupName or NewPath
iam:UpdateServerCertificate iam:UpdateServerCertificate when NewServerCertificateName or NewPath
iam:UpdateUser iam:UpdateUser when NewUserName or NewPath
iam:UploadServerCertificate iam:TagServerCertificate when Tags
lambda:CreateFunction lambda:TagResource when Tags
lambda:UpdateFunctionConfiguration iam:PassRole when Role
logs:CreateLogGroup logs:TagResource when Service.Tagged
logs:CreateLogGroup logs:TagLogGroup when Service.Tagged
logs:FilterLogEvents logs:Unmask when unmask
logs:GetLogEvents logs:Unmask when unmask
logs:StartLiveTail logs:StartLiveTail each logGroupIdentifiers
s3:CompleteMultipartUpload s3:GetObject when Service.ComparedBucket
s3:CopyObject s3:GetObject unless Service.CopySourceVersionId
s3:CopyObject s3:GetObjectVersion when Service.CopySourceVersionId
s3:CopyObject s3:PutObjectAcl when ACL or GrantFullControl or GrantRead or GrantReadACP or GrantWriteACP
s3:CopyObject s3:PutObjectTagging when Service.WritesTags
s3:CopyObject s3:GetObjectTagging when Service.ReadsTags
s3:CopyObject s3:GetObjectVersionTagging when Service.ReadsVersionTags
s3:CopyObject s3:PutObjectRetention when ObjectLockMode or ObjectLockRetainUntilDate
s3:CopyObject s3:PutObjectLegalHold when ObjectLockLegalHoldStatus
s3:CopyObject s3:GetObject when Service.ComparedBucket
s3:CreateBucket s3:PutBucketAcl when ACL or GrantFullControl or GrantRead or GrantReadACP or GrantWrite or GrantWriteACP
s3:CreateBucket s3:PutBucketObjectLockConfiguration when ObjectLockEnabledForBucket
s3:CreateBucket s3:PutBucketVersioning when ObjectLockEnabledForBucket
s3:CreateBucket s3:PutBucketOwnershipControls when ObjectOwnership
s3:CreateBucket s3:TagResource when CreateBucketConfiguration.Tags
s3:CreateMultipartUpload s3:PutObjectAcl when ACL or GrantFullControl or GrantRead or GrantReadACP or GrantWriteACP
s3:CreateMultipartUpload s3:PutObjectTagging when Tagging
s3:CreateMultipartUpload s3:PutObjectRetention when ObjectLockMode or ObjectLockRetainUntilDate
s3:CreateMultipartUpload s3:PutObjectLegalHold when ObjectLockLegalHoldStatus
s3:DeleteObject s3:DeleteObject unless VersionId
s3:DeleteObject s3:DeleteObjectVersion when VersionId
s3:DeleteObject s3:BypassGovernanceRetention when BypassGovernanceRetention
s3:DeleteObject s3:GetObject when Service.ComparedBucket
s3:DeleteObjectTagging s3:DeleteObjectTagging unless VersionId
s3:DeleteObjectTagging s3:DeleteObjectVersionTagging when VersionId
s3:DeleteObjects s3:DeleteObject each Delete.Objects
s3:DeleteObjects s3:DeleteObjectVersion each Delete.Objects
s3:DeleteObjects s3:GetObject each Service.ComparedKeys
s3:GetObject s3:GetObject unless VersionId
s3:GetObject s3:GetObjectVersion when VersionId
s3:GetObjectAcl s3:GetObjectAcl unless VersionId
s3:GetObjectAcl s3:GetObjectVersionAcl when VersionId
s3:GetObjectAttributes s3:GetObjectAttributes unless VersionId
s3:GetObjectAttributes s3:GetObject unless VersionId
s3:GetObjectAttributes s3:GetObjectVersion when VersionId
s3:GetObjectAttributes s3:GetObjectVersionAttributes when VersionId
s3:GetObjectTagging s3:GetObjectTagging unless VersionId
s3:GetObjectTagging s3:GetObjectVersionTagging when VersionId
s3:HeadObject s3:GetObject unless VersionId
s3:HeadObject s3:GetObjectVersion when VersionId
s3:PostObject s3:PutObjectAcl when ACL or GrantFullControl or GrantRead or GrantReadACP or GrantWriteACP
s3:PostObject s3:PutObjectTagging when Tagging
s3:PostObject s3:PutObjectRetention when ObjectLockMode or ObjectLockRetainUntilDate
s3:PostObject s3:PutObjectLegalHold when ObjectLockLegalHoldStatus
s3:PostObject s3:GetObject when Service.ComparedBucket
s3:PutBucketReplication iam:PassRole when ReplicationConfiguration.Role
s3:PutObject s3:PutObjectAcl when ACL or GrantFullControl or GrantRead or GrantReadACP or GrantWriteACP
s3:PutObject s3:PutObjectTagging when Tagging
s3:PutObject s3:PutObjectRetention when ObjectLockMode or ObjectLockRetainUntilDate
s3:PutObject s3:PutObjectLegalHold when ObjectLockLegalHoldStatus
s3:PutObject s3:GetObject when Service.ComparedBucket
s3:PutObjectTagging s3:PutObjectTagging unless VersionId
s3:PutObjectTagging s3:PutObjectVersionTagging when VersionId
s3:UploadPartCopy s3:GetObject unless Service.CopySourceVersionId
s3:UploadPartCopy s3:GetObjectVersion when Service.CopySourceVersionId
ssm:DeleteParameters ssm:DeleteParameters each Service.Parameters
ssm:GetParameter kms:Decrypt each Service.DecryptedARNs
ssm:GetParameterHistory kms:Decrypt each Service.DecryptedARNs
ssm:GetParameters ssm:GetParameters each Service.Parameters
ssm:GetParameters kms:Decrypt each Service.DecryptedARNs
ssm:GetParametersByPath kms:Decrypt each Service.DecryptedARNs
ssm:PutParameter ssm:AddTagsToResource when Tags
ssm:PutParameter kms:Encrypt when Service.EncryptsStandard
ssm:PutParameter kms:GenerateDataKey when Service.EncryptsAdvanced
ssm:SendCommand ssm:SendCommand each Service.InstanceIds
ssm:SendCommand iam:PassRole when ServiceRoleArn
ssm:StartAutomationExecution iam:PassRole when Service.AutomationAssumeRole
ssm:StartSession ssm:StartSession when DocumentName
sts:AssumeRole sts:TagSession when Tags or Caller.TransitiveTags
sts:AssumeRole sts:SetSourceIdentity when SourceIdentity or Caller.SourceIdentity
sts:AssumeRole sts:SetContext when ProvidedContexts
sts:AssumeRoleWithSAML sts:TagSession when Token.PrincipalTag
sts:AssumeRoleWithSAML sts:SetSourceIdentity when Token.SourceIdentity
sts:AssumeRoleWithWebIdentity sts:TagSession when Token.principal_tags
sts:AssumeRoleWithWebIdentity sts:SetSourceIdentity when Token.source_identity
sts:GetFederationToken sts:TagSession when Tags
sts:GetWebIdentityToken sts:TagGetWebIdentityToken when Tags
`

func TestConditions(t *testing.T) {
	t.Parallel()
	var got []string
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			line := row.FullName() + " " + q.Action
			if q.Each != "" {
				line += " each " + q.Each
			}
			if len(q.When) > 0 {
				line += " when " + strings.Join(q.When, " or ")
			}
			if len(q.Unless) > 0 {
				line += " unless " + strings.Join(q.Unless, " or ")
			}
			if line != row.FullName()+" "+q.Action {
				got = append(got, line)
			}
		}
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(conditions), "\n"), got); diff != "" {
		t.Errorf("questions that are not always asked (-want +table):\n%s", diff)
	}
}

func TestServiceNames(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"iam:CreateRole":                         "",
		"iam:CreateServiceLinkedRole":            "Service.RoleName",
		"iam:GetServiceLinkedRoleDeletionStatus": "Service.RoleName Service.ServiceName",
		"iam:AcquireRole":                        "Service.InlinePolicies Service.ManagedPolicies Service.PermissionsBoundary Service.RoleName Service.RolePath Service.Tags",
		"dynamodb:Query":                         "Service.TableARN",
		"ec2:CreateTags":                         "Service.ResourceArns",
		"ec2:RunInstances":                       "Service.ImageId Service.InstanceProfileArn Service.InstanceTags Service.LaunchTemplateId Service.NetworkInterfaceTags Service.SecurityGroupIds Service.SubnetIds Service.VolumeTags Service.Volumes",
		"ecs:RunTask":                            "Service.Family Service.Revision Service.TaskRoles",
	}
	for call, want := range tests {
		if got := strings.Join(find(t, call).ServiceNames(), " "); got != want {
			t.Errorf("%s: ServiceNames = %q, want %q", call, got, want)
		}
	}
}

// A key that takes its value from the input takes it from the member of the same name, but for these, some only in one call.
var keyMembers = map[string]string{
	"DeleteObjects s3:if-match":                          "Element.ETag",
	"ec2:Attribute/HttpEndpoint":                         "HttpEndpoint",
	"ec2:Attribute/HttpProtocolIpv6":                     "HttpProtocolIpv6",
	"ec2:Attribute/HttpPutResponseHopLimit":              "HttpPutResponseHopLimit",
	"ec2:Attribute/HttpTokens":                           "HttpTokens",
	"ec2:Attribute/InstanceMetadataTags":                 "InstanceMetadataTags",
	"ec2:KeyPairName":                                    "KeyName",
	"ec2:MetadataHttpEndpoint":                           "MetadataOptions.HttpEndpoint",
	"ec2:MetadataHttpPutResponseHopLimit":                "MetadataOptions.HttpPutResponseHopLimit",
	"ec2:MetadataHttpTokens":                             "MetadataOptions.HttpTokens",
	"ec2:osuser":                                         "InstanceOSUser",
	"iam:DelegationDuration":                             "SessionDuration",
	"iam:DelegationRequestOwner":                         "OwnerId",
	"iam:RoleTemplateARN":                                "TemplateArn",
	"iam:ServiceSpecificCredentialAgeDays":               "CredentialAgeDays",
	"iam:ServiceSpecificCredentialServiceName":           "ServiceName",
	"iam:TemplateArn":                                    "Permissions.PolicyTemplateArn",
	"lambda:Layer":                                       "Layers",
	"s3:object-lock-legal-hold":                          "ObjectLockLegalHoldStatus",
	"s3:x-amz-server-side-encryption-aws-kms-key-id":     "SSEKMSKeyId",
	"s3:x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
	"sts:IdentityTokenAudience":                          "Audience",
	"sts:RequestContextProviders":                        "ProvidedContexts.ProviderArn",
	"sts:TaskPolicyArn":                                  "TaskPolicyArn.arn",
}

func TestKeysTakeTheirMember(t *testing.T) {
	t.Parallel()
	plain := strings.NewReplacer("x-amz-", "", "-", "")
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			for _, k := range q.Keys {
				if k.From != operation.FromInput {
					continue
				}
				_, name, _ := strings.Cut(k.Name, ":")
				last := k.Value[strings.LastIndexByte(k.Value, '.')+1:]
				ok := strings.EqualFold(plain.Replace(name), last)
				if strings.HasSuffix(name, "Tag/${TagKey}") || name == "TagKeys" {
					ok = ok || strings.EqualFold(last, "Tags")
				}
				want, special := keyMembers[k.Name]
				if of, specialHere := keyMembers[row.Name+" "+k.Name]; specialHere {
					want, special = of, true
				}
				if special {
					ok = k.Value == want
				}
				if !ok {
					t.Errorf("%s %s: %s takes its value from %s", row.FullName(), q.Action, k.Name, k.Value)
				}
			}
		}
	}
}
