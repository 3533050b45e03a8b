package tour

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// shapes are the answers of the calls that the documents make; those with nothing to print are empty.
var shapes = map[string]shape{
	"iam create-policy": shapeOf("Policy{PolicyName PolicyId Arn Path DefaultVersionId AttachmentCount# PermissionsBoundaryUsageCount# " +
		"IsAttachable? CreateDate@ UpdateDate@}"),
	"iam create-role": shapeOf("Role{" + role + "}"),
	"iam get-role":    shapeOf("Role{" + role + " MaxSessionDuration# RoleLastUsed{}}"),
	"iam list-users":  shapeOf("Users[member]{Path UserName UserId Arn CreateDate@}"),

	"iam attach-role-policy":               nil,
	"iam delete-role-permissions-boundary": nil,
	"iam update-assume-role-policy":        nil,

	"sts get-caller-identity": shapeOf("UserId Account Arn"),
	"sts assume-role": shapeOf("Credentials{AccessKeyId SecretAccessKey SessionToken Expiration@} " +
		"AssumedRoleUser{AssumedRoleId Arn}"),

	"ec2 describe-instances": shapeOf("Reservations=reservationSet[item]{Instances=instancesSet[item]{InstanceId=instanceId}}"),

	"dynamodb create-table": nil,
	"dynamodb put-item":     nil,
	"dynamodb update-item":  nil,
	"dynamodb delete-item":  nil,
	"dynamodb scan":         nil,
}

const role = "Path RoleName RoleId Arn CreateDate@ AssumeRolePolicyDocument% PermissionsBoundary{PermissionsBoundaryType PermissionsBoundaryArn}"

// structured are options whose values are lists of structures in shorthand.
var structured = []string{"attribute-definitions", "key-schema"}

// An invocation is a command line of the AWS CLI.
type invocation struct {
	name    string // "iam create-role"
	options map[string][]string
}

func parseInvocation(arguments []string) (invocation, error) {
	if len(arguments) < 2 {
		return invocation{}, fmt.Errorf("aws %s: what is called?", strings.Join(arguments, " "))
	}
	i := invocation{name: arguments[0] + " " + arguments[1], options: map[string][]string{}}
	option := ""
	for _, word := range arguments[2:] {
		name, isOption := strings.CutPrefix(word, "--")
		switch {
		case isOption:
			if option = name; i.options[option] != nil {
				return invocation{}, fmt.Errorf("aws %s: --%s stands twice", i.name, option)
			}
			i.options[option] = []string{}
		case option == "":
			return invocation{}, fmt.Errorf("aws %s: %s is no option", i.name, word)
		default:
			i.options[option] = append(i.options[option], word)
		}
	}
	return i, nil
}

// take returns the single value of an option that is not part of the input, and removes it.
func (i invocation) take(option string) string {
	value := strings.Join(i.options[option], " ")
	delete(i.options, option)
	return value
}

// awsCommand runs the AWS CLI with the credentials in the variables of the shell.
func (p *player) awsCommand(ctx context.Context, arguments []string, sh *shell) (string, error) {
	i, err := parseInvocation(arguments)
	if err != nil {
		return "", err
	}
	expression, output, region := i.take("query"), i.take("output"), i.take("region")
	if output != "" && output != "text" {
		return "", fmt.Errorf("aws %s: output %s is not part of the tour", i.name, output)
	}
	if region == "" {
		region = sh.variables["AWS_REGION"]
	}
	as := aws.Credentials{AccessKeyID: sh.variables["AWS_ACCESS_KEY_ID"], SecretAccessKey: sh.variables["AWS_SECRET_ACCESS_KEY"],
		SessionToken: sh.variables["AWS_SESSION_TOKEN"]}
	if i.name == "s3 ls" {
		if len(i.options) > 0 {
			return "", fmt.Errorf("aws s3 ls: options are not part of the tour: %v", slices.Sorted(maps.Keys(i.options)))
		}
		return p.listBuckets(ctx, region, as)
	}
	answer, err := p.call(ctx, i, region, as, sh)
	if err != nil {
		return "", err
	}
	answer, err = query(answer, expression)
	return printed(answer, output == "text"), err
}

// call makes the call of an invocation.
func (p *player) call(ctx context.Context, i invocation, region string, as aws.Credentials, sh *shell) (any, error) {
	s, known := shapes[i.name]
	if !known {
		return nil, fmt.Errorf("aws %s is not part of the tour", i.name)
	}
	service, dashed, _ := strings.Cut(i.name, " ")
	operation := capitals(dashed)
	if targets[service] == "" {
		members := url.Values{}
		for option, values := range i.options {
			value, err := sh.argument(strings.Join(values, " "))
			if err != nil {
				return nil, err
			}
			members.Set(capitals(option), value)
		}
		body, err := p.client.send(ctx, queryRequest(service, region, operation, members), as)
		if err != nil {
			return nil, err
		}
		return readXML(body, operation, s)
	}
	members, err := i.structures()
	if err != nil {
		return nil, err
	}
	made, err := jsonRequest(service, region, operation, members)
	if err != nil {
		return nil, err
	}
	body, err := p.client.send(ctx, made, as)
	if err != nil {
		return nil, err
	}
	return readJSON(body)
}

// argument is the value of an option: the text itself, or that of a file.
func (s *shell) argument(value string) (string, error) {
	name, isFile := strings.CutPrefix(value, "file://")
	if !isFile {
		return value, nil
	}
	text, exists := s.files[name]
	if !exists {
		return "", fmt.Errorf("no file %s", name)
	}
	return text, nil
}

// structures are the members of an input in JSON.
func (i invocation) structures() (map[string]any, error) {
	out := map[string]any{}
	for option, values := range i.options {
		value := strings.Join(values, " ")
		switch {
		case slices.Contains(structured, option):
			var list []any
			for _, word := range values {
				list = append(list, shorthand(word))
			}
			out[capitals(option)] = list
		case strings.HasPrefix(value, "{"):
			read, err := readJSON([]byte(value))
			if err != nil {
				return nil, fmt.Errorf("--%s: %w", option, err)
			}
			out[capitals(option)] = plain(read)
		default:
			out[capitals(option)] = value
		}
	}
	return out, nil
}

// shorthand reads Name=value,Name=value.
func shorthand(word string) map[string]any {
	out := map[string]any{}
	for pair := range strings.SplitSeq(word, ",") {
		name, value, _ := strings.Cut(pair, "=")
		out[name] = value
	}
	return out
}

// plain is a value as encoding/json writes it.
func plain(value any) any {
	o, isObject := value.(object)
	if !isObject {
		return value
	}
	out := map[string]any{}
	for _, m := range o {
		out[m.name] = plain(m.value)
	}
	return out
}

// capitals makes CreateRole of create-role.
func capitals(dashed string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(dashed, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// listBuckets is aws s3 ls.
func (p *player) listBuckets(ctx context.Context, region string, as aws.Credentials) (string, error) {
	body, err := p.client.send(ctx, request{service: "s3", region: region, operation: "ListBuckets", method: http.MethodGet}, as)
	if err != nil {
		return "", err
	}
	answer, err := readXML(body, "ListBuckets", shapeOf("Buckets[Bucket]{CreationDate@ Name}"))
	if err != nil {
		return "", err
	}
	found, err := query(answer, "Buckets[*].[CreationDate,Name]")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	list, _ := found.([]any)
	for _, bucket := range list {
		pair, _ := bucket.([]any)
		at, _, _ := strings.Cut(strings.Replace(textOf(pair[0]), "T", " ", 1), "+")
		fmt.Fprintf(&b, "%s %s\n", at, textOf(pair[1]))
	}
	return b.String(), nil
}
