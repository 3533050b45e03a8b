package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/catalog"
)

func TestFindAction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ask, want string // want "" = unknown
		access    catalog.AccessLevel
	}{
		{"iam:PassRole", "iam:PassRole", catalog.Write},
		{"IAM:passrole", "iam:PassRole", catalog.Write},
		{"dynamodb:scan", "dynamodb:Scan", catalog.Read},
		{"s3:LISTALLMYBUCKETS", "s3:ListAllMyBuckets", catalog.List},
		{"sts:tagsession", "sts:TagSession", catalog.Write | catalog.Tagging},
		{"iam:putrolepolicy", "iam:PutRolePolicy", catalog.Write | catalog.PermissionsManagement},
		{"iam:PassRole2", "", 0},
		{"iam:", "", 0},
		{"iam", "", 0},
		{"", "", 0},
		{":PassRole", "", 0},
		{"nosuchservice:PassRole", "", 0},
		{"iam:Pass*", "", 0},
		{"iam:Paſsrole", "", 0}, // U+017F folds to s outside ASCII
	}
	for _, tt := range tests {
		t.Run(tt.ask, func(t *testing.T) {
			t.Parallel()
			got, ok := catalog.FindAction(tt.ask)
			if ok != (tt.want != "") || ok && got.String() != tt.want || got.Access != tt.access {
				t.Errorf("FindAction(%q) = %q, %v, %v; want %q, %v", tt.ask, got.String(), got.Access, ok, tt.want, tt.access)
			}
		})
	}
}

// SEMANTICS §3.2 lists, from the Service Authorization Reference, the actions that carry iam:PermissionsBoundary.
func TestPermissionsBoundaryActions(t *testing.T) {
	t.Parallel()
	want := strings.Fields(`
		AttachRolePolicy AttachUserPolicy CreateRole CreateUser DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy
		DeleteUserPermissionsBoundary DeleteUserPolicy DetachRolePolicy DetachUserPolicy GetRole
		PutRolePermissionsBoundary PutRolePolicy PutUserPermissionsBoundary PutUserPolicy UpdateAssumeRolePolicy
		UpdateRole UpdateRoleDescription`)
	if diff := cmp.Diff(want, carrying(t, "iam", "iam:permissionsboundary")); diff != "" {
		t.Errorf("actions that carry iam:PermissionsBoundary (-want +catalog):\n%s", diff)
	}
}

// SEMANTICS §3.2 names the few actions that carry the other keys of a delegation.
func TestDelegationKeys(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key, want string
	}{
		{"iam:PolicyARN", "AttachGroupPolicy AttachRolePolicy AttachUserPolicy DetachGroupPolicy DetachRolePolicy DetachUserPolicy"},
		{"iam:PassedToService", "PassRole"},
		{"iam:AssociatedResourceArn", "PassRole"},
		{"iam:AWSServiceName", "CreateServiceLinkedRole"},
	}
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(strings.Fields(tt.want), carrying(t, "iam", tt.key)); diff != "" {
				t.Errorf("actions that carry %s (-want +catalog):\n%s", tt.key, diff)
			}
		})
	}
}

// carrying returns the names of the service's actions that can carry key.
func carrying(t *testing.T, service, key string) []string {
	t.Helper()
	s, ok := catalog.FindService(service)
	if !ok {
		t.Fatalf("no service %s", service)
	}
	var names []string
	for _, a := range s.Actions() {
		if a.HasKey(key) {
			names = append(names, a.Name)
		}
	}
	return names
}

func TestHasKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		action, key string
		want        bool
	}{
		{"iam:CreateRole", "iam:PermissionsBoundary", true},
		{"iam:CreateRole", "IAM:PERMISSIONSBOUNDARY", true},
		{"iam:PassRole", "iam:PermissionsBoundary", false},
		{"iam:TagRole", "aws:RequestTag/Owner", true},
		{"iam:TagRole", "AWS:requesttag/owner", true},
		{"iam:TagRole", "aws:RequestTag/", false},
		{"iam:TagRole", "aws:ResourceTag/Owner", true},
		{"iam:TagRole", "iam:ResourceTag/Owner", true},
		{"iam:AddUserToGroup", "iam:ResourceTag/Owner", false},
		{"iam:AddUserToGroup", "aws:ResourceTag/Owner", false},
		{"iam:CreateAccessKey", "aws:TagKeys", false},
		{"iam:CreateAccessKey", "aws:PrincipalTag/Team", true},
		{"iam:CreateAccessKey", "aws:RequestedRegion", true},
		{"iam:CreateAccessKey", "ec2:SourceInstanceArn", true}, // a session's key, carried everywhere
		{"sts:AssumeRole", "sts:ExternalId", true},
		{"sts:AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com:repository", true},
		{"sts:AssumeRoleWithWebIdentity", "agent.acme.buildkite.dev:cluster_id", true},
		{"dynamodb:Scan", "dynamodb:LeadingKeys", false},
		{"dynamodb:Query", "dynamodb:LeadingKeys", true},
		{"s3:PutObject", "s3:RequestObjectTag/team", true},
		{"s3:ListAllMyBuckets", "s3:prefix", false},
	}
	for _, tt := range tests {
		t.Run(tt.action+" "+tt.key, func(t *testing.T) {
			t.Parallel()
			a, ok := catalog.FindAction(tt.action)
			if !ok {
				t.Fatalf("no action %s", tt.action)
			}
			if got := a.HasKey(tt.key); got != tt.want {
				t.Errorf("HasKey = %v, want %v; the action carries %v", got, tt.want, a.AllKeys())
			}
		})
	}
}

func TestFindKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ask  string
		want catalog.Key
	}{
		{"aws:SOURCEIP", catalog.Key{Name: "aws:SourceIp", Type: catalog.IPAddress}},
		{"aws:TagKeys", catalog.Key{Name: "aws:TagKeys", Type: catalog.String, Multivalued: true}},
		{"aws:principaltag/Team", catalog.Key{Name: "aws:PrincipalTag/${TagKey}", Type: catalog.String}},
		{"aws:PrincipalTag/${TagKey}", catalog.Key{Name: "aws:PrincipalTag/${TagKey}", Type: catalog.String}},
		{"aws:PrincipalTag/", catalog.Key{}},
		{"aws:SourceVpcArn", catalog.Key{Name: "aws:SourceVpcArn", Type: catalog.ARN}},
		{"iam:permissionsboundary", catalog.Key{Name: "iam:PermissionsBoundary", Type: catalog.ARN}},
		{"iam:resourcetag/x", catalog.Key{Name: "iam:ResourceTag/${TagKey}", Type: catalog.String}},
		{"ec2:osuser", catalog.Key{Name: "ec2:osuser", Type: catalog.String}}, // listed by ec2-instance-connect
		{"saml:AUD", catalog.Key{Name: "saml:aud", Type: catalog.String}},
		{"cognito-identity.amazonaws.com:amr", catalog.Key{Name: "cognito-identity.amazonaws.com:amr", Type: catalog.String, Multivalued: true}},
		{"s3:ExistingObjectTag/a", catalog.Key{Name: "s3:ExistingObjectTag/${TagKey}", Type: catalog.String}},
		{"dynamodb:Attributes", catalog.Key{Name: "dynamodb:Attributes", Type: catalog.String, Multivalued: true}},
		{"sts:DurationSeconds", catalog.Key{Name: "sts:DurationSeconds", Type: catalog.Numeric}},
		{"iam:nosuchkey", catalog.Key{}},
		{"nosuch:key", catalog.Key{}},
		{"nocolon", catalog.Key{}},
		{"", catalog.Key{}},
	}
	for _, tt := range tests {
		t.Run(tt.ask, func(t *testing.T) {
			t.Parallel()
			got, ok := catalog.FindKey(tt.ask)
			if ok != (tt.want.Name != "") || got != tt.want {
				t.Errorf("FindKey(%q) = %+v, %v; want %+v", tt.ask, got, ok, tt.want)
			}
		})
	}
}

func TestKeyMatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key, name string
		want      bool
	}{
		{"a:b/${x}.c", "a:b/1.c", true},
		{"a:b/${x}.c", "A:B/.C.C", true},
		{"a:b/${x}.c", "a:b/.c", false},
		{"a:b/${x}.c", "a:b/1.cd", false},
		{"t.${d}.com:${n}", "t.x.com:y", true},
		{"t.${d}.com:${n}", "t..com:.com:y", true},
		{"t.${d}.com:${n}", "t.x.com:", false},
		{"t.${d}.com:${n}", "t.x.org:y", false},
		{"a:b", "A:B", true},
		{"a:b", "a:bb", false},
		{"a:b", "a", false},
	}
	for _, tt := range tests {
		t.Run(tt.key+" "+tt.name, func(t *testing.T) {
			t.Parallel()
			if got := (catalog.Key{Name: tt.key}).Matches(tt.name); got != tt.want {
				t.Errorf("Matches = %v, want %v", got, tt.want)
			}
		})
	}
}

// The services that resource control policies were launched for, and some that they do not apply to.
func TestResourceControlPolicies(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]bool{
		"s3": true, "sts": true, "kms": true, "sqs": true, "secretsmanager": true, "dynamodb": true, "ecr": true,
		"iam": false, "ec2": false, "lambda": false, "organizations": false,
	} {
		if s, ok := catalog.FindService(prefix); !ok || s.RCP != want {
			t.Errorf("resource control policies apply to %s: %v, want %v", prefix, s.RCP, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	levels := map[catalog.AccessLevel]string{
		0: "", catalog.List: "List", catalog.Read: "Read", catalog.Write | catalog.Tagging: "Write, Tagging",
		catalog.PermissionsManagement: "Permissions management",
	}
	for level, want := range levels {
		if got := level.String(); got != want {
			t.Errorf("AccessLevel(%d) = %q, want %q", level, got, want)
		}
	}
	types := map[catalog.KeyType]string{
		catalog.UnknownType: "unknown", catalog.String: "String", catalog.ARN: "ARN", catalog.Bool: "Bool",
		catalog.Numeric: "Numeric", catalog.Date: "Date", catalog.IPAddress: "IPAddress", catalog.Binary: "Binary", 99: "unknown",
	}
	for kind, want := range types {
		if got := kind.String(); got != want {
			t.Errorf("KeyType(%d) = %q, want %q", kind, got, want)
		}
	}
	if got := catalog.Version(); got != "0.21.202609261" {
		t.Errorf("Version = %q", got)
	}
}

func TestResourceType(t *testing.T) {
	t.Parallel()
	iam, ok := catalog.FindService("IAM")
	if !ok || iam.Prefix != "iam" || !strings.HasPrefix(iam.Name, "AWS Identity and Access Management") {
		t.Fatalf("FindService(IAM) = %+v, %v", iam, ok)
	}
	role, ok := iam.ResourceType("ROLE")
	if want := []string{"arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"}; !ok || !slices.Equal(role.ARNs, want) {
		t.Errorf("role = %q, %v; want %q", role.ARNs, ok, want)
	}
	if _, ok := iam.ResourceType("no-such-type"); ok {
		t.Error("no-such-type is a resource type")
	}
	gateway, _ := catalog.FindService("apigateway")
	authorizer, _ := gateway.ResourceType("Authorizer")
	if len(authorizer.ARNs) != 2 {
		t.Errorf("an API Gateway authorizer has the ARN forms %q, want 2", authorizer.ARNs)
	}
}

// What is returned belongs to the caller: nobody else sees what he does with the list.
func TestListsAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	sns, _ := catalog.FindService("sns")
	sns.Actions()[0].Name = "spoiled"
	sns.ResourceTypes()[0].Name = "spoiled"
	sns.Keys()[0].Name = "spoiled"
	catalog.GlobalKeys()[0].Name = "spoiled"
	if sns.Actions()[0].Name == "spoiled" || sns.ResourceTypes()[0].Name == "spoiled" || sns.Keys()[0].Name == "spoiled" ||
		catalog.GlobalKeys()[0].Name == "spoiled" {
		t.Error("a list that was returned is the catalog's own")
	}
}

// Every line of the table can be read, and what was read can be found again.
func TestWholeTable(t *testing.T) {
	t.Parallel()
	prefixes := catalog.Prefixes()
	actions := 0
	for _, prefix := range prefixes {
		s, ok := catalog.FindService(strings.ToUpper(prefix))
		if !ok || s.Prefix != prefix || s.Name == "" {
			t.Fatalf("FindService(%q) = %+v, %v", strings.ToUpper(prefix), s, ok)
		}
		for _, a := range s.Actions() {
			actions++
			if found, ok := catalog.FindAction(strings.ToUpper(a.String())); !ok || found.Name != a.Name {
				t.Errorf("%s is not found again", a)
			}
			if a.Access == 0 {
				t.Errorf("%s has no access level", a)
			}
			for _, r := range a.Resources {
				if len(r.Type.ARNs) == 0 {
					t.Errorf("%s works on %s, which has no ARN", a, r.Type.Name)
				}
			}
			for _, k := range a.AllKeys() {
				if k.Type == catalog.UnknownType || !a.HasKey(k.Name) {
					t.Errorf("%s: key %+v", a, k)
				}
			}
		}
	}
	if !slices.IsSorted(prefixes) || len(prefixes) != 456 || actions != 22091 {
		t.Errorf("%d services and %d actions; the reference of %s has 456 and 22091", len(prefixes), actions, catalog.Version())
	}
}

// Matching ignores case and nothing else: it agrees with the plain definition of a pattern with one variable.
func TestKeyMatchesLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[aAbB.:/]{0,4}`)
		head, middle, tail := text.Draw(t, "head"), text.Draw(t, "middle"), text.Draw(t, "tail")
		name := rapid.OneOf(text, rapid.Custom(func(t *rapid.T) string {
			return head + text.Draw(t, "x") + middle + text.Draw(t, "y") + tail
		})).Draw(t, "name")
		pattern := "(?is)^" + regexp.QuoteMeta(head) + ".+" + regexp.QuoteMeta(middle) + ".+" + regexp.QuoteMeta(tail) + "$"
		k := catalog.Key{Name: head + "${X}" + middle + "${Y}" + tail}
		if got, want := k.Matches(name), regexp.MustCompile(pattern).MatchString(name); got != want {
			t.Fatalf("%q matches %q: %v, want %v", k.Name, name, got, want)
		}
	})
}

func FuzzFindKey(f *testing.F) {
	for _, seed := range []string{"aws:RequestTag/x", "iam:PermissionsBoundary", "agent.a.buildkite.dev:cluster_id", ":", "a:${"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		upper, _ := catalog.FindKey(strings.Map(func(r rune) rune {
			if 'a' <= r && r <= 'z' {
				return r - 'a' + 'A'
			}
			return r
		}, name))
		k, ok := catalog.FindKey(name)
		if strings.ToValidUTF8(name, "") == name && k != upper {
			t.Errorf("FindKey(%q) = %+v, in upper case %+v", name, k, upper)
		}
		if ok && !k.Matches(name) {
			t.Errorf("FindKey(%q) = %+v, which does not match", name, k)
		}
	})
}

func BenchmarkFindAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := catalog.FindAction("ec2:runinstances"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkHasKey(b *testing.B) {
	a, _ := catalog.FindAction("iam:CreateRole")
	b.ReportAllocs()
	for b.Loop() {
		if !a.HasKey("iam:PermissionsBoundary") {
			b.Fatal("not carried")
		}
	}
}
