package operation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// Every call that can change who may do what, with its effects: the transitions of the delegation proof. A call of IAM or STS that
// is not here is claimed to widen nothing.
const transitions = `
apprunner:CreateService: runs as
bedrock-agentcore:CreateCodeInterpreter: runs as
cloudformation:CreateChangeSet: runs as
cloudformation:CreateStack: runs as
cloudformation:ExecuteChangeSet: steers
cloudformation:UpdateStack: steers, runs as
codebuild:CreateProject: runs as
codebuild:StartBuild: steers, runs as
datapipeline:PutPipelineDefinition: runs as
dynamodb:CreateTable: writes resource policy
dynamodb:PutResourcePolicy: writes resource policy
ec2-instance-connect:SendSSHPublicKey: steers
ec2:AssociateIamInstanceProfile: runs as
ec2:CreateLaunchTemplateVersion: steers
ec2:CreateTags: sets tags
ec2:DeleteTags: removes tags
ec2:ModifyInstanceAttribute: steers
ec2:ReplaceIamInstanceProfileAssociation: runs as
ec2:RunInstances: runs as
ec2:StartInstances: steers
ecr:SetRepositoryPolicy: writes resource policy
ecs:CreateService: runs as
ecs:RegisterTaskDefinition: runs as, runs as
ecs:RunTask: runs as
events:PutTargets: runs as
glue:CreateDevEndpoint: runs as
glue:CreateJob: runs as
glue:UpdateJob: steers, runs as
iam:AcceptDelegationRequest: unknown
iam:AcquireRole: unknown
iam:AddClientIDToOpenIDConnectProvider: writes provider
iam:AddRoleToInstanceProfile: places role
iam:AddUserToGroup: adds member
iam:AssociateDelegationRequest: unknown
iam:AttachGroupPolicy: attaches policy
iam:AttachRolePolicy: attaches policy
iam:AttachUserPolicy: attaches policy
iam:ChangePassword: issues credentials
iam:CreateAccessKey: issues credentials
iam:CreateDelegationRequest: unknown
iam:CreateGroup: creates
iam:CreateInstanceProfile: creates
iam:CreateLoginProfile: issues credentials
iam:CreateOpenIDConnectProvider: creates, writes provider
iam:CreatePolicy: creates, writes policy version
iam:CreatePolicyVersion: writes policy version
iam:CreateRole: creates, sets trust, sets boundary, sets tags
iam:CreateSAMLProvider: creates, writes provider
iam:CreateServiceLinkedRole: creates
iam:CreateServiceSpecificCredential: issues credentials
iam:CreateUser: creates, sets boundary, sets tags
iam:DeactivateMFADevice: sets MFA
iam:DeleteAccessKey: revokes credentials
iam:DeleteGroup: deletes
iam:DeleteGroupPolicy: removes inline policy
iam:DeleteInstanceProfile: deletes
iam:DeleteLoginProfile: revokes credentials
iam:DeleteOpenIDConnectProvider: deletes
iam:DeletePolicy: deletes
iam:DeletePolicyVersion: removes policy version
iam:DeleteRole: deletes
iam:DeleteRolePermissionsBoundary: clears boundary
iam:DeleteRolePolicy: removes inline policy
iam:DeleteSAMLProvider: deletes
iam:DeleteSSHPublicKey: revokes credentials
iam:DeleteServiceLinkedRole: deletes
iam:DeleteServiceSpecificCredential: revokes credentials
iam:DeleteSigningCertificate: revokes credentials
iam:DeleteUser: deletes
iam:DeleteUserPermissionsBoundary: clears boundary
iam:DeleteUserPolicy: removes inline policy
iam:DetachGroupPolicy: detaches policy
iam:DetachRolePolicy: detaches policy
iam:DetachUserPolicy: detaches policy
iam:DisableOrganizationsRootCredentialsManagement: unknown
iam:DisableOrganizationsRootSessions: unknown
iam:EnableMFADevice: sets MFA
iam:EnableOrganizationsRootCredentialsManagement: unknown
iam:EnableOrganizationsRootSessions: unknown
iam:PutGroupPolicy: writes inline policy
iam:PutRolePermissionsBoundary: sets boundary
iam:PutRolePolicy: writes inline policy
iam:PutUserPermissionsBoundary: sets boundary
iam:PutUserPolicy: writes inline policy
iam:RemoveClientIDFromOpenIDConnectProvider: writes provider
iam:RemoveUserFromGroup: removes member
iam:ResetServiceSpecificCredential: issues credentials
iam:ResyncMFADevice: sets MFA
iam:SendDelegationToken: unknown
iam:SetDefaultPolicyVersion: selects policy version
iam:TagPolicy: sets tags
iam:TagRole: sets tags
iam:TagUser: sets tags
iam:UntagPolicy: removes tags
iam:UntagRole: removes tags
iam:UntagUser: removes tags
iam:UpdateAccessKey: issues credentials, revokes credentials
iam:UpdateAssumeRolePolicy: sets trust
iam:UpdateDelegationRequest: unknown
iam:UpdateGroup: renames, renames
iam:UpdateLoginProfile: issues credentials
iam:UpdateOpenIDConnectProviderThumbprint: writes provider
iam:UpdateSAMLProvider: writes provider
iam:UpdateSSHPublicKey: issues credentials, revokes credentials
iam:UpdateServiceSpecificCredential: issues credentials, revokes credentials
iam:UpdateSigningCertificate: issues credentials, revokes credentials
iam:UpdateUser: renames, renames
iam:UploadSSHPublicKey: issues credentials
iam:UploadSigningCertificate: issues credentials
kms:CreateGrant: writes resource policy
kms:PutKeyPolicy: writes resource policy
lambda:AddLayerVersionPermission: writes resource policy
lambda:AddPermission: writes resource policy
lambda:CreateFunction: runs as
lambda:TagResource: sets tags
lambda:UntagResource: removes tags
lambda:UpdateFunctionCode: steers
lambda:UpdateFunctionConfiguration: steers, runs as
s3:PutBucketPolicy: writes resource policy
sagemaker:CreateNotebookInstance: runs as
sagemaker:CreateProcessingJob: runs as
sagemaker:CreateTrainingJob: runs as
sagemaker:UpdateNotebookInstanceLifecycleConfig: steers
scheduler:CreateSchedule: runs as
secretsmanager:PutResourcePolicy: writes resource policy
sns:AddPermission: writes resource policy
sns:SetTopicAttributes: writes resource policy
sqs:AddPermission: writes resource policy
sqs:SetQueueAttributes: writes resource policy
ssm:SendCommand: steers, runs as
ssm:StartAutomationExecution: runs as
ssm:StartSession: steers
states:CreateStateMachine: runs as
sts:AssumeRole: issues session, sets session tags
sts:AssumeRoleWithSAML: issues session, sets session tags
sts:AssumeRoleWithWebIdentity: issues session, sets session tags
sts:AssumeRoot: unknown
sts:GetDelegatedAccessToken: unknown
sts:GetFederationToken: issues session, sets session tags
sts:GetSessionToken: issues session`

func TestTransitions(t *testing.T) {
	t.Parallel()
	var got []string
	for _, row := range operation.Rows() {
		if len(row.Effects) == 0 {
			continue
		}
		var changes []string
		for _, e := range row.Effects {
			changes = append(changes, e.Change.String())
		}
		got = append(got, row.FullName()+": "+strings.Join(changes, ", "))
	}
	slices.Sort(got)
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(transitions), "\n"), got); diff != "" {
		t.Errorf("effects (-want +table):\n%s", diff)
	}
}

// Whatever changes a role's or a user's policies, boundary or trust is fenced by the boundary key, or its mitigation says that no
// such key exists.
func TestMitigationNamesTheFence(t *testing.T) {
	t.Parallel()
	widening := []operation.Change{
		operation.SetsBoundary, operation.ClearsBoundary, operation.AttachesPolicy, operation.WritesInlinePolicy, operation.SetsTrust,
	}
	for _, row := range operation.Rows() {
		if row.Service != "iam" || !slices.ContainsFunc(row.Effects, func(e operation.Effect) bool { return slices.Contains(widening, e.Change) }) {
			continue
		}
		fenced := slices.ContainsFunc(row.Questions[0].Keys, func(k operation.Key) bool { return k.Name == "iam:PermissionsBoundary" })
		onGroup := row.Effects[0].Entity == operation.Group
		if fenced == onGroup {
			t.Errorf("%s: carries the boundary key %v, acts on a group %v", row.FullName(), fenced, onGroup)
		}
		if onGroup && !strings.Contains(row.Mitigation, "no boundary key") {
			t.Errorf("%s: mitigation %q", row.FullName(), row.Mitigation)
		}
	}
}

// Rows with a rename ask for the new name too, and what passes a role asks for iam:PassRole.
func TestSecondQuestions(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		var renames, passes bool
		for _, e := range row.Effects {
			renames = renames || e.Change == operation.Renames
			passes = passes || e.Change == operation.PlacesRole || e.Change == operation.RunsAs
		}
		if renames && (len(row.Questions) != 2 || row.Questions[0].Action != row.Questions[1].Action || len(row.Questions[1].When) == 0) {
			t.Errorf("%s renames, but asks %d questions", row.FullName(), len(row.Questions))
		}
		asks := slices.ContainsFunc(row.Questions, func(q operation.Question) bool {
			return q.Action == "iam:PassRole" && q.Target.Kind == operation.Role &&
				slices.ContainsFunc(q.Keys, func(k operation.Key) bool { return k.Name == "iam:PassedToService" })
		})
		if row.FullName() == "s3:PutBucketReplication" { // S3 copies objects as the role, and nobody steers it to anything else
			passes = true
		}
		if passes != asks {
			t.Errorf("%s: passes a role %v, asks for iam:PassRole with iam:PassedToService %v", row.FullName(), passes, asks)
		}
	}
}

// Which resource-based policy bears on a question is a matter of what it is about; a role's trust policy bears on calls of STS
// only.
func TestResourcePolicies(t *testing.T) {
	t.Parallel()
	kinds := map[operation.Kind]operation.ResourcePolicy{
		operation.Bucket:       operation.BucketPolicy,
		operation.Object:       operation.BucketPolicy,
		operation.Table:        operation.EntityPolicy,
		operation.Index:        operation.EntityPolicy,
		operation.Function:     operation.EntityPolicy,
		operation.LayerVersion: operation.EntityPolicy,
		operation.KMSKey:       operation.KeyPolicy,
		operation.Queue:        operation.EntityPolicy,
		operation.Repository:   operation.EntityPolicy,
		operation.Secret:       operation.EntityPolicy,
		operation.Topic:        operation.EntityPolicy,
	}
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			want := kinds[q.Target.Kind]
			if row.Service == "sts" && q.Target.Kind == operation.Role {
				want = operation.TrustPolicy
			}
			if q.Policy != want {
				t.Errorf("%s %s, about a %q: judged by %v, want %v", row.FullName(), q.Action, q.Target.Kind, q.Policy, want)
			}
		}
	}
}

// A role is passed to the service that must be trusted by it.
func TestPassedToService(t *testing.T) {
	t.Parallel()
	passed := map[string]bool{}
	for _, row := range operation.Rows() {
		trusts := ""
		for _, g := range row.Guards {
			if g.Precondition == operation.Trusts {
				trusts = g.With
			}
		}
		if row.FullName() == "iam:AddRoleToInstanceProfile" {
			trusts = "ec2.amazonaws.com" // nothing is launched yet that would need the trust
		}
		if row.FullName() == "s3:PutBucketReplication" {
			trusts = "s3.amazonaws.com" // nothing is copied yet
		}
		for _, q := range row.Questions {
			for _, k := range q.Keys {
				if k.Name == "iam:PassedToService" {
					passed[k.Value] = true
					if k.Value != trusts || k.From != operation.FromConstant {
						t.Errorf("%s passes a role to %s, which must be trusted by %s", row.FullName(), k.Value, trusts)
					}
				}
			}
		}
		for _, e := range row.Effects {
			if e.Change == operation.RunsAs && e.With != trusts {
				t.Errorf("%s runs as a role for %s, which must be trusted by %s", row.FullName(), e.With, trusts)
			}
		}
	}
	if len(passed) != 15 {
		t.Errorf("roles are passed to %d services: %v", len(passed), passed)
	}
}

// What a change puts in place comes from the member that carries it in every call that makes the change.
func TestEffectsTakeTheirMember(t *testing.T) {
	t.Parallel()
	want := map[operation.Change][]string{
		operation.SetsBoundary:         {"PermissionsBoundary"},
		operation.SetsTrust:            {"AssumeRolePolicyDocument", "PolicyDocument"},
		operation.AttachesPolicy:       {"PolicyArn"},
		operation.DetachesPolicy:       {"PolicyArn"},
		operation.WritesInlinePolicy:   {"PolicyDocument"},
		operation.RemovesInlinePolicy:  {"PolicyName"},
		operation.WritesPolicyVersion:  {"PolicyDocument"},
		operation.SelectsPolicyVersion: {"VersionId"},
		operation.RemovesPolicyVersion: {"VersionId"},
		operation.AddsMember:           {"UserName"},
		operation.RemovesMember:        {"UserName"},
		operation.SetsTags:             {"Tags"},
		operation.RemovesTags:          {"TagKeys", "Tags"},
		operation.SetsMFA:              {"SerialNumber"},
		operation.PlacesRole:           {"RoleName"},
		operation.Renames:              {"NewUserName", "NewGroupName", "NewPath"},
	}
	for _, row := range operation.Rows() {
		for _, e := range row.Effects {
			if members, ok := want[e.Change]; ok && !slices.Contains(members, e.With) {
				t.Errorf("%s %s from %q, want one of %q", row.FullName(), e.Change, e.With, members)
			}
			if e.Change != operation.IsUnknown && e.Entity == "" {
				t.Errorf("%s %s: of what?", row.FullName(), e.Change)
			}
		}
	}
}

// The effects that a call does not always have.
func TestConditionalEffects(t *testing.T) {
	t.Parallel()
	want := strings.Split(strings.TrimSpace(`
apprunner:CreateService runs as when InstanceConfiguration.InstanceRoleArn
bedrock-agentcore:CreateCodeInterpreter runs as when executionRoleArn
cloudformation:CreateChangeSet runs as when RoleARN
cloudformation:CreateStack runs as when RoleARN
cloudformation:UpdateStack runs as when RoleARN
codebuild:StartBuild runs as when serviceRoleOverride
dynamodb:CreateTable writes resource policy when ResourcePolicy
ec2:ModifyInstanceAttribute steers when UserData
ec2:RunInstances runs as when Service.InstanceProfileArn
ecs:RegisterTaskDefinition runs as when taskRoleArn
ecs:RegisterTaskDefinition runs as when executionRoleArn
events:PutTargets runs as when Targets.RoleArn
glue:UpdateJob runs as when JobUpdate.Role
iam:CreatePolicyVersion writes policy version when SetAsDefault
iam:CreateRole sets tags when Tags
iam:CreateUser sets tags when Tags
iam:UpdateGroup renames when NewGroupName
iam:UpdateGroup renames when NewPath
iam:UpdateUser renames when NewUserName
iam:UpdateUser renames when NewPath
lambda:UpdateFunctionConfiguration runs as when Role
ssm:SendCommand runs as when ServiceRoleArn
ssm:StartAutomationExecution runs as when Service.AutomationAssumeRole
sts:AssumeRole sets session tags when Tags
sts:AssumeRoleWithSAML sets session tags when Token.PrincipalTag
sts:AssumeRoleWithWebIdentity sets session tags when Token.principal_tags
sts:GetFederationToken sets session tags when Tags
`), "\n")
	var got []string
	for _, row := range operation.Rows() {
		for _, e := range row.Effects {
			if e.When != "" {
				got = append(got, row.FullName()+" "+e.Change.String()+" when "+e.When)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conditional effects (-want +table):\n%s", diff)
	}
}
