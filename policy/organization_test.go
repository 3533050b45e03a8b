package policy_test

import (
	"testing"

	"github.com/ambit-iam/ambit/policy"
)

// Organizations User Guide, "SCP evaluation": every level must allow, none may
// deny.
func TestServiceControlPolicies(t *testing.T) {
	t.Parallel()
	all, s3, sqs := everything(), one(allow("s3:*", "*")), one(allow("sqs:*", "*"))
	manager, linked := ana(), worker()
	manager.ManagementAccount, linked.ServiceLinked = true, true
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"all levels allow", scene{scps: [][]string{all, s3, all}}, "allow identity"},
		{"one level is silent", scene{scps: [][]string{all, sqs, all}}, "implicit-deny scp"},
		{"one level has no policies", scene{scps: [][]string{all, {}, all}}, "implicit-deny scp"},
		{"the account's level is silent", scene{scps: [][]string{all, s3, sqs}}, "implicit-deny scp"},
		{"policies of a level add up", scene{scps: [][]string{all, {sqs[0], s3[0]}}}, "allow identity"},
		{"one level denies", scene{scps: [][]string{all, one(allow("*", "*"), deny("s3:*", "*"))}}, "explicit-deny scp"},
		{"a deny below a silent level", scene{scps: [][]string{sqs, one(allow("*", "*"), deny("s3:*", "*"))}}, "explicit-deny scp"},
		{"SCPs grant nothing", scene{identity: []string{}, scps: [][]string{all}}, "implicit-deny identity"},
		{"conditions count", scene{scps: [][]string{all, one(allow("*", "*", when("StringEquals", "aws:RequestedRegion", "eu-west-1")))}}, "implicit-deny scp"},
		{"a silent SCP beats the resource's Allow", scene{scps: [][]string{sqs}, onto: one(letIn(aws(ana().ARN)))}, "implicit-deny scp"},
		{"root of a member account", scene{who: rootUser(), scps: [][]string{sqs}}, "implicit-deny scp"},
		{"root of a member account, denied", scene{who: rootUser(), scps: [][]string{one(deny("*", "*"))}}, "explicit-deny scp"},
		{"sessions", scene{who: worker(), scps: [][]string{sqs}}, "implicit-deny scp"},
		{"federated sessions", scene{who: guest(), session: all, scps: [][]string{sqs}}, "implicit-deny scp"},
		{"not the management account", scene{who: manager, scps: [][]string{one(deny("*", "*"))}}, "allow identity"},
		{"not service-linked roles", scene{who: linked, scps: [][]string{one(deny("*", "*"))}}, "allow identity"},
		{"not services", scene{who: lambdaService(), scps: [][]string{one(deny("*", "*"))}, onto: one(letIn(`"*"`))}, "allow resource"},
		{"not anonymous callers", scene{who: anonymous(), scps: [][]string{one(deny("*", "*"))}, onto: one(letIn(`"*"`))}, "allow resource"},
	} {
		if tt.identity == nil {
			tt.identity = all
		}
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Organizations User Guide, "Resource control policies": denials for resources
// of member accounts, whoever calls, of the services that support them.
func TestResourceControlPolicies(t *testing.T) {
	t.Parallel()
	refuse := [][]string{one(keepOut(`"*"`))}
	manager, linked := ana(), worker()
	manager.ManagementAccount, linked.ServiceLinked = true, true
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"a user", scene{rcps: refuse}, "explicit-deny rcp"},
		{"at a lower level", scene{rcps: [][]string{{}, one(keepOut(`"*"`))}}, "explicit-deny rcp"},
		{"root", scene{who: rootUser(), rcps: refuse}, "explicit-deny rcp"},
		{"another account", scene{who: outsider(), rcps: refuse, onto: one(letIn(`"*"`))}, "explicit-deny rcp"},
		{"anonymous", scene{who: anonymous(), rcps: refuse, onto: one(letIn(`"*"`))}, "explicit-deny rcp"},
		{"a service", scene{who: lambdaService(), rcps: refuse, onto: one(letIn(`"*"`))}, "explicit-deny rcp"},
		{"not service-linked roles", scene{who: linked, rcps: refuse}, "allow identity"},
		{"not resources of the management account", scene{who: manager, rcps: refuse}, "allow identity"},
		{"the management account at another's resource", scene{who: manager, owner: away, rcps: refuse, onto: one(letIn(`"*"`))}, "explicit-deny rcp"},
		{"not every service", scene{action: "ec2:RunInstances", rcps: refuse}, "allow identity"},
		{"not a service whose name goes on", scene{action: "s3tables:GetTable", rcps: refuse}, "allow identity"},
		{"spelled otherwise", scene{action: "S3:GetObject", rcps: refuse}, "explicit-deny rcp"},
		{"silence is not a denial", scene{rcps: [][]string{{}, one(allow("sqs:*", "*"))}}, "allow identity"},
		{"another resource", scene{rcps: [][]string{one(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::c/*"}`)}}, "allow identity"},
		{"a condition that fails", scene{rcps: [][]string{one(keepOut(`"*"`, when("Bool", "aws:SecureTransport", "false")))}}, "allow identity"},
	} {
		tt.identity = everything()
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	for _, action := range []string{
		"s3:a", "sts:a", "kms:a", "sqs:a", "secretsmanager:a", "ecr:a", "aoss:a", "cognito-identity:a", "logs:a", "dynamodb:a", "xray:a", "opensearch:a",
	} {
		if got := (&scene{action: action, identity: everything(), rcps: refuse}).says(t); got != "explicit-deny rcp" {
			t.Errorf("%s: %s", action, got)
		}
	}
}

func TestEndpointPolicies(t *testing.T) {
	t.Parallel()
	all := everything()
	for _, tt := range []struct {
		name string
		scene
		want string
	}{
		{"allows everybody", scene{endpoint: one(letIn(`"*"`))}, "allow identity"},
		{"allows the caller", scene{endpoint: one(letIn(aws(ana().ARN)))}, "allow identity"},
		{"allows the caller's account", scene{endpoint: one(letIn(aws(home)))}, "allow identity"},
		{"allows another", scene{endpoint: one(letIn(aws(outsider().ARN)))}, "implicit-deny vpce"},
		{"allows nothing", scene{endpoint: []string{}}, "implicit-deny vpce"},
		{"allows another action", scene{endpoint: one(`{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}`)}, "implicit-deny vpce"},
		{"denies", scene{endpoint: one(letIn(`"*"`), keepOut(`"*"`))}, "explicit-deny vpce"},
		{"grants nothing", scene{identity: []string{}, endpoint: one(letIn(`"*"`))}, "implicit-deny identity"},
		{"limits root", scene{who: rootUser(), endpoint: []string{}}, "implicit-deny vpce"},
		{"limits anonymous callers", scene{who: anonymous(), endpoint: []string{}, onto: one(letIn(`"*"`))}, "implicit-deny vpce"},
		{"limits a grant of the resource's policy", scene{endpoint: []string{}, onto: one(letIn(aws(ana().ARN)))}, "implicit-deny vpce"},
	} {
		if tt.identity == nil {
			tt.identity = all
		}
		if got := tt.says(t); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// One policy type is named, the first in the order of evaluation; explicit
// denies come before implicit ones.
func TestWhichDenialIsReported(t *testing.T) {
	t.Parallel()
	refuse, silent := one(deny("*", "*")), one(allow("sqs:*", "*"))
	refuseAll := one(keepOut(`"*"`))
	// Each row takes one away from the row before.
	for _, kind := range []policy.ResourceKind{policy.OrdinaryResource, policy.RoleTrust} {
		sc := scene{
			who: worker(), kind: kind, scps: [][]string{everything(), refuse}, rcps: [][]string{refuseAll}, endpoint: refuseAll,
			onto: refuseAll, identity: refuse, boundary: refuse, session: refuse,
		}
		onto := "resource"
		if kind == policy.RoleTrust {
			onto = "trust"
		}
		for _, step := range []struct {
			want string
			take func()
		}{
			{"explicit-deny scp", func() { sc.scps = [][]string{silent} }},
			{"explicit-deny rcp", func() { sc.rcps = nil }},
			{"explicit-deny vpce", func() { sc.endpoint = one(letIn(aws(away))) }},
			{"explicit-deny " + onto, func() { sc.onto = one(letIn(aws(away))) }},
			{"explicit-deny identity", func() { sc.identity = silent }},
			{"explicit-deny boundary", func() { sc.boundary = silent }},
			{"explicit-deny session", func() { sc.session = silent }},
			{"implicit-deny scp", func() { sc.scps = nil }},
			{"implicit-deny vpce", func() { sc.endpoint = nil }},
			{"implicit-deny identity", func() { sc.identity = everything() }},
		} {
			if got := sc.says(t); got != step.want {
				t.Errorf("got %s, want %s", got, step.want)
			}
			step.take()
		}
		// The resource's policy is named only where it alone is required.
		if kind == policy.RoleTrust {
			if got := sc.says(t); got != "implicit-deny trust" {
				t.Errorf("got %s", got)
			}
			sc.onto = one(letIn(aws(home)))
		}
		if got := sc.says(t); got != "implicit-deny boundary" {
			t.Errorf("got %s", got)
		}
		sc.boundary = nil
		if got := sc.says(t); got != "implicit-deny session" {
			t.Errorf("got %s", got)
		}
		sc.session = nil
		if got := sc.says(t); got != "allow identity" {
			t.Errorf("got %s", got)
		}
	}
}
