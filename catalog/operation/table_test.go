package operation_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/catalog/operation"
)

func TestFind(t *testing.T) {
	t.Parallel()
	rows := operation.Rows()
	if !slices.IsSortedFunc(rows, func(a, b operation.Row) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	}) {
		t.Error("Rows are not sorted by service and name")
	}
	for i, row := range rows {
		if i > 0 && rows[i-1].FullName() == row.FullName() {
			t.Errorf("%s has two rows", row.FullName())
		}
		found, ok := operation.Find(row.Service, row.Name)
		if !ok || found.FullName() != row.FullName() || found.Source != row.Source {
			t.Errorf("Find(%q, %q) = %s, %v", row.Service, row.Name, found.FullName(), ok)
		}
	}
	for _, no := range [][2]string{{"iam", "createrole"}, {"IAM", "CreateRole"}, {"iam", ""}, {"", ""}, {"sts", "CreateRole"}, {"iam", "PassRole"}} {
		if row, ok := operation.Find(no[0], no[1]); ok || row.Mode != 0 || row.Questions != nil {
			t.Errorf("Find(%q, %q) = %+v, %v; want none", no[0], no[1], row, ok)
		}
	}
}

func TestServices(t *testing.T) {
	t.Parallel()
	services := operation.Services()
	has := map[string]bool{}
	for _, row := range operation.Rows() {
		has[row.Service] = true
	}
	for i, s := range services {
		if i > 0 && services[i-1].Name >= s.Name {
			t.Errorf("%s stands after %s", s.Name, services[i-1].Name)
		}
		if found, ok := operation.FindService(s.Name); !ok || found != s {
			t.Errorf("FindService(%q) = %+v, %v", s.Name, found, ok)
		}
		if s.Protocol.String() == "invalid" || s.Version == "" || s.Namespace == "" || !has[s.Name] {
			t.Errorf("%+v: want a protocol, a version, a namespace and rows (%v)", s, has[s.Name])
		}
		json := s.Protocol == operation.AWSJSON10 || s.Protocol == operation.AWSJSON11
		if json != (s.TargetPrefix != "") {
			t.Errorf("%s: protocol %v with target prefix %q", s.Name, s.Protocol, s.TargetPrefix)
		}
		if s.Global != (s.Name == "iam") {
			t.Errorf("%s: global %v; of these services only iam is", s.Name, s.Global)
		}
		delete(has, s.Name)
	}
	if len(has) > 0 {
		t.Errorf("rows of services that are not listed: %v", has)
	}
	if _, ok := operation.FindService("IAM"); ok {
		t.Error("service names are not spelled exactly")
	}
}

// Every operation that AWS's SDK has for IAM and STS has a row, and every row is an operation.
func TestComplete(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	for call := range inputs(t) {
		service, _, _ := strings.Cut(call, ":")
		want[service] = append(want[service], call)
	}
	got := map[string][]string{}
	for _, row := range operation.Rows() {
		got[row.Service] = append(got[row.Service], row.FullName())
	}
	for service := range want {
		slices.Sort(want[service])
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-AWS +table):\n%s", diff)
	}
	if len(got["iam"]) != 180 || len(got["sts"]) != 11 {
		t.Errorf("%d rows for iam and %d for sts; the SDK has 180 and 11", len(got["iam"]), len(got["sts"]))
	}
}

// The only calls that may go without permission, and the only ones without a signature.
func TestOpenDoors(t *testing.T) {
	t.Parallel()
	var free, unsigned, soft []string
	for _, row := range operation.Rows() {
		if row.NoPermission != "" {
			free = append(free, row.FullName())
		}
		if row.Auth != operation.Signed {
			unsigned = append(unsigned, row.FullName())
		}
		for _, q := range row.Questions {
			if q.Soft {
				soft = append(soft, row.FullName()+" "+q.Action)
			}
		}
		if !slices.ContainsFunc(row.Questions, func(q operation.Question) bool { return !q.Soft }) && row.NoPermission == "" &&
			row.FullName() != "s3:DeleteObjects" { // refuses key by key
			t.Errorf("%s has no question that can refuse it", row.FullName())
		}
	}
	for _, tt := range []struct {
		what      string
		got, want []string
	}{
		{"without permission", free, []string{"sts:GetCallerIdentity", "sts:GetSessionToken"}},
		{"without signature", unsigned, []string{"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}},
		{"soft", soft, []string{
			"logs:CreateLogGroup logs:TagResource", "logs:CreateLogGroup logs:TagLogGroup",
			"s3:CopyObject s3:ListBucket", "s3:DeleteObjects s3:DeleteObject", "s3:DeleteObjects s3:DeleteObjectVersion", "s3:DeleteObjects s3:GetObject",
			"s3:GetObject s3:ListBucket", "s3:GetObjectAttributes s3:ListBucket", "s3:HeadObject s3:ListBucket", "s3:UploadPartCopy s3:ListBucket",
		}},
	} {
		if diff := gocmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("calls %s (-want +table):\n%s", tt.what, diff)
		}
	}
}

// A call that can be refused is refused whatever its input leaves out: at least one question is always asked, or two that
// between them leave no gap.
func TestSomethingIsAlwaysAsked(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		if row.NoPermission != "" || row.FullName() == "s3:DeleteObjects" { // which AWS refuses without keys
			continue
		}
		always := slices.ContainsFunc(row.Questions, func(q operation.Question) bool {
			return len(q.When) == 0 && len(q.Unless) == 0 && q.Each == "" && !q.Soft
		})
		gapless := slices.ContainsFunc(row.Questions, func(a operation.Question) bool {
			return len(a.When) == 0 && len(a.Unless) > 0 && !a.Soft && slices.ContainsFunc(row.Questions, func(b operation.Question) bool {
				return slices.Equal(a.Unless, b.When) && len(b.Unless) == 0 && b.Each == "" && !b.Soft
			})
		})
		perElement := !slices.ContainsFunc(row.Questions, func(q operation.Question) bool {
			return strings.HasPrefix(q.Action, row.Service+":") && !requiredList[row.FullName()+" "+q.Each] // others' are asked on top
		})
		if !always && !gapless && !perElement {
			t.Errorf("%s: an input can leave out every question", row.FullName())
		}
	}
}

// requiredList are lists that AWS refuses when they are empty, so that a question per element is always asked. Of several lists of
// one call not all are empty.
var requiredList = map[string]bool{
	"dynamodb:BatchGetItem Service.Tables":              true,
	"dynamodb:BatchWriteItem Service.Tables":            true,
	"dynamodb:TransactGetItems Service.Tables":          true,
	"dynamodb:TransactWriteItems Service.CheckedTables": true,
	"dynamodb:TransactWriteItems Service.PutTables":     true,
	"dynamodb:TransactWriteItems Service.UpdatedTables": true,
	"dynamodb:TransactWriteItems Service.DeletedTables": true,
	"logs:StartLiveTail logGroupIdentifiers":            true,
	"ssm:GetParameters Service.Parameters":              true,
	"ssm:DeleteParameters Service.Parameters":           true,
	"ec2:StartInstances InstanceIds":                    true,
	"ec2:StopInstances InstanceIds":                     true,
	"ec2:RebootInstances InstanceIds":                   true,
	"ec2:TerminateInstances InstanceIds":                true,
	"ec2:CreateTags Service.ResourceArns":               true,
	"ec2:DeleteTags Service.ResourceArns":               true,
}

func TestRowsAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, row := range operation.Rows() {
		name := row.FullName()
		if row.Mode.String() == "invalid" {
			t.Errorf("%s: mode %d", name, row.Mode)
		}
		if !strings.HasPrefix(row.Source, "https://docs.aws.amazon.com/") && (row.Service != "ambit" || row.Source != "docs/architecture.md") {
			t.Errorf("%s: source %q is no page of AWS", name, row.Source)
		}
		if (row.NoPermission != "") != (len(row.Questions) == 0) {
			t.Errorf("%s: %d questions, no permission %q", name, len(row.Questions), row.NoPermission)
		}
		if (len(row.Effects) > 0) != (row.Mitigation != "") {
			t.Errorf("%s: %d effects, mitigation %q", name, len(row.Effects), row.Mitigation)
		}
		if row.Mode == operation.Read && slices.ContainsFunc(row.Effects, stored) {
			t.Errorf("%s reads, but changes what is stored", name)
		}
		for i, q := range row.Questions {
			checkQuestion(t, name, i, q)
		}
		for _, g := range row.Guards {
			if g.Precondition.String() == "invalid" {
				t.Errorf("%s: guard %+v", name, g)
			}
		}
		for _, e := range row.Effects {
			if e.Change.String() == "invalid" {
				t.Errorf("%s: effect %+v", name, e)
			}
		}
	}
}

// stored reports whether an effect is one of stored state; a session is in its token.
func stored(e operation.Effect) bool {
	sessions := []operation.Change{operation.IssuesSession, operation.SetsSessionTags, operation.IsUnknown}
	return !slices.Contains(sessions, e.Change)
}

func checkQuestion(t *testing.T, name string, i int, q operation.Question) {
	t.Helper()
	target := q.Target
	if (target.Kind == "") != (target == operation.Target{}) {
		t.Errorf("%s question %d: target %+v without a kind", name, i, target)
	}
	if target.Kind != "" && target.Member != "" && target.Named.String() == "invalid" {
		t.Errorf("%s question %d: target %+v: named how?", name, i, target)
	}
	if target.Kind != "" && target.Member == "" && !target.OrCaller {
		t.Errorf("%s question %d: target %+v: named by what?", name, i, target)
	}
	if q.Resource == "" {
		t.Errorf("%s question %d judges nothing", name, i)
	}
	if q.Policy != operation.NoResourcePolicy && target.Kind == "" {
		t.Errorf("%s question %d: a %v without a target that holds it", name, i, q.Policy)
	}
	if strings.Contains(strings.Join(append(q.When, q.Unless...), " "), "Element") {
		t.Errorf("%s question %d: whether it is asked is decided before there is an element", name, i)
	}
	if element := strings.Contains(q.Resource, "Element"); element && q.Each == "" {
		t.Errorf("%s question %d: an element of nothing in %s", name, i, q.Resource)
	}
	for _, k := range q.Keys {
		if k.From.String() == "invalid" || k.Value == "" {
			t.Errorf("%s question %d: key %+v", name, i, k)
		}
		if k.From == operation.FromTarget && target.Kind == "" {
			t.Errorf("%s question %d: key %+v of no target", name, i, k)
		}
	}
}

// A member is one value of an input, named by its path.
type member struct {
	list     bool
	required bool // for members of the first level
}

// inputs reads the members of each operation's input from testdata/inputs.txt, by "service:Operation".
func inputs(t *testing.T) map[string]map[string]member {
	t.Helper()
	text, err := os.ReadFile("testdata/inputs.txt")
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile("testdata/own_inputs.txt")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, own...)
	all := map[string]map[string]member{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		members := map[string]member{}
		for _, f := range fields[2:] {
			f, required := strings.CutSuffix(f, "!")
			name, list := strings.CutSuffix(f, "[]")
			members[name] = member{list: list, required: required}
		}
		all[fields[0]+":"+fields[1]] = members
	}
	all["s3:PostObject"] = all["s3:PutObject"] // the API model knows no forms
	return all
}

// Whether a role may be passed is asked about a role that the server can find, or its path and case would be the request's.
func TestPassedRolesAreFound(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, row := range operation.Rows() {
		for i, q := range row.Questions {
			if q.Action != "iam:PassRole" {
				continue
			}
			asked++
			if q.Target.Kind != operation.Role || q.Target.Member == "" {
				t.Errorf("%s question %d: iam:PassRole is asked about %+v", row.FullName(), i, q.Target)
			}
		}
	}
	if asked < 20 {
		t.Errorf("only %d questions of iam:PassRole", asked)
	}
}
