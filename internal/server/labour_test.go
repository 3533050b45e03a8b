package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// TestWhatIsTooLongToJudgeIsRefused: patterns are bounded, and what they are compared with is, and their product is too. Such a call is
// refused though some policy may allow it; a shorter one is judged by all of them.
func TestWhatIsTooLongToJudgeIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	mallory := r.nobody(t, "mallory")
	for i := range 10 {
		var patterns strings.Builder
		for j := range 600 {
			fmt.Fprintf(&patterns, `"*a%02x*",`, j)
		}
		arn := r.makePolicy(t, fmt.Sprint("p", i), `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*",`+
			`"Condition":{"ForAnyValue:StringLike":{"dynamodb:Attributes":[`+patterns.String()+`"*b"]}}}]}`)
		user := "mallory"
		if _, err := r.iam(r.admin()).AttachUserPolicy(context.Background(), &iam.AttachUserPolicyInput{UserName: &user, PolicyArn: &arn}); err != nil {
			t.Fatal(err)
		}
	}
	get := func(name string) string {
		return `{"TableName":"users","Key":{"id":{"S":"u"},"n":{"N":"1"}},"ProjectionExpression":"#n","ExpressionAttributeNames":{"#n":"` + name + `"}}`
	}
	r.dynamodb(t, mallory, 200, "GetItem", get(strings.Repeat("a", 250)+"b"))
	if body := r.dynamodb(t, mallory, 400, "GetItem", get(strings.Repeat("a", 60_000)+"b")); !strings.Contains(body, "AccessDeniedException") {
		t.Error(body)
	}
}
