package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/server"
)

// ssm makes a call of Parameter Store in Frankfurt, which must be answered with the status.
func (r *running) ssm(t *testing.T, c aws.Credentials, status int, operation, body string) string {
	t.Helper()
	got, answer := r.call(t, request{service: "ssm", region: "eu-central-1", body: body, header: map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM." + operation}}, c)
	if got != status {
		t.Fatalf("%s %s: %d %s", operation, body, got, answer)
	}
	return answer
}

// parameter writes a parameter, over what is there.
func (r *running) parameter(t *testing.T, name, kind, value string) string {
	t.Helper()
	return r.ssm(t, r.admin(), 200, "PutParameter", fmt.Sprintf(`{"Name":%q,"Type":%q,"Value":%q,"Overwrite":true}`, name, kind, value))
}

type shownParameter struct {
	Name, Type, Value, ARN, Selector string
	Version                          int
	Labels                           []string
}

type parameterPage struct {
	Parameter         shownParameter
	Parameters        []shownParameter
	InvalidParameters []string
	DeletedParameters []string
	InvalidLabels     []string
	RemovedLabels     []string
	NextToken, Tier   string
	Version           int
	ParameterVersion  int
}

func (r *running) parameters(t *testing.T, operation, body string) (p parameterPage) {
	t.Helper()
	answer := r.ssm(t, r.admin(), 200, operation, body)
	if err := json.Unmarshal([]byte(answer), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p parameterPage) names() string {
	var names []string
	for _, one := range p.Parameters {
		names = append(names, one.Name)
	}
	return strings.Join(names, " ")
}

// TestParametersHaveVersions: names, versions, labels and ARNs lead to the same parameter.
func TestParametersHaveVersions(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for i := range 3 {
		if answer := r.parameter(t, "/app/db", "String", fmt.Sprintf("v%d", i+1)); answer != fmt.Sprintf(`{"Version":%d,"Tier":"Standard"}`, i+1) {
			t.Error(answer)
		}
	}
	if p := r.parameters(t, "LabelParameterVersion", `{"Name":"/app/db","ParameterVersion":2,"Labels":["live","1st","aws-x","a b"]}`); p.ParameterVersion != 2 ||
		fmt.Sprint(p.InvalidLabels) != "[1st aws-x a b]" {
		t.Errorf("%+v", p)
	}
	const arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/app/db"
	for reference, want := range map[string]string{"/app/db": "v3", "/app/db:1": "v1", "/app/db:live": "v2", arn: "v3", arn + ":2": "v2", arn + ":live": "v2"} {
		got := r.parameters(t, "GetParameter", fmt.Sprintf(`{"Name":%q}`, reference)).Parameter
		_, selector, _ := strings.Cut(strings.TrimPrefix(reference, arn), ":")
		if selector != "" {
			selector = ":" + selector
		}
		if got.Value != want || got.Name != "/app/db" || got.ARN != arn || got.Selector != selector || got.Type != "String" {
			t.Errorf("%s: %+v", reference, got)
		}
	}
	p := r.parameters(t, "GetParameters", `{"Names":["/app/db","none","/app/db:9","/app/db:live","/app/db"]}`)
	if p.names() != "/app/db /app/db" || p.Parameters[1].Value != "v2" || fmt.Sprint(p.InvalidParameters) != "[none /app/db:9]" {
		t.Errorf("%+v", p)
	}
	r.parameters(t, "LabelParameterVersion", `{"Name":"/app/db","Labels":["live"]}`) // the label moves to the latest
	h := r.parameters(t, "GetParameterHistory", `{"Name":"/app/db","MaxResults":2}`)
	if len(h.Parameters) != 2 || h.Parameters[1].Value != "v2" || len(h.Parameters[1].Labels) != 0 || h.NextToken == "" {
		t.Errorf("%+v", h)
	}
	h = r.parameters(t, "GetParameterHistory", fmt.Sprintf(`{"Name":"/app/db","MaxResults":2,"NextToken":%q}`, h.NextToken))
	if len(h.Parameters) != 1 || h.Parameters[0].Value != "v3" || fmt.Sprint(h.Parameters[0].Labels) != "[live]" || h.NextToken != "" {
		t.Errorf("%+v", h)
	}
	if p := r.parameters(t, "UnlabelParameterVersion", `{"Name":"/app/db","ParameterVersion":3,"Labels":["live","other"]}`); fmt.Sprint(p.RemovedLabels, p.InvalidLabels) != "[live] [other]" {
		t.Errorf("%+v", p)
	}
	if p := r.parameters(t, "DeleteParameters", `{"Names":["/app/db:1","/app/db","none"]}`); fmt.Sprint(p.DeletedParameters, p.InvalidParameters) != "[/app/db] [/app/db:1 none]" {
		t.Errorf("%+v", p)
	}
	r.ssm(t, r.admin(), 400, "GetParameter", `{"Name":"/app/db"}`)
	if answer := r.parameter(t, "/app/db", "String", "new"); !strings.Contains(answer, `"Version":1`) {
		t.Error(answer)
	}
	if h := r.parameters(t, "GetParameterHistory", `{"Name":"/app/db"}`); len(h.Parameters) != 1 {
		t.Errorf("who comes after has nothing of who was before: %+v", h)
	}
}

// TestOldVersionsGo: of more than a hundred versions the oldest goes, unless it has a label.
func TestOldVersionsGo(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for range 101 {
		r.parameter(t, "p", "String", "v")
	}
	answer := r.ssm(t, r.admin(), 400, "GetParameter", `{"Name":"p:1"}`)
	if answer != `{"__type":"ParameterVersionNotFound","message":"Systems Manager could not find version 1 of p. Verify the version and try again."}` {
		t.Error(answer)
	}
	r.ssm(t, r.admin(), 200, "LabelParameterVersion", `{"Name":"p","ParameterVersion":2,"Labels":["keep"]}`)
	answer = r.ssm(t, r.admin(), 400, "PutParameter", `{"Name":"p","Value":"v","Overwrite":true}`)
	if !strings.Contains(answer, `"ParameterMaxVersionLimitExceeded","message":"You attempted to create a new version of p by calling the PutParameter API with the overwrite flag. Version 2, the oldest version, can't be deleted`) {
		t.Error(answer)
	}
}

// TestParametersAreListed holds paths, filters and pages.
func TestParametersAreListed(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, name := range []string{"root", "/top", "/a/x", "/a/y", "/a/b/z", "/a/b/c/deep", "/ab"} {
		r.parameter(t, name, "String", name)
	}
	r.parameter(t, "/a/list", "StringList", "1,2")
	r.parameter(t, "/a/secret", "SecureString", "s")
	r.ssm(t, r.admin(), 200, "AddTagsToResource", `{"ResourceType":"Parameter","ResourceId":"/a/x","Tags":[{"Key":"team","Value":"blue"}]}`)
	r.ssm(t, r.admin(), 200, "LabelParameterVersion", `{"Name":"/a/y","Labels":["live"]}`)
	r.parameter(t, "/a/y", "String", "later")
	filter := func(key, option, values string) string {
		return fmt.Sprintf(`"ParameterFilters":[{"Key":%q,"Option":%q,"Values":[%s]}]`, key, option, values)
	}
	for _, tt := range []struct{ operation, members, want string }{
		{"GetParametersByPath", `"Path":"/a"`, "/a/list /a/secret /a/x /a/y"},
		{"GetParametersByPath", `"Path":"/a/","MaxResults":1`, "/a/list /a/secret /a/x /a/y"},
		{"GetParametersByPath", `"Path":"/a","Recursive":true,"MaxResults":2`, "/a/b/c/deep /a/b/z /a/list /a/secret /a/x /a/y"},
		{"GetParametersByPath", `"Path":"/a/b"`, "/a/b/z"},
		{"GetParametersByPath", `"Path":"/none"`, ""},
		{"GetParametersByPath", `"Path":"/"`, "/ab /top root"},
		{"GetParametersByPath", `"Path":"/","Recursive":true,"MaxResults":3`, "/a/b/c/deep /a/b/z /a/list /a/secret /a/x /a/y /ab /top root"},
		{"GetParametersByPath", `"Path":"/a","Recursive":true,` + filter("Type", "Equals", `"StringList","SecureString"`), "/a/list /a/secret"},
		{"GetParametersByPath", `"Path":"/a","Recursive":true,` + filter("Type", "BeginsWith", `"StringList"`), "/a/list"},
		{"GetParametersByPath", `"Path":"/a",` + filter("KeyId", "Equals", `"alias/aws/ssm"`), "/a/secret"},
		{"GetParametersByPath", `"Path":"/a",` + filter("Label", "Equals", `"live"`), "/a/y"},
		{"DescribeParameters", `"MaxResults":4`, "/a/b/c/deep /a/b/z /a/list /a/secret /a/x /a/y /ab /top root"},
		{"DescribeParameters", filter("Path", "OneLevel", `"/a"`), "/a/list /a/secret /a/x /a/y"},
		{"DescribeParameters", filter("Path", "Recursive", `"/a/b","/ab"`), "/a/b/c/deep /a/b/z"},
		{"DescribeParameters", filter("Name", "Equals", `"/a/x","root"`), "/a/x root"},
		{"DescribeParameters", filter("Name", "Contains", `"ee"`), "/a/b/c/deep"},
		{"DescribeParameters", filter("Name", "BeginsWith", `"/a/b"`) + `,"MaxResults":1`, "/a/b/c/deep /a/b/z"},
		{"DescribeParameters", filter("tag:team", "Equals", `"blue"`), "/a/x"},
		{"DescribeParameters", filter("Tier", "Equals", `"Advanced"`), ""},
		{"DescribeParameters", `"Filters":[{"Key":"Name","Values":["/a/b"]}]`, "/a/b/c/deep /a/b/z"},
		{"DescribeParameters", `"Filters":[{"Key":"Type","Values":["SecureString"]}]`, "/a/secret"},
	} {
		var names []string
		token := ""
		for range 12 {
			p := r.parameters(t, tt.operation, "{"+tt.members+token+"}")
			names = append(names, strings.Fields(p.names())...)
			if p.NextToken == "" {
				break
			}
			token = fmt.Sprintf(`,"NextToken":%q`, p.NextToken)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s %s: %s\nwant %s", tt.operation, tt.members, got, tt.want)
		}
	}
	if p := r.parameters(t, "GetParametersByPath", `{"Path":"/a",`+filter("Label", "Equals", `"live"`)+`}`); p.Parameters[0].Version != 1 {
		t.Errorf("a label asks for the version that has it: %+v", p)
	}
}

// TestParametersAnswerInAWSsWords holds what is said of what cannot be done.
func TestParametersAnswerInAWSsWords(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.parameter(t, "there", "String", "v")
	r.ssm(t, r.admin(), 200, "PutParameter", `{"Name":"big","Type":"String","Tier":"Intelligent-Tiering","Value":"`+strings.Repeat("x", 4097)+`"}`)
	put := func(members string) string { return `{"Type":"String","Value":"v",` + members + "}" }
	const notPath = `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". ` +
		`It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), ` +
		`_ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". ` +
		`Valid example: /get/parameters2-/by1./path0_.`
	for _, tt := range []struct{ operation, body, code, says string }{
		{"PutParameter", put(`"Name":"there"`), "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."},
		{"PutParameter", put(`"Name":"/there"`), "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."},
		{"PutParameter", put(`"Name":"awsome"`), "ValidationException", `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`},
		{"PutParameter", put(`"Name":"/AWS/x"`), "AccessDeniedException", "No access to reserved parameter name: /AWS/x."},
		{"PutParameter", put(`"Name":"/ssm/x"`), "ValidationException", `Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`},
		{"PutParameter", put(`"Name":"a/b"`), "ValidationException", "Parameter name must be a fully qualified name."},
		{"PutParameter", put(`"Name":"` + strings.Repeat("/a", 16) + `"`), "HierarchyLevelLimitExceededException", "A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide."},
		{"PutParameter", `{"Name":"n","Value":"v"}`, "ValidationException", "A parameter type is required when you create a parameter."},
		{"PutParameter", `{"Name":"n","Value":"v","Type":"Text"}`, "ValidationException", "1 validation error detected: Value 'Text' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]"},
		{"PutParameter", `{"Name":"n","Value":"","Type":"String"}`, "ValidationException", "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1."},
		{"PutParameter", `{"Name":"n","Value":"a{{ssm:b}}","Type":"String"}`, "ValidationException", `Parameter value can't nest another parameter. Do not use "{{}}" in the value.`},
		{"PutParameter", put(`"Name":"n","DataType":"TEXT"`), "ValidationException", "The following data type is not supported: TEXT (Data type names are all lowercase.)"},
		{"PutParameter", put(`"Name":"n","AllowedPattern":"^\\d+$"`), "ParameterPatternMismatchException", `Parameter value, cannot be validated against allowedPattern: ^\d+$`},
		{"PutParameter", put(`"Name":"n","AllowedPattern":"("`), "InvalidAllowedPatternException", "The allowed pattern is not a valid regular expression: ("},
		{"PutParameter", put(`"Name":"n","AllowedPattern":"a)|(?:v"`), "InvalidAllowedPatternException", "The allowed pattern is not a valid regular expression: a)|(?:v"},
		{"PutParameter", `{"Name":"n","Value":"1,x","Type":"StringList","AllowedPattern":"\\d"}`, "ParameterPatternMismatchException", `Parameter value, cannot be validated against allowedPattern: \d`},
		{"PutParameter", put(`"Name":"there","Overwrite":true,"Tags":[{"Key":"a","Value":"b"}]`), "ValidationException", "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource."},
		{"PutParameter", put(`"Name":"n","KeyId":"alias/aws/ssm"`), "ValidationException", "KeyId is only for parameters of the type SecureString."},
		{"PutParameter", `{"Name":"n","Value":"v","Type":"SecureString","KeyId":"alias/mine"}`, "InvalidKeyId", "Invalid keyId alias/mine: AWS KMS keys are not available here, only alias/aws/ssm is."},
		{"PutParameter", put(`"Name":"big","Overwrite":true,"Tier":"Standard"`), "ValidationException", "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter."},
		{"PutParameter", `{"Name":"n","Type":"String","Value":"` + strings.Repeat("x", 4097) + `"}`, "ValidationException", "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"},
		{"PutParameter", put(`"Name":"n","Secret":"x"`), "ValidationException", "The parameter Secret is not known for PutParameter"},
		{"GetParameter", `{"Name":"none"}`, "ParameterNotFound", ""},
		{"GetParameter", `{"Name":"there:7"}`, "ParameterVersionNotFound", "Systems Manager could not find version 7 of there. Verify the version and try again."},
		{"GetParameter", `{"Name":"there:live"}`, "ParameterVersionNotFound", "Systems Manager could not find label live for parameter there. Verify the label and try again."},
		{"GetParameter", `{"Name":"arn:aws:ssm:eu-central-1:210987654321:parameter/there"}`, "ParameterNotFound", ""},
		{"DeleteParameter", `{"Name":"there:1"}`, "ParameterNotFound", ""},
		{"DeleteParameter", `{"Name":"there:none"}`, "ParameterNotFound", ""},
		{"DeleteParameter", `{"Name":"arn:aws:ssm:eu-central-1:123456789012:parameter/there"}`, "ParameterNotFound", ""},
		{"LabelParameterVersion", `{"Name":"there:1","Labels":["l"]}`, "ParameterNotFound", ""},
		{"LabelParameterVersion", `{"Name":"there:none","Labels":["l"]}`, "ParameterNotFound", ""},
		{"LabelParameterVersion", `{"Name":"arn:aws:ssm:eu-central-1:123456789012:parameter/there","Labels":["l"]}`, "ParameterNotFound", ""},
		{"UnlabelParameterVersion", `{"Name":"there:1","ParameterVersion":1,"Labels":["l"]}`, "ParameterNotFound", ""},
		{"UnlabelParameterVersion", `{"Name":"there:none","ParameterVersion":1,"Labels":["l"]}`, "ParameterNotFound", ""},
		{"UnlabelParameterVersion", `{"Name":"arn:aws:ssm:eu-central-1:123456789012:parameter/there","ParameterVersion":1,"Labels":["l"]}`, "ParameterNotFound", ""},
		{"AddTagsToResource", `{"ResourceType":"Parameter","ResourceId":"there:1","Tags":[]}`, "InvalidResourceId", ""},
		{"GetParametersByPath", `{"Path":"/a","MaxResults":11}`, "ValidationException", "1 validation error detected: Value '11' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10"},
		{"GetParametersByPath", `{"Path":"/a","ParameterFilters":[{"Key":"Name","Values":["x"]}]}`, "InvalidFilterKey", "The following filter key is not valid: Name. Valid filter keys include: [Type, KeyId, Label]."},
		{"GetParametersByPath", `{"Path":"/a","ParameterFilters":[{"Key":"Type","Option":"Contains","Values":["x"]}]}`, "InvalidFilterOption", "The following filter option is not valid: Contains. Valid options include: [BeginsWith, Equals]."},
		{"GetParametersByPath", `{"Path":"//"}`, "ValidationException", notPath},
		{"GetParametersByPath", `{"Path":"/a//b"}`, "ValidationException", notPath},
		{"GetParametersByPath", `{"Path":"/a:b"}`, "ValidationException", notPath},
		{"GetParametersByPath", `{"Path":"a"}`, "ValidationException", notPath},
		{"GetParametersByPath", `{"Path":"/a","NextToken":"x"}`, "InvalidNextToken", "The specified token is not valid."},
		{"DescribeParameters", `{"ParameterFilters":[{"Key":"Label","Values":["x"]}]}`, "InvalidFilterKey", "The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier, DataType]."},
		{"DescribeParameters", `{"ParameterFilters":[{"Key":"Type","Values":["x"]}]}`, "InvalidFilterValue", "The following filter value is not valid: x. Valid values include: [String, StringList, SecureString]."},
		{"DescribeParameters", `{"ParameterFilters":[{"Key":"Name"}]}`, "InvalidFilterValue", "The following filter values are missing : null for filter key Name."},
		{"AddTagsToResource", `{"ResourceType":"Parameter","ResourceId":"none","Tags":[]}`, "InvalidResourceId", ""},
		{"AddTagsToResource", `{"ResourceType":"Document","ResourceId":"there","Tags":[]}`, "InvalidResourceType", "Only parameters have tags here: the resource type is Parameter."},
	} {
		answer := r.ssm(t, r.admin(), 400, tt.operation, tt.body)
		var got struct {
			Type    string `json:"__type"`
			Message string
		}
		if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Type != tt.code || got.Message != tt.says {
			t.Errorf("%s %.200s: %s\nwant %s %s", tt.operation, tt.body, answer, tt.code, tt.says)
		}
	}
}

// TestWhoMayReadParameters: resources and condition keys of Parameter Store decide, each with a call on either side.
func TestWhoMayReadParameters(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	user := r.nobody(t, "reader")
	for _, name := range []string{"/app/x", "/app/y", "/other/z", "plain"} {
		r.parameter(t, name, "String", "v")
	}
	r.parameter(t, "/app/secret", "SecureString", "s3cret")
	r.ssm(t, r.admin(), 200, "AddTagsToResource", `{"ResourceType":"Parameter","ResourceId":"/app/x","Tags":[{"Key":"team","Value":"blue"}]}`)
	const (
		arn   = "arn:aws:ssm:eu-central-1:123456789012:parameter/"
		allow = `{"Effect":"Allow","Action":"ssm:*","Resource":"%s"}`
	)
	key := func(operator, key, value string) string {
		return `{"Effect":"Allow","Action":"ssm:*","Resource":"*","Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}}`
	}
	deny := func(action, condition string) string {
		return fmt.Sprintf(allow, "*") + `,{"Effect":"Deny","Action":"` + action + `","Resource":"*"` + condition + `}`
	}
	kms := ` on resource: arn:aws:kms:eu-central-1:123456789012:key/`
	for i, tt := range []struct{ policy, operation, allowed, denied, says string }{
		{fmt.Sprintf(allow, arn+"app/*"), "GetParameter", `{"Name":"/app/x"}`, `{"Name":"/other/z"}`, "ssm:GetParameter on resource: " + arn + "other/z because no"},
		{fmt.Sprintf(allow, arn+"plain"), "GetParameter", `{"Name":"plain:1"}`, `{"Name":"/app/x:1"}`, "ssm:GetParameter on resource: " + arn + "app/x because no"},
		{fmt.Sprintf(allow, arn+"app/*"), "GetParameters", `{"Names":["/app/x","/app/y"]}`, `{"Names":["/app/x","/other/z"]}`, "ssm:GetParameters on resource: " + arn + "other/z because no"},
		{fmt.Sprintf(allow, arn+"app*"), "GetParametersByPath", `{"Path":"/app"}`, `{"Path":"/"}`, "ssm:GetParametersByPath on resource: " + arn + " because no"},
		{fmt.Sprintf(allow, arn+"app/"), "GetParametersByPath", `{"Path":"/app/"}`, `{"Path":"/app"}`, "ssm:GetParametersByPath on resource: " + arn + "app because no"},
		{fmt.Sprintf(allow, "*"), "DescribeParameters", `{}`, "", ""},
		{key("StringEquals", "aws:ResourceTag/team", "blue"), "GetParameter", `{"Name":"/app/x"}`, `{"Name":"/app/y"}`, "ssm:GetParameter on resource: " + arn + "app/y because no"},
		{key("StringEquals", "ssm:resourceTag/team", "blue"), "GetParameterHistory", `{"Name":"/app/x"}`, `{"Name":"/app/y"}`, "ssm:GetParameterHistory on resource: " + arn + "app/y because no"},
		{deny("ssm:GetParametersByPath", `,"Condition":{"StringEquals":{"ssm:Recursive":"true"}}`), "GetParametersByPath", `{"Path":"/app"}`, `{"Path":"/app","Recursive":true}`,
			"ssm:GetParametersByPath on resource: " + arn + "app with an explicit deny"},
		{deny("ssm:PutParameter", `,"Condition":{"StringEquals":{"ssm:Overwrite":"false"}}`), "PutParameter", `{"Name":"/app/x","Value":"w","Overwrite":true}`,
			`{"Name":"/app/new","Value":"w","Type":"String"}`, "ssm:PutParameter on resource: " + arn + "app/new with an explicit deny"},
		{key("StringEquals", "aws:RequestTag/team", "blue"), "AddTagsToResource", `{"ResourceType":"Parameter","ResourceId":"/app/y","Tags":[{"Key":"team","Value":"blue"}]}`,
			`{"ResourceType":"Parameter","ResourceId":"/app/y","Tags":[{"Key":"team","Value":"red"}]}`, "ssm:AddTagsToResource on resource: " + arn + "app/y because no"},
		{key("ForAllValues:StringEquals", "aws:TagKeys", "cost"), "RemoveTagsFromResource", `{"ResourceType":"Parameter","ResourceId":"/app/y","TagKeys":["cost"]}`,
			`{"ResourceType":"Parameter","ResourceId":"/app/y","TagKeys":["team"]}`, "ssm:RemoveTagsFromResource on resource: " + arn + "app/y because no"},
		{deny("ssm:AddTagsToResource", ""), "PutParameter", `{"Name":"/app/new2","Value":"w","Type":"String"}`,
			`{"Name":"/app/new3","Value":"w","Type":"String","Tags":[{"Key":"a","Value":"b"}]}`, "ssm:AddTagsToResource on resource: " + arn + "app/new3 with an explicit deny"},
		// What a policy denies below a path is read with the path: so it is at AWS.
		{deny("ssm:GetParameter*", `,"Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}`), "GetParametersByPath", `{"Path":"/app"}`, "", ""},

		// The managed key asks nothing of who reads, a Deny is kept, and a key that decides says about what.
		{fmt.Sprintf(allow, "*"), "GetParameter", `{"Name":"/app/secret","WithDecryption":true}`, "", ""},
		{deny("kms:Decrypt", ""), "GetParameter", `{"Name":"/app/secret"}`, `{"Name":"/app/secret","WithDecryption":true}`, "kms:Decrypt" + kms},
		{deny("kms:Decrypt", ""), "GetParameters", `{"Names":["/app/x"],"WithDecryption":true}`, `{"Names":["/app/x","/app/secret"],"WithDecryption":true}`, "kms:Decrypt" + kms},
		{deny("kms:Decrypt", ""), "GetParametersByPath", `{"Path":"/other","WithDecryption":true}`, `{"Path":"/app","WithDecryption":true}`, "kms:Decrypt" + kms},
		{deny("kms:Decrypt", ""), "GetParameterHistory", `{"Name":"/app/x","WithDecryption":true}`, `{"Name":"/app/secret","WithDecryption":true}`, "kms:Decrypt" + kms},
		{deny("kms:Decrypt", `,"Condition":{"StringEquals":{"kms:EncryptionContext:PARAMETER_ARN":"`+arn+`app/secret"}}`), "GetParameter", `{"Name":"/app/x","WithDecryption":true}`,
			`{"Name":"/app/secret","WithDecryption":true}`, "kms:Decrypt" + kms},
		{deny("kms:*", `,"Condition":{"StringEquals":{"kms:ViaService":"ssm.eu-central-1.amazonaws.com"}}`), "PutParameter", `{"Name":"/app/x","Value":"w","Overwrite":true}`,
			`{"Name":"/app/secret","Value":"w","Overwrite":true}`, "kms:Encrypt" + kms},
		{deny("kms:GenerateDataKey", ""), "PutParameter", `{"Name":"/app/secret","Value":"s3cret","Overwrite":true}`,
			`{"Name":"/app/secret","Value":"w","Overwrite":true,"Tier":"Advanced"}`, "kms:GenerateDataKey" + kms},
	} {
		r.permit(t, "reader", tt.policy)
		r.ssm(t, user, 200, tt.operation, tt.allowed)
		if tt.denied == "" {
			continue
		}
		want := `{"__type":"AccessDeniedException","Message":"User: arn:aws:iam::123456789012:user/reader is not authorized to perform: ` + tt.says
		if answer := r.ssm(t, user, 400, tt.operation, tt.denied); !strings.HasPrefix(answer, want) {
			t.Errorf("%d %s %s: %s\nwant %s…", i, tt.operation, tt.denied, answer, want)
		}
	}
	r.permit(t, "reader", `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	want := `is not authorized to perform: ssm:DescribeParameters on resource: arn:aws:ssm:eu-central-1:123456789012:* because no identity-based policy`
	if answer := r.ssm(t, user, 400, "DescribeParameters", `{}`); !strings.Contains(answer, want) {
		t.Error(answer)
	}
}

// TestTheBoundaryHoldsForSecureStrings: a boundary that denies decryption is as good as a policy that does, and one that only forgets
// parameters refuses them.
func TestTheBoundaryHoldsForSecureStrings(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	user := r.nobody(t, "bound")
	r.permit(t, "bound", `{"Effect":"Allow","Action":"*","Resource":"*"}`)
	r.parameter(t, "/app/secret", "SecureString", "s3cret")
	const read = `{"Name":"/app/secret","WithDecryption":true}`
	for i, tt := range []struct{ boundary, says string }{
		{`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}`, "with an explicit deny in a permissions boundary"},
		{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, "because no permissions boundary allows the ssm:GetParameter action"},
		{`{"Effect":"Allow","Action":["ssm:*","kms:Decrypt"],"Resource":"*"}`, ""},
	} {
		name := fmt.Sprintf("boundary%d", i)
		ctx, admin := context.Background(), r.iam(r.admin())
		made, err := admin.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` + tt.boundary + `]}`)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := admin.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: aws.String("bound"), PermissionsBoundary: made.Policy.Arn}); err != nil {
			t.Fatal(err)
		}
		if tt.says == "" {
			r.ssm(t, user, 200, "GetParameter", read)
			continue
		}
		if answer := r.ssm(t, user, 400, "GetParameter", read); !strings.Contains(answer, tt.says) {
			t.Errorf("%s: %s", tt.boundary, answer)
		}
	}
}

// TestSecureStringsRestNowhere: what a secure string says is neither on the disk nor in a record of a request, and is there after a
// restart; what is not decrypted is answered as ciphertext.
func TestSecureStringsRestNowhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	onDisk := func(o *server.Options) { o.Memory, o.Data = false, dir }
	r := start(t, onDisk)
	const secret, plain = "correct-horse-battery", "plain-horse-battery"
	r.parameter(t, "/app/secret", "SecureString", secret)
	r.parameter(t, "/app/plain", "String", plain)
	r.parameters(t, "GetParameter", `{"Name":"/app/secret","WithDecryption":true}`)
	r.ssm(t, r.admin(), 400, "PutParameter", `{"Name":"x","Type":"SecureString","Value":"`+secret+`","AllowedPattern":"a"}`)
	r.ssm(t, r.admin(), 400, "PutParameter", `{"Name":"aws","Type":"SecureString","Value":"`+secret+`"}`)
	sealed := r.parameters(t, "GetParameter", `{"Name":"/app/secret"}`).Parameter.Value
	if sealed == secret || len(sealed) < len(secret) {
		t.Errorf("not decrypted: %q", sealed)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	records := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		records += bytes.Count(text, []byte(`"eventName":"PutParameter"`))
		if bytes.Contains(text, []byte(secret)) || strings.Contains(path, "audit") && bytes.Contains(text, []byte(plain)) {
			t.Errorf("it rests in %s", path)
		}
		return err
	})
	if err != nil || records < 3 {
		t.Errorf("%d records, %v", records, err)
	}
	if strings.Contains(r.logs.String(), secret) {
		t.Error("it was logged")
	}
	r = start(t, onDisk)
	if got := r.parameters(t, "GetParameter", `{"Name":"/app/secret","WithDecryption":true}`).Parameter.Value; got != secret {
		t.Errorf("after a restart: %q", got)
	}
}

// TestParametersHaveLimits holds how many labels and tags there can be, and what an overwrite leaves as it was.
func TestParametersHaveLimits(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.ssm(t, r.admin(), 200, "PutParameter", `{"Name":"p","Type":"SecureString","Value":"1","Description":"d","AllowedPattern":"\\d+","KeyId":"alias/aws/ssm"}`)
	r.ssm(t, r.admin(), 200, "PutParameter", `{"Name":"p","Value":"22","Overwrite":true}`)
	answer := r.ssm(t, r.admin(), 200, "DescribeParameters", `{}`)
	for _, kept := range []string{`"Type":"SecureString"`, `"KeyId":"alias/aws/ssm"`, `"Description":"d"`, `"AllowedPattern":"\\d+"`, `"Version":2`,
		`"LastModifiedUser":"arn:aws:iam::123456789012:user/admin"`, `"ARN":"arn:aws:ssm:eu-central-1:123456789012:parameter/p"`} {
		if !strings.Contains(answer, kept) {
			t.Errorf("%s has no %s", answer, kept)
		}
	}
	r.ssm(t, r.admin(), 400, "PutParameter", `{"Name":"p","Value":"x","Overwrite":true}`) // the pattern is still there
	r.ssm(t, r.admin(), 200, "PutParameter", `{"Name":"p","Value":"x","Overwrite":true,"AllowedPattern":""}`)
	label := func(n int) string {
		return fmt.Sprintf(`{"Name":"p","ParameterVersion":1,"Labels":["l%d","l%d","l%d","l%d","l%d"]}`, n, n+1, n+2, n+3, n+4)
	}
	r.ssm(t, r.admin(), 200, "LabelParameterVersion", label(0))
	r.ssm(t, r.admin(), 200, "LabelParameterVersion", label(5))
	if answer := r.ssm(t, r.admin(), 400, "LabelParameterVersion", label(6)); !strings.Contains(answer, `"ParameterVersionLabelLimitExceeded"`) {
		t.Error(answer)
	}
	r.ssm(t, r.admin(), 200, "LabelParameterVersion", label(3)) // those that it has count once
	var tags []string
	for i := range 51 {
		tags = append(tags, fmt.Sprintf(`{"Key":"k%d","Value":""}`, i))
	}
	add := func(list []string) string {
		return `{"ResourceType":"Parameter","ResourceId":"p","Tags":[` + strings.Join(list, ",") + `]}`
	}
	r.ssm(t, r.admin(), 200, "AddTagsToResource", add(tags[:50]))
	if answer := r.ssm(t, r.admin(), 400, "AddTagsToResource", add(tags[50:])); !strings.Contains(answer, `"TooManyTagsError"`) {
		t.Error(answer)
	}
	r.ssm(t, r.admin(), 200, "RemoveTagsFromResource", `{"ResourceType":"Parameter","ResourceId":"p","TagKeys":["k0","none"]}`)
	r.ssm(t, r.admin(), 200, "AddTagsToResource", add(tags[50:]))
}
