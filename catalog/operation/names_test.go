package operation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// namespaces are the names that are not members of the input (package documentation, "Names").
var namespaces = []string{"Target.", "Caller.", "Token.", "Service."}

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
			if q.Each != "" && !strings.HasPrefix(q.Each, "Service.") && !slices.Contains(members, q.Each+"[]") {
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
		if k.From == operation.FromInput {
			found = append(found, k.Value)
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
func known(name, each string, members []string) bool {
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
	return slices.Contains(members, name) || slices.Contains(members, name+"[]")
}

// A question about the caller can only be asked for a target that may be the caller.
func TestOrCaller(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		for i, q := range row.Questions {
			if q.Target.OrCaller && (row.Service != "iam" || q.Target.Kind != operation.User) {
				t.Errorf("%s question %d: a %s may be the caller", row.FullName(), i, q.Target.Kind)
			}
		}
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
		"ecs:RunTask":                            "Service.Family Service.Revision Service.TaskRoles",
	}
	for call, want := range tests {
		if got := strings.Join(find(t, call).ServiceNames(), " "); got != want {
			t.Errorf("%s: ServiceNames = %q, want %q", call, got, want)
		}
	}
}
