package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/server"
	"github.com/ambit-iam/ambit/internal/service"
)

func TestAskedNamesEveryAction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		row  operation.Row
		want string
	}{
		{"one", operation.Row{Questions: []operation.Question{{Action: "iam:GetRole"}}}, "`iam:GetRole`"},
		{"none", operation.Row{NoPermission: "AWS says so"}, "nothing"},
		{"several", operation.Row{Questions: []operation.Question{
			{Action: "iam:CreateUser"}, {Action: "iam:TagUser", When: []string{"Tags"}}, {Action: "s3:ListBucket", Soft: true},
			{Action: "iam:PassRole", Each: "Roles"}, {Action: "iam:CreateUser"},
		}}, "`iam:CreateUser`, `iam:TagUser` (depending on the input), `s3:ListBucket` (shapes the answer), `iam:PassRole` (for each)"},
	} {
		if diff := cmp.Diff(tt.want, asked(tt.row)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// TestPageIsFresh holds that docs/coverage.md says what the server does.
func TestPageIsFresh(t *testing.T) {
	t.Parallel()
	made := filepath.Join(t.TempDir(), "coverage.md")
	if err := run(made); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/coverage.md is old; go generate ./tools/coverage makes it anew:\n%s", diff)
	}
}

// TestReadmeNamesWhatIsAnswered holds README's short list to the same table.
func TestReadmeNamesWhatIsAnswered(t *testing.T) {
	t.Parallel()
	table, err := server.Table()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(readme), "Calls with an answer:")
	list, _, ends := strings.Cut(list, "Every other")
	if !found || !ends {
		t.Fatal("README.md does not list the calls with an answer")
	}
	names := map[string]bool{}
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,;.`\n", r) }) {
		names[name] = true
	}
	for _, o := range table.Operations() {
		if o.Served() && !names[o.Row.Name] {
			t.Errorf("README.md does not name %s", o.Row.FullName())
		}
		if o.Served() {
			delete(names, o.Row.Name)
			delete(names, o.Row.Service)
		}
	}
	for name := range names {
		t.Errorf("README.md names %s, which is not answered", name)
	}
}

func TestPageCountsWhatIsAnswered(t *testing.T) {
	t.Parallel()
	table, err := service.NewTable(service.Service{Name: "sts", Handlers: []service.Handler{
		service.Reading[struct{}]{}.Named("GetCallerIdentity"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	total := tally(table.Operations())
	if total.served != 1 || total.services["sts"].served != 1 || total.services["iam"].served != 0 {
		t.Errorf("served %d, sts %+v, iam %+v", total.served, *total.services["sts"], *total.services["iam"])
	}
	if total.services["sts"].rows < 2 || len(table.Operations()) != len(operation.Rows()) {
		t.Errorf("%d rows of sts, %d of %d operations", total.services["sts"].rows, len(table.Operations()), len(operation.Rows()))
	}
}
