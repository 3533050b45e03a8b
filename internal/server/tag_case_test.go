package server_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type tag struct{ key, value string }

// list spells tags with a format of key and value for each.
func list(tags []tag, format, between string) string {
	out := make([]string, len(tags))
	for i, t := range tags {
		out[i] = strings.NewReplacer("KEY", t.key, "VALUE", t.value, "N", fmt.Sprint(i+1)).Replace(format)
	}
	return strings.Join(out, between)
}

func tagsAsMap(tags []tag) string { return "{" + list(tags, `"KEY":"VALUE"`, ",") + "}" }

const keyValues = `{"Key":"KEY","Value":"VALUE"}`

func inFrankfurt(service, target, body string) request {
	q := jsonCall(service, "1.1", target, body)
	q.region = "eu-central-1"
	return q
}

func ec2Call(parameters string) request { return form("ec2", parameters+"&Version=2016-11-15") }

// TestTagKeysOfIAM: those of users and roles are the same ignoring case, those of everything else are not.
func TestTagKeysOfIAM(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	arn := r.makePolicy(t, "p", allowEC2)
	iam := func(status int, call string) string {
		t.Helper()
		got, body := r.call(t, form("iam", "Version=2010-05-08&Action="+call), r.admin())
		if got != status {
			t.Errorf("%s: %d %s", call, got, body)
		}
		return body
	}
	iam(200, "CreateUser&UserName=u")
	iam(200, "CreateRole&RoleName=r&AssumeRolePolicyDocument="+url.QueryEscape(trustAll))
	iam(200, "CreateInstanceProfile&InstanceProfileName=i")
	iam(200, "CreateOpenIDConnectProvider&Url=https://id.example.com")
	iam(200, "CreateVirtualMFADevice&VirtualMFADeviceName=m")
	for _, tt := range []struct {
		kind, of    string
		ignoresCase bool
	}{
		{"User", "UserName=u", true},
		{"Role", "RoleName=r", true},
		{"Policy", "PolicyArn=" + arn, false},
		{"InstanceProfile", "InstanceProfileName=i", false},
		{"OpenIDConnectProvider", "OpenIDConnectProviderArn=arn:aws:iam::123456789012:oidc-provider/id.example.com", false},
		{"MFADevice", "SerialNumber=arn:aws:iam::123456789012:mfa/m", false},
	} {
		tags := func() string {
			keys := regexp.MustCompile("<Key>([^<]*)</Key><Value>([^<]*)").FindAllStringSubmatch(iam(200, "List"+tt.kind+"Tags&"+tt.of), -1)
			var out []string
			for _, k := range keys {
				out = append(out, k[1]+"="+k[2])
			}
			return strings.Join(out, " ")
		}
		iam(200, "Tag"+tt.kind+"&"+tt.of+"&Tags.member.1.Key=Cost&Tags.member.1.Value=1")
		iam(200, "Tag"+tt.kind+"&"+tt.of+"&Tags.member.1.Key=cost&Tags.member.1.Value=2")
		want, left, says := "Cost=1 cost=2", "cost=2", "<Message>Duplicate tag keys found.</Message>"
		if tt.ignoresCase {
			want, left, says = "cost=2", "", "<Message>Duplicate tag keys found. Please note that Tag keys are case insensitive.</Message>"
		}
		if got := tags(); got != want {
			t.Errorf("tags of %s: %s", tt.kind, got)
		}
		if body := iam(400, "Tag"+tt.kind+"&"+tt.of+"&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=a&Tags.member.2.Value=2"); !strings.Contains(body, says) {
			t.Errorf("%s: %s", tt.kind, body)
		}
		iam(200, "Untag"+tt.kind+"&"+tt.of+"&TagKeys.member.1=Cost")
		if got := tags(); got != left {
			t.Errorf("tags left of %s: %s", tt.kind, got)
		}
		if body := iam(400, "Tag"+tt.kind+"&"+tt.of); !strings.Contains(body, "at 'tags' failed to satisfy constraint: Member must not be null") {
			t.Errorf("%s: %s", tt.kind, body)
		}
	}
}

// TestTagsInTwoSpellings: a tag whose key differs only in case from that of another hides it from no condition, in whatever order they come,
// on what is there (aws:ResourceTag and the services' own keys) and in what is asked for (aws:RequestTag).
func TestTagsInTwoSpellings(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	r.bucket(t, "tag-case")
	r.stream(t, "g", "s")
	r.parameter(t, "/p", "String", "1")
	r.dynamodb(t, r.admin(), 200, "CreateTable", createUsers)
	instance, policy := r.launch(t, ""), r.makePolicy(t, "tagged", allowEC2)
	image := regexp.MustCompile("<imageId>([^<]*)").FindStringSubmatch(r.ec2(t, "Action=DescribeInstances&InstanceId.1="+instance))[1]

	const tagsOfFunction = "/2017-03-31/tags/arn:aws:lambda:us-east-1:123456789012:function:f"
	for _, tt := range []struct {
		name string
		tag  func([]tag) request // gives what is there the tags
		use  request
		// keys are the names of what the tags are judged by when it is used, and in the call that gives them.
		resource, asked []string
	}{
		{
			"ec2", func(l []tag) request {
				return ec2Call("Action=CreateTags&ResourceId.1=" + instance + "&" + list(l, "Tag.N.Key=KEY&Tag.N.Value=VALUE", "&"))
			},
			ec2Call("Action=StopInstances&DryRun=true&InstanceId.1=" + instance),
			[]string{"aws:ResourceTag/Env", "ec2:ResourceTag/Env"}, []string{"aws:RequestTag/Env"},
		},
		{
			"iam", func(l []tag) request {
				return form("iam", "Version=2010-05-08&Action=TagPolicy&PolicyArn="+policy+"&"+list(l, "Tags.member.N.Key=KEY&Tags.member.N.Value=VALUE", "&"))
			},
			form("iam", "Version=2010-05-08&Action=GetPolicy&PolicyArn="+policy), []string{"aws:ResourceTag/Env"}, []string{"aws:RequestTag/Env"},
		},
		{
			"a launch", func(l []tag) request {
				return ec2Call("Action=RunInstances&DryRun=true&MinCount=1&MaxCount=1&InstanceType=t3.micro&ImageId=" + image +
					"&TagSpecification.1.ResourceType=instance&" + list(l, "TagSpecification.1.Tag.N.Key=KEY&TagSpecification.1.Tag.N.Value=VALUE", "&"))
			}, request{}, nil, []string{"aws:RequestTag/Env"},
		},
		{
			"lambda", func(l []tag) request { return lambdaCall("POST", tagsOfFunction, `{"Tags":`+tagsAsMap(l)+`}`) },
			lambdaCall("GET", functions+"/f", ""), []string{"aws:ResourceTag/Env"}, []string{"aws:RequestTag/Env"},
		},
		{
			"dynamodb", func(l []tag) request {
				return dynamodbCall("eu-central-1", "TagResource", `{"ResourceArn":"`+usersARN+`","Tags":[`+list(l, keyValues, ",")+`]}`)
			},
			dynamodbCall("eu-central-1", "DescribeTable", `{"TableName":"users"}`), []string{"aws:ResourceTag/Env"}, []string{"aws:RequestTag/Env"},
		},
		{
			"ssm", func(l []tag) request {
				return inFrankfurt("ssm", "AmazonSSM.AddTagsToResource", `{"ResourceType":"Parameter","ResourceId":"/p","Tags":[`+list(l, keyValues, ",")+`]}`)
			},
			inFrankfurt("ssm", "AmazonSSM.GetParameter", `{"Name":"/p"}`), []string{"aws:ResourceTag/Env"}, []string{"aws:RequestTag/Env"},
		},
		{
			"logs", func(l []tag) request {
				return inFrankfurt("logs", "Logs_20140328.TagLogGroup", `{"logGroupName":"g","tags":`+tagsAsMap(l)+`}`)
			},
			inFrankfurt("logs", "Logs_20140328.GetLogEvents", `{"logGroupName":"g","logStreamName":"s"}`),
			[]string{"aws:ResourceTag/Env"}, []string{"aws:RequestTag/Env"},
		},
		{
			"s3", func(l []tag) request {
				return request{service: "s3", method: "PUT", path: "/tag-case/k", header: map[string]string{"x-amz-tagging": list(l, "KEY=VALUE", "&")}}
			},
			request{service: "s3", method: "GET", path: "/tag-case/k", header: map[string]string{}},
			[]string{"s3:ExistingObjectTag/Env"}, []string{"s3:RequestObjectTag/Env"},
		},
	} {
		user := "user-" + url.QueryEscape(tt.name)
		key := r.nobody(t, user)
		tags := []tag{{"Env", "prod"}, {"env", "dev"}}
		for range 2 {
			check := func(q request, name string) {
				t.Helper()
				const allow, deny = `{"Effect":"Allow","Action":"*","Resource":"*"%s}`, `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"%s}`
				for condition, allowed := range map[string]bool{
					fmt.Sprintf(deny, `,"Condition":{"StringEquals":{"`+name+`":"prod"}}`):                                       false,
					fmt.Sprintf(deny, `,"Condition":{"StringEquals":{"`+name+`":"dev"}}`):                                        false,
					fmt.Sprintf(deny, `,"Condition":{"StringEquals":{"`+name+`":"none"}}`):                                       true,
					fmt.Sprintf(deny, `,"Condition":{"StringNotEqualsIfExists":{"`+name+`":"dev"},"Null":{"`+name+`":"false"}}`): false,
					fmt.Sprintf(allow, `,"Condition":{"StringEqualsIfExists":{"`+name+`":"dev"}}`):                               false,
					fmt.Sprintf(allow, `,"Condition":{"StringEqualsIfExists":{"`+name+`":"prod"}}`):                              false,
					fmt.Sprintf(allow, `,"Condition":{"StringNotEquals":{"`+name+`":"prod"}}`):                                   false,
					fmt.Sprintf(allow, `,"Condition":{"StringEqualsIfExists":{"`+name+`":["prod","dev"]}}`):                      true,
				} {
					r.permit(t, user, condition)
					status, body := r.call(t, q, key)
					if denied := status == 403 || strings.Contains(body, "AccessDenied"); denied == allowed || status >= 500 {
						t.Errorf("%s with %v under %s: %d %s", tt.name, tags, condition, status, body)
					}
				}
			}
			q := tt.tag(tags)
			if status, body := r.call(t, q, r.admin()); status >= 300 && !strings.Contains(body, "DryRunOperation") {
				t.Fatalf("%s, %v: %d %s", tt.name, tags, status, body)
			}
			for _, name := range tt.resource {
				check(tt.use, name)
			}
			for _, name := range tt.asked {
				check(q, name)
			}
			slices.Reverse(tags)
		}
	}
}
