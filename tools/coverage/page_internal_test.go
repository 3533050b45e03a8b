package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// TestReadmeCountsWhatIsAnswered holds README's figures to the same table.
func TestReadmeCountsWhatIsAnswered(t *testing.T) {
	t.Parallel()
	table, err := server.Table()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(strings.Join(strings.Fields(string(readme)), " "), "Calls with an answer: ")
	list, _, ends := strings.Cut(list, ". Every other")
	if !found || !ends {
		t.Fatal("README.md does not count the calls with an answer")
	}
	var want []string
	for name, s := range tally(table.Operations()).services {
		if s.served > 0 {
			want = append(want, fmt.Sprintf("`%s` %d of %d", name, s.served, s.rows))
		}
	}
	got := strings.Split(list, ", ")
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README.md's count of calls (-want +got):\n%s", diff)
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
