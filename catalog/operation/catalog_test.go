package operation_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/catalog"
	"github.com/ambit-iam/ambit/catalog/operation"
)

// newActions are actions that the Service Authorization Reference does not list, although the API has the call, and those of our
// own service. They are taken to be like another action.
var newActions = map[string]string{
	"ambit:AddAccount":                "iam:GetAccountSummary",
	"ambit:ApplyOrganization":         "iam:GetAccountSummary",
	"ambit:DescribeInstanceEndpoints": "iam:GetAccountSummary",
	"ambit:ExplainDecision":           "iam:GetAccountSummary",
	"iam:UpdateDelegationRequest":     "iam:RejectDelegationRequest",
}

// action returns the catalog's entry for an action that a question asks for.
func action(t *testing.T, name string) catalog.Action {
	t.Helper()
	if like, ok := newActions[name]; ok {
		name = like
	}
	a, ok := catalog.FindAction(name)
	if !ok {
		t.Fatalf("no action %s", name)
	}
	return a
}

// Every action that is asked for exists, in this spelling.
func TestActionsExist(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			a, ok := catalog.FindAction(q.Action)
			if _, isNew := newActions[q.Action]; ok == isNew || ok && a.String() != q.Action {
				t.Errorf("%s asks for %s; the catalog has %q, %v", row.FullName(), q.Action, a.String(), ok)
			}
		}
	}
}

// The first question of a call is its action of the same name, except where AWS names them differently.
func TestNamesOfActions(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"dynamodb:TransactGetItems":             "dynamodb:GetItem",
		"dynamodb:TransactWriteItems":           "dynamodb:ConditionCheckItem",
		"iam:AcquireRole":                       "iam:CreateRole",
		"lambda:GetLayerVersionByArn":           "lambda:GetLayerVersion",
		"lambda:Invoke":                         "lambda:InvokeFunction",
		"lambda:InvokeWithResponseStream":       "lambda:InvokeFunction",
		"s3:ListBuckets":                        "s3:ListAllMyBuckets",
		"s3:HeadBucket":                         "s3:ListBucket",
		"s3:ListObjects":                        "s3:ListBucket",
		"s3:ListObjectsV2":                      "s3:ListBucket",
		"s3:HeadObject":                         "s3:GetObject",
		"s3:CompleteMultipartUpload":            "s3:PutObject",
		"s3:CopyObject":                         "s3:PutObject",
		"s3:CreateMultipartUpload":              "s3:PutObject",
		"s3:DeleteBucketCors":                   "s3:PutBucketCORS",
		"s3:DeleteBucketEncryption":             "s3:PutEncryptionConfiguration",
		"s3:DeleteBucketLifecycle":              "s3:PutLifecycleConfiguration",
		"s3:DeleteBucketOwnershipControls":      "s3:PutBucketOwnershipControls",
		"s3:DeleteBucketTagging":                "s3:PutBucketTagging",
		"s3:DeleteObjects":                      "s3:DeleteObject",
		"s3:DeletePublicAccessBlock":            "s3:PutBucketPublicAccessBlock",
		"s3:GetBucketAccelerateConfiguration":   "s3:GetAccelerateConfiguration",
		"s3:GetBucketCors":                      "s3:GetBucketCORS",
		"s3:GetBucketEncryption":                "s3:GetEncryptionConfiguration",
		"s3:GetBucketLifecycleConfiguration":    "s3:GetLifecycleConfiguration",
		"s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
		"s3:GetBucketReplication":               "s3:GetReplicationConfiguration",
		"s3:GetObjectLockConfiguration":         "s3:GetBucketObjectLockConfiguration",
		"s3:GetPublicAccessBlock":               "s3:GetBucketPublicAccessBlock",
		"s3:ListMultipartUploads":               "s3:ListBucketMultipartUploads",
		"s3:ListObjectVersions":                 "s3:ListBucketVersions",
		"s3:ListParts":                          "s3:ListMultipartUploadParts",
		"s3:DeleteBucketReplication":            "s3:PutReplicationConfiguration",
		"s3:PostObject":                         "s3:PutObject",
		"s3:PutBucketAccelerateConfiguration":   "s3:PutAccelerateConfiguration",
		"s3:PutBucketCors":                      "s3:PutBucketCORS",
		"s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
		"s3:PutBucketReplication":               "s3:PutReplicationConfiguration",
		"s3:PutBucketEncryption":                "s3:PutEncryptionConfiguration",
		"s3:PutBucketLifecycleConfiguration":    "s3:PutLifecycleConfiguration",
		"s3:PutPublicAccessBlock":               "s3:PutBucketPublicAccessBlock",
		"s3:UploadPart":                         "s3:PutObject",
		"s3:UploadPartCopy":                     "s3:PutObject",
	}
	got := map[string]string{}
	for _, row := range operation.Rows() {
		if len(row.Questions) > 0 && row.Questions[0].Action != row.FullName() {
			got[row.FullName()] = row.Questions[0].Action
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls whose action has another name (-want +table):\n%s", diff)
	}
}

// unlistedKeys are keys that a question carries although the Service Authorization Reference does not list them for its action.
var unlistedKeys = map[string]string{
	"ec2:ModifyInstanceMetadataOptions ec2:Attribute/HttpEndpoint":            "the reference lists what it is one of: ec2:Attribute/${AttributeName}",
	"ec2:ModifyInstanceMetadataOptions ec2:Attribute/HttpProtocolIpv6":        "the same",
	"ec2:ModifyInstanceMetadataOptions ec2:Attribute/HttpPutResponseHopLimit": "the same",
	"ec2:ModifyInstanceMetadataOptions ec2:Attribute/HttpTokens":              "the same",
	"ec2:ModifyInstanceMetadataOptions ec2:Attribute/InstanceMetadataTags":    "the same",
	"kms:Decrypt kms:EncryptionContext:PARAMETER_ARN":                         "the reference lists what it is one of: kms:EncryptionContext:${EncryptionContextKey}",
	"kms:Encrypt kms:EncryptionContext:PARAMETER_ARN":                         "the same",
	"kms:GenerateDataKey kms:EncryptionContext:PARAMETER_ARN":                 "the same",
	"s3:GetBucketObjectLockConfiguration s3:x-amz-content-sha256":             "every S3 request carries it; the reference forgets it here",
	"s3:PutBucketObjectLockConfiguration s3:x-amz-content-sha256":             "every S3 request carries it; the reference forgets it here",
}

// Every key that a question carries is available on its action, in this spelling.
func TestKeysAreAvailable(t *testing.T) {
	t.Parallel()
	unused := map[string]bool{}
	for pair := range unlistedKeys {
		unused[pair] = true
	}
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			a := action(t, q.Action)
			for _, k := range q.Keys {
				if unlistedKeys[q.Action+" "+k.Name] != "" {
					delete(unused, q.Action+" "+k.Name)
					continue
				}
				if k.Name == "${Provider}:${Claim}" { // stands for many, which TestProviderClaims looks at
					continue
				}
				known, ok := catalog.FindKey(k.Name)
				if !ok || known.Name != k.Name || !a.HasKey(k.Name) {
					t.Errorf("%s: %s is not available on %s (the catalog knows %q)", row.FullName(), k.Name, q.Action, known.Name)
				}
			}
		}
	}
	if len(unused) > 0 {
		t.Errorf("these exceptions are not needed any more: %v", unused)
	}
}

// Every key that the reference lists for an action is carried by every question for it, so that no condition fails for a key
// that we forgot. The rows of other services than these carry what can fence them, and not the hundreds of keys there are.
func TestKeysAreComplete(t *testing.T) {
	t.Parallel()
	missing := map[string][]string{} // key → "call action"
	for _, row := range operation.Rows() {
		whole := slices.Contains([]string{"iam", "sts", "dynamodb", "s3", "logs"}, row.Service)
		passes := slices.Contains([]string{"ec2", "lambda"}, row.Service) // roles, which are IAM's
		for _, q := range row.Questions {
			if !whole && !(passes && q.Action == "iam:PassRole") {
				continue
			}
			a := action(t, q.Action)
			for _, k := range a.AllKeys() {
				carried := slices.ContainsFunc(q.Keys, func(have operation.Key) bool {
					return have.Name == k.Name || have.Name == "${Provider}:${Claim}" && isClaim(k.Name)
				})
				if !carried && !absent(row, q, k.Name) {
					missing[k.Name] = append(missing[k.Name], row.FullName()+" "+q.Action)
				}
			}
		}
	}
	for key, where := range missing {
		t.Errorf("%s is carried neither by %s", key, strings.Join(where, ", nor by "))
	}
}

// absent says why a key that the reference lists is not carried. Each case is a choice.
func absent(row operation.Row, q operation.Question, key string) bool {
	part := slices.Index(questionActions(row), q.Action) > 0 // asked as a part of another call
	switch {
	case key == "iam:RoleTemplateARN":
		return row.Name != "AcquireRole" // only a role template makes these calls with a template
	case key == "iam:DelegationRequestOwner":
		return row.Name == "CreateDelegationRequest" // a new request belongs to nobody yet
	case key == "saml:aud":
		return q.Action == "sts:TagSession" // only the call that brings the assertion has it
	case row.FullName() == "sts:GetFederationToken" && q.Action == "sts:TagSession":
		return key == "sts:TransitiveTagKeys" || strings.HasSuffix(key, "ResourceTag/${TagKey}") // there is no role
	case key == "dynamodb:ReturnValues":
		return row.Mode == operation.Read || row.Name == "TransactWriteItems" // reads and transactions have no such member
	case key == "dynamodb:Select":
		return row.Mode == operation.Write // writes return no items that could be selected from
	case key == "s3:prefix", key == "s3:delimiter", key == "s3:max-keys":
		return !strings.HasPrefix(row.Name, "List") // other calls that need s3:ListBucket have no such members
	case strings.HasSuffix(key, "ResourceTag/${TagKey}") && q.Target.Kind == "" && !slices.ContainsFunc(q.Keys, func(k operation.Key) bool {
		return k.From == operation.FromInput && k.Name == "aws:RequestTag/${TagKey}"
	}):
		return true // nothing there yet that could have tags, and no tags in the request
	case key == "s3:BucketTag/${TagKey}":
		return q.Target.Kind == ""
	case key == "s3:AccessGrantsInstanceArn", strings.HasPrefix(key, "s3:AccessPoint"), strings.HasPrefix(key, "s3:DataAccessPoint"):
		return true // neither access points nor access grants
	case strings.HasPrefix(key, "s3:object-lock-event-hold"):
		return true // not in the input of PutObject yet
	case slices.Contains([]string{"CreateMultipartUpload", "UploadPart", "UploadPartCopy"}, row.Name) && (key == "s3:if-match" || key == "s3:if-none-match"):
		return true // nothing is overwritten yet
	case row.Name == "DeleteObjects" && key == "s3:if-match":
		return true // an ETag per key is no header
	case key == "s3:x-amz-copy-source", key == "s3:x-amz-metadata-directive", key == "s3:x-amz-object-annotation-directive":
		return true // of CopyObject
	case key == "s3:x-amz-grant-write" && row.Name != "CreateBucket":
		return true // objects have no such grant
	}
	return part && row.Name == "DeleteObject" // what it bypasses is a retention; the rest is of PutObject
}

func questionActions(row operation.Row) []string {
	var actions []string
	for _, q := range row.Questions {
		actions = append(actions, q.Action)
	}
	return actions
}

// isClaim reports whether a key of sts is one that an identity provider's token gives.
func isClaim(key string) bool {
	prefix, _, _ := strings.Cut(key, ":")
	_, service := catalog.FindService(prefix)
	return !service && prefix != "aws"
}

// "${Provider}:${Claim}" stands for exactly the keys of identity providers that the reference lists.
func TestProviderClaims(t *testing.T) {
	t.Parallel()
	a, _ := catalog.FindAction("sts:AssumeRoleWithWebIdentity")
	claims := 0
	for _, k := range a.AllKeys() {
		if isClaim(k.Name) {
			claims++
		}
	}
	if claims < 50 {
		t.Errorf("sts:AssumeRoleWithWebIdentity has %d keys of providers", claims)
	}
	q := find(t, "sts:AssumeRoleWithWebIdentity").Questions[0]
	if !slices.ContainsFunc(q.Keys, func(k operation.Key) bool { return k.Name == "${Provider}:${Claim}" && k.From == operation.FromToken }) {
		t.Errorf("sts:AssumeRoleWithWebIdentity carries no claims: %v", q.Keys)
	}
}

// listedPaths are calls without resource-level permissions that IAM nevertheless judges on the path they list (SEMANTICS §4.5).
var listedPaths = map[string]string{
	"iam:ListGroups":             "group",
	"iam:ListInstanceProfiles":   "instance-profile",
	"iam:ListPolicies":           "policy",
	"iam:ListRoles":              "role",
	"iam:ListServerCertificates": "server-certificate",
	"iam:ListUsers":              "user",
	"logs:DescribeLogGroups":     "log-group",
}

// otherResources are questions on a resource type that the reference does not list for the action.
var otherResources = map[string]string{
	"sts:GetFederationToken sts:TagSession": "federated-user", // the reference lists roles only; the session is what is tagged
}

// What is judged is an ARN that the action can be about, and the star exactly where the action has no resources.
func TestResourcesFit(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		for i, q := range row.Questions {
			a := action(t, q.Action)
			service, _ := catalog.FindService(a.Service)
			types := slices.Clone(a.Resources)
			for _, other := range []string{listedPaths[q.Action], otherResources[row.FullName()+" "+q.Action]} {
				if rt, ok := service.ResourceType(other); ok {
					types = append(types, catalog.ActionResource{Type: &rt})
				}
			}
			if len(types) == 0 {
				if q.Resource != "*" {
					t.Errorf("%s question %d: %s has no resources, but is judged on %s", row.FullName(), i, q.Action, q.Resource)
				}
				continue
			}
			if !fits(t, row, q, types) {
				t.Errorf("%s question %d: %s is no ARN of %s", row.FullName(), i, q.Resource, q.Action)
			}
			if q.Target.Kind != "" && !ofKind(q.Target.Kind, types) {
				t.Errorf("%s question %d: %s is not about a %s", row.FullName(), i, q.Action, q.Target.Kind)
			}
		}
	}
}

// fits reports whether the template, filled in, has the form of one of the types' ARNs.
func fits(t *testing.T, row operation.Row, q operation.Question, types []catalog.ActionResource) bool {
	t.Helper()
	if names := operation.References(q.Resource); len(names) == 1 && q.Resource == "${"+names[0]+"}" {
		return q.Target.Named == operation.ByARN && q.Target.Member == names[0] // the input gives the whole ARN
	}
	filled, err := operation.Expand(q.Resource, func(name string) (string, bool) {
		switch {
		case name == "Service.TableARN":
			return "arn:x:dynamodb:x:x:table/x", true
		case name == "Element.ResourceType":
			return "instance", true
		case name != "EntityPath" && strings.Contains(name, "Path"):
			return "", false // the default, which must be there
		}
		return "x", true
	})
	if err != nil {
		t.Errorf("%s: %v", row.FullName(), err)
	}
	if listedPaths[q.Action] != "" {
		filled += "x"
	}
	for _, on := range types {
		for _, form := range on.Type.ARNs {
			pattern := regexp.QuoteMeta(form)
			pattern = regexp.MustCompile(`\\\$\\\{[^}]*\\\}`).ReplaceAllString(pattern, ".+")
			if regexp.MustCompile("^" + pattern + "$").MatchString(filled) {
				return true
			}
		}
	}
	return false
}

func ofKind(kind operation.Kind, types []catalog.ActionResource) bool {
	return kind == operation.AnyKind || slices.ContainsFunc(types, func(r catalog.ActionResource) bool { return r.Type.Name == string(kind) })
}

// iam:PermissionsBoundary is the heart of a delegation: who carries it, and from where.
func TestPermissionsBoundaryKey(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	for _, name := range strings.Fields("CreateRole CreateUser PutRolePermissionsBoundary PutUserPermissionsBoundary") {
		want["iam:"+name] = "input"
	}
	for _, name := range strings.Fields(`
		AttachRolePolicy AttachUserPolicy DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy
		DeleteUserPermissionsBoundary DeleteUserPolicy DetachRolePolicy DetachUserPolicy GetRole PutRolePolicy PutUserPolicy
		UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription`) {
		want["iam:"+name] = "target"
	}
	got := map[string]string{}
	for _, row := range operation.Rows() {
		if row.Name == "AcquireRole" {
			continue // its questions are those of other calls, with the template's boundary
		}
		for _, q := range row.Questions {
			for _, k := range q.Keys {
				if k.Name == "iam:PermissionsBoundary" {
					got[row.FullName()] = k.From.String()
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls that carry iam:PermissionsBoundary, and its origin (-want +table):\n%s", diff)
	}
}
