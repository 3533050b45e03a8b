package ec2_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/ambittest"
)

// client makes calls of EC2 with forms: the SDK's package for it takes minutes to compile.
type client struct {
	ambit  *ambittest.Ambit
	config aws.Config

	service, region string            // empty: ec2 in us-east-1
	header          map[string]string // in place of a form's
}

// in is the same caller at another service and in another region.
func (c client) in(service, region string) client {
	c.service, c.region = service, region
	return c
}

var connections = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}

func (c client) call(t *testing.T, parameters string) (status int, body string) {
	t.Helper()
	text := []byte(parameters)
	if c.service == "" {
		text = []byte(parameters + "&Version=2016-11-15")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.ambit.Endpoint()+"/", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	sum := sha256.Sum256(text)
	credentials, err := c.config.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, request, hex.EncodeToString(sum[:]), cmp.Or(c.service, "ec2"), cmp.Or(c.region, "us-east-1"), time.Now()); err != nil {
		t.Fatal(err)
	}
	response, err := connections.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// must demands a success and returns the answer.
func (c client) must(t *testing.T, parameters string) string {
	t.Helper()
	status, body := c.call(t, parameters)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", parameters, status, body)
	}
	return body
}

// first returns the text of the first element of that name.
func first(t *testing.T, body, name string) string {
	t.Helper()
	found := regexp.MustCompile("<" + name + ">([^<]*)</" + name + ">").FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no %s in %s", name, body)
	}
	return found[1]
}

// An office has an administrator and people with one inline policy each.
type office struct {
	ambit *ambittest.Ambit
	admin *iam.Client
	ec2   client // the administrator's
	image string
}

func open(t *testing.T, options ...ambittest.Options) office {
	t.Helper()
	a := ambittest.Start(t, options...)
	o := office{ambit: a, admin: iam.NewFromConfig(a.Admin()), ec2: client{ambit: a, config: a.Admin()}}
	o.image = first(t, o.ec2.must(t, "Action=DescribeImages&Owner.1=amazon&Filter.1.Name=architecture&Filter.1.Value.1=x86_64"), "imageId")
	return o
}

// hire makes a user with a policy of these statements.
func (o office) hire(t *testing.T, name, statements string) client {
	t.Helper()
	ctx := context.Background()
	_, err := o.admin.CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
	if err == nil && statements != "" {
		_, err = o.admin.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("p"),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)})
	}
	if err != nil {
		t.Fatal(err)
	}
	key, err := o.admin.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return client{ambit: o.ambit, config: o.ambit.As(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")}
}

// profile makes an instance profile with a role of that name and path.
func (o office) profile(t *testing.T, name, path string) {
	t.Helper()
	ctx := context.Background()
	_, err := o.admin.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, Path: &path, AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`)})
	if err == nil {
		_, err = o.admin.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: &name})
	}
	if err == nil {
		_, err = o.admin.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &name, RoleName: &name})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (o office) launch(more string) string {
	return "Action=RunInstances&MinCount=1&MaxCount=1&InstanceType=t3.micro&ImageId=" + o.image + more
}

// denied is what the refusal of an action on a resource begins with.
func denied(user, action, resource string) string {
	return "<Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/" + user +
		" is not authorized to perform: " + action + " on resource: " + resource
}

const everywhere = `"Resource":"*"`

// TestALaunchIsJudgedOnWhatItTouches: each resource must be allowed, and the first that is not is named.
func TestALaunchIsJudgedOnWhatItTouches(t *testing.T) {
	t.Parallel()
	o := open(t)
	const arn = "arn:aws:ec2:us-east-1:123456789012:"
	kinds := []string{"instance", "image", "subnet", "security-group", "network-interface", "volume"}
	for missing := range kinds {
		var resources []string
		for i, kind := range kinds {
			account := "123456789012"
			if kind == "image" {
				account = ""
			}
			if i != missing {
				resources = append(resources, `"arn:aws:ec2:us-east-1:`+account+`:`+kind+`/*"`)
			}
		}
		name := "without-" + kinds[missing]
		c := o.hire(t, name, `{"Effect":"Allow","Action":"ec2:RunInstances","Resource":[`+strings.Join(resources, ",")+`]}`)
		status, body := c.call(t, o.launch(""))
		want := denied(name, "ec2:RunInstances", strings.Replace(arn, "123456789012", map[bool]string{true: "", false: "123456789012"}[kinds[missing] == "image"], 1)+kinds[missing]+"/")
		if status != http.StatusForbidden || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s, want %s", name, status, body, want)
		}
	}
	status, body := o.hire(t, "nobody", "").call(t, o.launch(""))
	want := denied("nobody", "ec2:RunInstances", arn+"instance/* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: ")
	if status != http.StatusForbidden || !strings.Contains(body, want) {
		t.Errorf("nobody: %d %s", status, body)
	}
}

// TestConditionsOfLaunches: what the rows of the operation table say of a launch decides.
func TestConditionsOfLaunches(t *testing.T) {
	t.Parallel()
	o := open(t)
	const device = "&BlockDeviceMapping.1.DeviceName=/dev/sdb&BlockDeviceMapping.1.Ebs.VolumeSize="
	const gp3 = "&BlockDeviceMapping.1.Ebs.VolumeType=gp3&BlockDeviceMapping.1.Ebs.Iops="
	const tagged = "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Team&TagSpecification.1.Tag.1.Value="
	allow := func(condition string) string {
		return `{"Effect":"Allow","Action":["ec2:RunInstances","ec2:CreateTags"],` + everywhere + `},{"Effect":"Deny","Action":"ec2:RunInstances",` +
			`"Resource":"arn:aws:ec2:*:*:` + condition + `}`
	}
	for name, tt := range map[string]struct {
		statements, good, bad string
	}{
		"type":     {allow(`instance/*","Condition":{"StringNotLike":{"ec2:InstanceType":"t3.*"}}`), "", "&InstanceType=m5.large"},
		"tag":      {allow(`instance/*","Condition":{"StringNotEquals":{"aws:RequestTag/Team":"blue"}}`), tagged + "blue", tagged + "red"},
		"untagged": {allow(`instance/*","Condition":{"Null":{"aws:RequestTag/Team":"true"}}`), tagged + "red", ""},
		"keys":     {allow(`instance/*","Condition":{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["Team"]}}`), tagged + "red", strings.Replace(tagged, "Team", "Crew", 1) + "red"},
		"volumes":  {allow(`volume/*","Condition":{"StringEquals":{"aws:RequestTag/Team":"red"}}`), tagged + "red", strings.Replace(tagged, "instance", "volume", 1) + "red"},
		"zone":     {allow(`instance/*","Condition":{"StringNotEquals":{"ec2:AvailabilityZone":"us-east-1b"}}`), "&Placement.AvailabilityZone=us-east-1b", ""},
		"owner":    {allow(`image/*","Condition":{"StringNotEquals":{"ec2:Owner":"amazon"}}`), "", "UBUNTU"},
		"metadata": {allow(`instance/*","Condition":{"StringNotEquals":{"ec2:MetadataHttpTokens":"required"}}`), "&MetadataOptions.HttpTokens=required", "&MetadataOptions.HttpTokens=optional"},

		// What a launch leaves out has the value that the instance gets, and every volume is judged for itself.
		"unencrypted": {allow(`volume/*","Condition":{"Bool":{"ec2:Encrypted":"false"}}`), "&BlockDeviceMapping.1.DeviceName=/dev/xvda&BlockDeviceMapping.1.Ebs.Encrypted=true", ""},
		"one-of-them": {allow(`volume/*","Condition":{"Bool":{"ec2:Encrypted":"true"}}`), "", device + "1&BlockDeviceMapping.1.Ebs.Encrypted=true"},
		"size":        {allow(`volume/*","Condition":{"NumericGreaterThan":{"ec2:VolumeSize":"100"}}`), device + "100", device + "101"},
		"iops":        {allow(`volume/*","Condition":{"NumericGreaterThan":{"ec2:VolumeIops":"3000"}}`), device + "9" + gp3 + "3000", device + "9" + gp3 + "3001"},
		"volume-type": {allow(`volume/*","Condition":{"StringEquals":{"ec2:VolumeType":"gp2"}}`), "", device + "9"},
		"snapshot":    {allow(`volume/*","Condition":{"Null":{"ec2:ParentSnapshot":"true"}}`), "", device + "9"},
		"tenancy":     {allow(`instance/*","Condition":{"StringEquals":{"ec2:Tenancy":"default","ec2:EbsOptimized":"true"}}`), "", "&EbsOptimized=true"},
		"optimized":   {allow(`instance/*","Condition":{"Bool":{"ec2:EbsOptimized":"false"}}`), "&EbsOptimized=true", ""},
		"market":      {allow(`instance/*","Condition":{"StringEquals":{"ec2:InstanceMarketType":"on-demand","ec2:AvailabilityZoneId":"use1-az1"}}`), "&Placement.AvailabilityZone=us-east-1b", ""},
		"template":    {allow(`subnet/*","Condition":{"Bool":{"ec2:IsLaunchTemplateResource":"false"},"StringNotEquals":{"ec2:AvailabilityZone":"us-east-1a"}}`), "", "&Placement.AvailabilityZone=us-east-1b"},
		"no-address":  {allow(`network-interface/*","Condition":{"Bool":{"ec2:AssociatePublicIpAddress":"false"}}`), "", "&NetworkInterface.1.DeviceIndex=0&NetworkInterface.1.AssociatePublicIpAddress=false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := o.hire(t, name, tt.statements)
			if tt.bad == "UBUNTU" {
				tt.bad = "&ImageId=" + first(t, o.ec2.must(t, "Action=DescribeImages&Owner.1=099720109477&Filter.1.Name=architecture&Filter.1.Value.1=x86_64"), "imageId")
			}
			c.must(t, o.with(tt.good))
			if status, body := c.call(t, o.with(tt.bad)); status != http.StatusForbidden || !strings.Contains(body, "with an explicit deny in an identity-based policy") {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

// TestConditionsOfChanges: what is changed of an instance can be told apart.
func TestConditionsOfChanges(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.profile(t, "MyTestApp", "/")
	o.profile(t, "Other", "/")
	running := o.ec2.must(t, o.launch("&MetadataOptions.HttpTokens=optional"))
	id, group := first(t, running, "instanceId"), first(t, running, "groupId")
	guard := o.hire(t, "guard", `{"Effect":"Allow","Action":["ec2:*","iam:PassRole"],`+everywhere+`},
		{"Effect":"Deny","Action":"ec2:ModifyInstanceAttribute",`+everywhere+`,"Condition":{"StringEquals":{"ec2:Attribute":"DisableApiTermination"}}},
		{"Effect":"Deny","Action":"ec2:ModifyInstanceAttribute","Resource":"arn:aws:ec2:*:*:security-group/`+group+`"},
		{"Effect":"Deny","Action":"ec2:RebootInstances",`+everywhere+`,"Condition":{"StringEquals":{"ec2:MetadataHttpTokens":"optional","ec2:RootDeviceType":"ebs"}}},
		{"Effect":"Deny","Action":"ec2:*Profile*",`+everywhere+`,"Condition":{"ArnLike":{"ec2:NewInstanceProfile":"arn:aws:iam::*:instance-profile/Other"}}}`)
	modify := "Action=ModifyInstanceAttribute&InstanceId=" + id
	associate := "Action=AssociateIamInstanceProfile&InstanceId=" + id + "&IamInstanceProfile.Name="
	for _, bad := range []string{
		modify + "&DisableApiTermination.Value=false",
		modify + "&Attribute=disableApiTermination&Value=false",
		modify + "&GroupId.1=" + group,
		modify + "&Attribute=groupSet&Value=" + group,
		modify + "&Attribute=groupSet&Value=sg-0123456789abcdef0," + group,
		"Action=RebootInstances&InstanceId.1=" + id,
		associate + "Other",
	} {
		if status, body := guard.call(t, bad); status != http.StatusForbidden || !strings.Contains(body, "with an explicit deny in an identity-based policy") {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	guard.must(t, modify+"&DisableApiStop.Value=true")
	replace := "Action=ReplaceIamInstanceProfileAssociation&AssociationId=" + first(t, guard.must(t, associate+"MyTestApp"), "associationId")
	if status, body := guard.call(t, replace+"&IamInstanceProfile.Name=other"); status != http.StatusForbidden {
		t.Errorf("replaced: %d %s", status, body)
	}
	guard.must(t, replace+"&IamInstanceProfile.Name=MyTestApp")
}

// with is a launch with other parameters.
func (o office) with(more string) string {
	v, _ := url.ParseQuery(o.launch(""))
	changed, _ := url.ParseQuery(more)
	for name, values := range changed {
		v[name] = values
	}
	return v.Encode()
}

// TestKeyPairsAreJudgedByNameAndTags: also when they are named by their ids.
func TestKeyPairsAreJudgedByNameAndTags(t *testing.T) {
	t.Parallel()
	o := open(t)
	const tag = "&TagSpecification.1.ResourceType=key-pair&TagSpecification.1.Tag.1.Key=Team&TagSpecification.1.Tag.1.Value="
	mine := first(t, o.ec2.must(t, "Action=CreateKeyPair&KeyType=ed25519&KeyName=mine"+tag+"blue"), "keyPairId")
	theirs := first(t, o.ec2.must(t, "Action=CreateKeyPair&KeyType=ed25519&KeyName=theirs"+tag+"red"), "keyPairId")
	c := o.hire(t, "blue", `{"Effect":"Allow","Action":["ec2:DeleteKeyPair","ec2:RunInstances","ec2:CreateTags"],`+everywhere+`},
		{"Effect":"Deny","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:key-pair/*","Condition":{"StringNotEquals":{"ec2:ResourceTag/Team":"blue"}}},
		{"Effect":"Allow","Action":"ec2:CreateKeyPair","Resource":"arn:aws:ec2:*:*:key-pair/blue-*",
			"Condition":{"StringEquals":{"aws:RequestTag/Team":"blue","ec2:KeyPairType":"ed25519"}}}`)
	const keys = "arn:aws:ec2:us-east-1:123456789012:key-pair/"
	for call, judged := range map[string]string{
		"Action=DeleteKeyPair&KeyName=theirs":                               "ec2:DeleteKeyPair on resource: " + keys + "theirs",
		"Action=DeleteKeyPair&KeyPairId=" + theirs:                          "ec2:DeleteKeyPair on resource: " + keys + "theirs",
		"Action=DeleteKeyPair&KeyPairId=key-0123456789abcdef0":              "ec2:DeleteKeyPair on resource: " + keys + "*",
		o.launch("&KeyName=theirs"):                                         "ec2:RunInstances on resource: " + keys + "theirs",
		"Action=CreateTags&Tag.1.Key=k&ResourceId.1=" + theirs:              "ec2:CreateTags on resource: " + keys + "theirs",
		"Action=CreateKeyPair&KeyName=red-1&KeyType=ed25519" + tag + "blue": "ec2:CreateKeyPair on resource: " + keys + "red-1",
		"Action=CreateKeyPair&KeyName=blue-1&KeyType=ed25519" + tag + "red": "ec2:CreateKeyPair on resource: " + keys + "blue-1",
		"Action=CreateKeyPair&KeyName=blue-1" + tag + "blue":                "ec2:CreateKeyPair on resource: " + keys + "blue-1",
		"Action=CreateKeyPair&KeyName=blue-1&KeyType=ed25519":               "ec2:CreateKeyPair on resource: " + keys + "blue-1",
	} {
		if status, body := c.call(t, call); status != 403 || !strings.Contains(body, judged+" ") {
			t.Errorf("%s: %d %s, want %s", call, status, body, judged)
		}
	}
	c.must(t, o.launch("&KeyName=mine"))
	c.must(t, "Action=CreateTags&Tag.1.Key=k&ResourceId.1="+mine)
	c.must(t, "Action=DeleteKeyPair&KeyName=&KeyPairId="+mine) // an empty name is none
	if body := o.ec2.must(t, "Action=DescribeKeyPairs"); strings.Contains(body, mine) || !strings.Contains(body, theirs) {
		t.Errorf("left are %s", body)
	}
}

// TestTagsAtLaunchAreAPermission: who may launch may not therefore tag.
func TestTagsAtLaunchAreAPermission(t *testing.T) {
	t.Parallel()
	o := open(t)
	const tags = "&TagSpecification.1.ResourceType=volume&TagSpecification.1.Tag.1.Key=k&TagSpecification.1.Tag.1.Value=v"
	launcher := o.hire(t, "launcher", `{"Effect":"Allow","Action":"ec2:RunInstances",`+everywhere+`},
		{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"arn:aws:ec2:*:*:instance/*","Condition":{"StringEquals":{"ec2:CreateAction":"RunInstances"}}}`)
	id := first(t, launcher.must(t, o.launch(strings.Replace(tags, "volume", "instance", 1))), "instanceId")
	status, body := launcher.call(t, o.launch(tags))
	if want := denied("launcher", "ec2:CreateTags", "arn:aws:ec2:us-east-1:123456789012:volume/*"); status != 403 || !strings.Contains(body, want) {
		t.Errorf("%d %s, want %s", status, body, want)
	}
	// The same tags, but not at the launch.
	status, body = launcher.call(t, "Action=CreateTags&ResourceId.1="+id+"&Tag.1.Key=k&Tag.1.Value=v")
	if want := denied("launcher", "ec2:CreateTags", "arn:aws:ec2:us-east-1:123456789012:instance/"+id); status != 403 || !strings.Contains(body, want) {
		t.Errorf("%d %s, want %s", status, body, want)
	}
}

// TestTheRoleInTheProfileMustBePassed: to EC2, and by its own ARN.
func TestTheRoleInTheProfileMustBePassed(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.profile(t, "MyTestApp", "/apps/")
	o.profile(t, "Other", "/")
	c := o.hire(t, "employee", `{"Effect":"Allow","Action":"ec2:*",`+everywhere+`},{"Effect":"Allow","Action":"iam:PassRole",
		"Resource":"arn:aws:iam::123456789012:role/apps/MyTestApp*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`)
	const arn = "&IamInstanceProfile.Arn=arn:aws:iam::123456789012:instance-profile/"
	for _, good := range []string{"&IamInstanceProfile.Name=MyTestApp", "&IamInstanceProfile.Name=mytestapp", arn + "MyTestApp"} {
		body := c.must(t, o.launch(good))
		if !strings.Contains(body, "<iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/MyTestApp</arn><id>AIPA") {
			t.Errorf("%s: %s", good, body)
		}
	}
	for bad, judged := range map[string]string{
		"&IamInstanceProfile.Name=Other":  "arn:aws:iam::123456789012:role/Other",
		arn + "Other":                     "arn:aws:iam::123456789012:role/Other",
		arn + "mytestapp":                 "arn:aws:iam::123456789012:role/*", // no profile is spelled so
		"&IamInstanceProfile.Name=absent": "arn:aws:iam::123456789012:role/*",
		"&IamInstanceProfile.Arn=arn:aws:iam::210987654321:instance-profile/MyTestApp": "arn:aws:iam::123456789012:role/*",
	} {
		status, body := c.call(t, o.launch(bad))
		want := denied("employee", "iam:PassRole", judged+" because no identity-based policy allows the iam:PassRole action")
		if status != http.StatusForbidden || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s, want %s", bad, status, body, want)
		}
	}
	other := o.hire(t, "other", `{"Effect":"Allow","Action":"ec2:*",`+everywhere+`},{"Effect":"Allow","Action":"iam:PassRole",`+everywhere+`,
		"Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}`)
	if status, body := other.call(t, o.launch("&IamInstanceProfile.Name=MyTestApp")); status != 403 || !strings.Contains(body, "iam:PassRole") {
		t.Errorf("passed to another service: %d %s", status, body)
	}
	// A profile without a role gives nothing, and there is nothing to pass.
	if _, err := o.admin.CreateInstanceProfile(t.Context(), &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("Empty")}); err != nil {
		t.Fatal(err)
	}
	status, body := o.ec2.call(t, o.launch("&IamInstanceProfile.Name=Empty"))
	if status != 400 || !strings.Contains(body, "has no associated IAM Roles") {
		t.Errorf("an empty profile: %d %s", status, body)
	}
}

// TestAProfileForAnInstanceThatRunsIsPassedToo: who may not pass a role can neither associate nor replace.
func TestAProfileForAnInstanceThatRunsIsPassedToo(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.profile(t, "MyTestApp", "/apps/")
	o.profile(t, "Other", "/")
	id := first(t, o.ec2.must(t, o.launch("")), "instanceId")
	c := o.hire(t, "employee", `{"Effect":"Allow","Action":"ec2:*",`+everywhere+`},{"Effect":"Allow","Action":"iam:PassRole",
		"Resource":"arn:aws:iam::123456789012:role/apps/MyTestApp*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`)
	refused := func(call string) {
		t.Helper()
		status, body := c.call(t, call)
		want := denied("employee", "iam:PassRole", "arn:aws:iam::123456789012:role/Other because")
		if status != http.StatusForbidden || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s, want %s", call, status, body, want)
		}
	}
	associate := "Action=AssociateIamInstanceProfile&InstanceId=" + id + "&IamInstanceProfile.Name="
	refused(associate + "Other")
	replace := "Action=ReplaceIamInstanceProfileAssociation&AssociationId=" + first(t, c.must(t, associate+"MyTestApp"), "associationId") + "&IamInstanceProfile.Name="
	refused(replace + "Other")
	association := first(t, c.must(t, replace+"MyTestApp"), "associationId")
	// The instance is judged as well, found by its association.
	narrow := o.hire(t, "narrow", `{"Effect":"Allow","Action":["ec2:*","iam:*"],"Resource":"*"},{"Effect":"Deny","Action":["ec2:Replace*","ec2:Disassociate*"],
		"Resource":"arn:aws:ec2:*:*:instance/`+id+`"}`)
	for _, call := range []string{"Action=DisassociateIamInstanceProfile", "Action=ReplaceIamInstanceProfileAssociation&IamInstanceProfile.Name=Other"} {
		if status, body := narrow.call(t, call+"&AssociationId="+association); status != 403 || !strings.Contains(body, "instance/"+id+" with an explicit deny") {
			t.Errorf("%s: %d %s", call, status, body)
		}
		if status, body := narrow.call(t, call+"&AssociationId=iip-assoc-0"); status != 400 || !strings.Contains(body, "<Code>NoSuchAssociation</Code>") {
			t.Errorf("%s of none: %d %s", call, status, body)
		}
	}
}

// TestInstancesAreJudgedByWhatTheyAre: tags and type of the stored instance decide, and all of them must be allowed.
func TestInstancesAreJudgedByWhatTheyAre(t *testing.T) {
	t.Parallel()
	o := open(t)
	const tag = "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Team&TagSpecification.1.Tag.1.Value="
	mine := first(t, o.ec2.must(t, o.launch(tag+"blue")), "instanceId")
	theirs := first(t, o.ec2.must(t, o.launch(tag+"red")), "instanceId")
	blue := o.hire(t, "blue", `{"Effect":"Allow","Action":["ec2:StartInstances","ec2:StopInstances","ec2:RebootInstances"],`+everywhere+`,
			"Condition":{"StringEquals":{"aws:ResourceTag/Team":"blue","ec2:ResourceTag/Team":"blue","ec2:InstanceType":"t3.micro"}}},
		{"Effect":"Allow","Action":["ec2:CreateTags","ec2:DeleteTags"],"Resource":"arn:aws:ec2:*:*:instance/*",
			"Condition":{"StringEquals":{"ec2:ResourceTag/Team":"blue"},"ForAllValues:StringNotEquals":{"aws:TagKeys":"Team"}}}`)
	blue.must(t, "Action=RebootInstances&InstanceId.1="+mine)
	blue.must(t, "Action=CreateTags&ResourceId.1="+mine+"&Tag.1.Key=Name&Tag.1.Value=web")
	for bad, judged := range map[string]string{
		"Action=StopInstances&InstanceId.1=" + theirs:                                         "ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + theirs,
		"Action=StopInstances&InstanceId.1=" + mine + "&InstanceId.2=" + theirs:               "ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + theirs,
		"Action=StopInstances&InstanceId.1=i-0123456789abcdef0":                               "ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0",
		"Action=TerminateInstances&InstanceId.1=" + mine:                                      "ec2:TerminateInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + mine,
		"Action=CreateTags&ResourceId.1=" + mine + "&Tag.1.Key=Team&Tag.1.Value=blue":         "ec2:CreateTags on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + mine,
		"Action=CreateTags&ResourceId.1=" + theirs + "&Tag.1.Key=Name&Tag.1.Value=web":        "ec2:CreateTags on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + theirs,
		"Action=DeleteTags&ResourceId.1=" + theirs:                                            "ec2:DeleteTags on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + theirs,
		"Action=CreateTags&ResourceId.1=vpc-0123456789abcdef0&Tag.1.Key=k&Tag.1.Value=v":      "ec2:CreateTags on resource: arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0123456789abcdef0",
		"Action=StopInstances&DryRun=true&InstanceId.1=" + theirs:                             "ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + theirs,
		"Action=CreateTags&ResourceId.1=" + mine + "&ResourceId.2=" + theirs + "&Tag.1.Key=k": "ec2:CreateTags on resource: arn:aws:ec2:us-east-1:123456789012:instance/" + theirs,
	} {
		status, body := blue.call(t, bad)
		if status != http.StatusForbidden || !strings.Contains(body, judged) {
			t.Errorf("%s: %d %s, want %s", bad, status, body, judged)
		}
	}
	body := o.ec2.must(t, "Action=DescribeInstances")
	for strings.Contains(body, ">pending<") {
		time.Sleep(10 * time.Millisecond)
		body = o.ec2.must(t, "Action=DescribeInstances")
	}
	if strings.Contains(body, "stop") {
		t.Errorf("something was stopped: %s", body)
	}
	blue.must(t, "Action=StopInstances&InstanceId.1="+mine)
}

// TestEncodedFailures: what a refused launch says to who may read it.
func TestEncodedFailures(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, body := o.hire(t, "ada", `{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:*:instance/*"}`).call(t, o.launch(""))
	_, message, found := strings.Cut(first(t, body, "Message"), ". Encoded authorization failure message: ")
	if !found || strings.Contains(message, " ") {
		t.Fatalf("no encoded message in %s", body)
	}
	out, err := sts.NewFromConfig(o.ambit.Admin()).DecodeAuthorizationMessage(t.Context(), &sts.DecodeAuthorizationMessageInput{EncodedMessage: &message})
	if err != nil {
		t.Fatal(err)
	}
	var told struct {
		Allowed, ExplicitDeny bool
		Context               struct {
			Principal        struct{ ARN string }
			Action, Resource string
			Conditions       struct {
				Items []struct {
					Key    string
					Values struct{ Items []struct{ Value string } }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(*out.DecodedMessage), &told); err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, c := range told.Context.Conditions.Items {
		keys[c.Key] = c.Values.Items[0].Value
	}
	if told.Allowed || told.ExplicitDeny || told.Context.Action != "ec2:RunInstances" || told.Context.Principal.ARN != "arn:aws:iam::123456789012:user/ada" ||
		told.Context.Resource != "arn:aws:ec2:us-east-1::image/"+o.image || keys["ec2:ImageID"] != o.image || keys["ec2:Owner"] != "amazon" ||
		keys["ec2:Public"] != "true" || keys["ec2:RootDeviceType"] != "ebs" || keys["aws:RequestedRegion"] != "us-east-1" {
		t.Errorf("decoded: %s", *out.DecodedMessage)
	}
}

// TestWhatDoesNotExistIsToldToWhoMayAsk and to nobody else.
func TestWhatDoesNotExistIsToldToWhoMayAsk(t *testing.T) {
	t.Parallel()
	o := open(t)
	nobody := o.hire(t, "nobody", "")
	for call, code := range map[string]string{
		"Action=TerminateInstances&InstanceId.1=i-0123456789abcdef0":                                           "InvalidInstanceID.NotFound",
		"Action=RunInstances&MinCount=1&MaxCount=1&InstanceType=t3.micro&ImageId=ami-0123456789abcdef0":        "InvalidAMIID.NotFound",
		"Action=CreateTags&ResourceId.1=eni-0123456789abcdef0&Tag.1.Key=k":                                     "InvalidNetworkInterfaceID.NotFound",
		"Action=RunInstances&MinCount=1&MaxCount=1&KeyName=k&InstanceType=t3.micro&ImageId=" + o.image:         "InvalidKeyPair.NotFound",
		"Action=RunInstances&MinCount=1&MaxCount=1&SecurityGroup.1=*&InstanceType=t3.micro&ImageId=" + o.image: "InvalidGroup.NotFound",
		"Action=DescribeInstances&InstanceId.1=i-0123456789abcdef0":                                            "InvalidInstanceID.NotFound",
	} {
		if status, body := o.ec2.call(t, call); status != 400 || !strings.Contains(body, "<Code>"+code+"</Code>") {
			t.Errorf("the administrator, %s: %d %s, want %s", call, status, body, code)
		}
		if status, body := nobody.call(t, call); status != 403 || !strings.Contains(body, "<Code>UnauthorizedOperation</Code>") {
			t.Errorf("nobody, %s: %d %s", call, status, body)
		}
	}
}
