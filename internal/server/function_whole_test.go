package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestOneAliasTellsNothingOfTheOthers: who is permitted an alias of a function, and names that, is told neither what the other versions are
// configured with nor which aliases there are.
func TestOneAliasTellsNothingOfTheOthers(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	for _, q := range []request{
		lambdaCall("POST", functions+"/f/versions", `{}`),
		lambdaCall("POST", functions+"/f/aliases", `{"Name":"live","FunctionVersion":"1"}`),
		lambdaCall("POST", functions+"/f/aliases", `{"Name":"hidden","FunctionVersion":"$LATEST"}`),
		lambdaCall("PUT", functions+"/f/configuration", `{"Environment":{"Variables":{"TOKEN":"of-latest"}}}`),
		lambdaCall("PUT", "/2019-09-25/functions/f/event-invoke-config?Qualifier=hidden", `{"MaximumRetryAttempts":0}`),
		lambdaCall("PUT", "/2017-10-31/functions/f/concurrency", `{"ReservedConcurrentExecutions":7}`),
	} {
		if status, body := r.call(t, q, r.admin()); status >= 300 {
			t.Fatalf("%+v: %d %s", q, status, body)
		}
	}
	c := r.with(t, "live", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"`+functionARN+`:live"}}`)
	if status, body := r.call(t, lambdaCall("GET", functions+"/f/configuration?Qualifier=live", ""), c); status != http.StatusOK {
		t.Fatalf("the alias itself: %d %s", status, body)
	}
	for _, path := range []string{
		functions + "/f:live/versions", functions + "/f:live/aliases", functions + "/f:live/aliases/hidden",
		"/2019-09-25/functions/f:live/event-invoke-config/list", "/2019-09-30/functions/f:live/concurrency",
	} {
		for _, at := range []string{path, strings.Replace(path, "f:live", functionARN+":live", 1)} {
			status, body := r.call(t, lambdaCall("GET", at, ""), c)
			if status != http.StatusBadRequest || !strings.Contains(body, "Aliases and versions do not support this operation") {
				t.Errorf("%s: %d %s", at, status, body)
			}
		}
	}
}

// TestWhosePermissionIsRemoved: lambda:Principal and lambda:FunctionUrlAuthType are those of the statement that RemovePermission removes, and
// decide alone, to allow and to deny.
func TestWhosePermissionIsRemoved(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	for sid, principal := range map[string]string{
		"service": `"s3.amazonaws.com"`, "account": `"210987654321"`, "everybody": `"*","FunctionUrlAuthType":"NONE"`,
		"role": `"arn:aws:iam::123456789012:role/functionRole"`,
	} {
		if status, body := r.call(t, lambdaCall("POST", functions+"/f/policy", `{"StatementId":"`+sid+`","Action":"lambda:InvokeFunction","Principal":`+principal+`}`), r.admin()); status != http.StatusCreated {
			t.Fatalf("%s: %d %s", sid, status, body)
		}
	}
	for i, tt := range []struct{ sid, key, value, other string }{
		{"service", "lambda:Principal", "s3.amazonaws.com", "sns.amazonaws.com"},
		{"account", "lambda:Principal", "210987654321", "123456789012"},
		{"role", "lambda:Principal", "arn:aws:iam::123456789012:role/functionRole", "arn:aws:iam::123456789012:role/other"},
		{"everybody", "lambda:FunctionUrlAuthType", "NONE", "AWS_IAM"},
	} {
		name := "remover" + string(rune('a'+i))
		c := r.nobody(t, name)
		const remove = `"Action":"lambda:RemovePermission","Resource":"*"`
		when := func(value string) string { return `,"Condition":{"StringEquals":{"` + tt.key + `":"` + value + `"}}}` }
		for _, of := range []struct {
			statements string
			status     int
		}{
			{`{"Effect":"Allow",` + remove + when(tt.other), http.StatusForbidden},
			{`{"Effect":"Allow",` + remove + `},{"Effect":"Deny",` + remove + when(tt.value), http.StatusForbidden},
			{`{"Effect":"Allow",` + remove + when(tt.value), http.StatusNoContent},
		} {
			r.permit(t, name, of.statements)
			if status, body := r.call(t, lambdaCall("DELETE", functions+"/f/policy/"+tt.sid, ""), c); status != of.status {
				t.Errorf("%s, %s: %d %s", tt.sid, of.statements, status, body)
			}
		}
	}
}
