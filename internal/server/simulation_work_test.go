package server_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// laborious is a policy with patterns that are hard to match, and allows s3:GetObject on none but them.
func laborious(element string, patterns int) string {
	list, prefix := make([]string, patterns), ""
	if element == "Resource" {
		prefix = "arn:aws:s3:::"
	}
	for i := range list {
		list[i] = fmt.Sprintf("%q", prefix+"*a*aab"+strconv.Itoa(i)+"*")
	}
	values := "[" + strings.Join(list, ",") + "]"
	if element == "Resource" {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":` + values + `}}`
	}
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValue:StringLike":{"aws:TagKeys":` + values + `}}}}`
}

// Patterns times values are bounded, and the refusal comes before anything is matched. Values that no pattern is for are free.
func TestSimulationsAreBounded(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := r.iam(r.admin())
	values := make([]string, 2400)
	for i := range values {
		values[i] = strings.Repeat("a", 200) + strconv.Itoa(i)
	}
	in := iam.SimulateCustomPolicyInput{PolicyInputList: []string{laborious("Condition", 8000)}, ActionNames: []string{"s3:GetObject"},
		ContextEntries: []types.ContextEntry{{ContextKeyName: aws.String("aws:TagKeys"), ContextKeyType: "stringList", ContextKeyValues: values}}}
	_, err := c.SimulateCustomPolicy(t.Context(), &in)
	fails(t, "too many patterns and values", err, "InvalidInput", "too many patterns", "s3:GetObject on *")

	in.ActionNames = []string{"s3:PutObject"}
	if got := r.simulateCustom(t, in); len(got) != 1 || got[0].EvalDecision != "implicitDeny" {
		t.Errorf("%+v", got)
	}
	in.ActionNames, in.PolicyInputList = []string{"s3:GetObject"}, []string{laborious("Condition", 10)}
	if got := r.simulateCustom(t, in); len(got) != 1 || got[0].EvalDecision != "implicitDeny" {
		t.Errorf("%+v", got)
	}
	in.ContextEntries = make([]types.ContextEntry, 2049)
	for i := range in.ContextEntries {
		in.ContextEntries[i] = types.ContextEntry{ContextKeyName: aws.String("aws:RequestTag/" + strconv.Itoa(i)), ContextKeyType: "string", ContextKeyValues: []string{""}}
	}
	_, err = c.SimulateCustomPolicy(t.Context(), &in)
	fails(t, "too many keys", err, "InvalidInput", "at most 2048 entries")
}

// What is too much for one answer, but not for each, comes in several pages.
func TestLaboriousSimulationsHavePages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	in := iam.SimulateCustomPolicyInput{PolicyInputList: []string{laborious("Resource", 4200)}, ActionNames: []string{"s3:GetObject"}}
	for i := range 9 {
		in.ResourceArns = append(in.ResourceArns, "arn:aws:s3:::b/"+strings.Repeat("a", 2000)+strconv.Itoa(i))
	}
	pages, got := 0, 0
	for p := iam.NewSimulateCustomPolicyPaginator(r.iam(r.admin()), &in); p.HasMorePages(); pages++ {
		out, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i := range out.EvaluationResults {
			if name := *out.EvaluationResults[i].EvalResourceName; name != in.ResourceArns[got] {
				t.Errorf("%s instead of %s", name, in.ResourceArns[got])
			}
			got++
		}
	}
	if pages < 2 || got != len(in.ResourceArns) {
		t.Errorf("%d results in %d pages", got, pages)
	}
}
