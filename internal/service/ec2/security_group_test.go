package ec2_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestConditionsOfSecurityGroups: what the rows say of calls on groups and on metadata options decides, each key alone.
func TestConditionsOfSecurityGroups(t *testing.T) {
	t.Parallel()
	o := open(t)
	const tag = "&TagSpecification.1.ResourceType=security-group&TagSpecification.1.Tag.1.Key=Team&TagSpecification.1.Tag.1.Value="
	create := func(name, more string) string {
		return "Action=CreateSecurityGroup&GroupDescription=d&GroupName=" + name + more
	}
	blue := first(t, o.ec2.must(t, create("blue", tag+"blue")), "groupId")
	red := first(t, o.ec2.must(t, create("red", tag+"red")), "groupId")
	vpc := first(t, o.ec2.must(t, "Action=DescribeVpcs"), "vpcId")
	id := first(t, o.ec2.must(t, o.launch("")), "instanceId")
	open := func(name, group string) string {
		return "Action=AuthorizeSecurityGroup" + name + "&GroupId=" + group + "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22" +
			"&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
	}
	shut := func(name, group string) string {
		return "Action=RevokeSecurityGroup" + name + "&GroupId=" + group + "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0"
	}
	ruleTag := func(team string) string {
		return strings.ReplaceAll(tag, "ResourceType=security-group", "ResourceType=security-group-rule") + team
	}
	const arn = `"Resource":"arn:aws:ec2:us-east-1:123456789012:`
	allow := func(action, rest string) string {
		return `{"Effect":"Allow","Action":"ec2:` + action + `",` + rest + `}`
	}
	modify := "Action=ModifyInstanceMetadataOptions&InstanceId=" + id
	for name, tt := range map[string]struct{ statements, good, bad string }{
		"its-id":      {allow("AuthorizeSecurityGroupIngress", arn+`security-group/`+blue+`"`), open("Ingress", blue), open("Ingress", red)},
		"its-tag":     {allow("AuthorizeSecurityGroupEgress", everywhere+`,"Condition":{"StringEquals":{"aws:ResourceTag/Team":"blue"}}`), open("Egress", blue), open("Egress", red)},
		"its-ec2-tag": {allow("RevokeSecurityGroupEgress", everywhere+`,"Condition":{"StringEquals":{"ec2:ResourceTag/Team":"blue"}}`), shut("Egress", blue), shut("Egress", red)},
		"its-key":     {allow("DeleteSecurityGroup", everywhere+`,"Condition":{"StringEquals":{"ec2:SecurityGroupID":"GONE"}}`), "Action=DeleteSecurityGroup&GroupId=GONE", "Action=DeleteSecurityGroup&GroupId=" + red},
		"its-vpc": {allow("RevokeSecurityGroupIngress", everywhere+`,"Condition":{"ArnEquals":{"ec2:Vpc":"arn:aws:ec2:us-east-1:123456789012:vpc/`+vpc+`"}}`),
			"Action=RevokeSecurityGroupIngress&GroupName=default&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupName=default",
			"Action=RevokeSecurityGroupIngress&GroupId=sg-0123456789abcdef0&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0"},
		"rule-tag": {allow("*", everywhere) + "," + `{"Effect":"Deny","Action":"ec2:AuthorizeSecurityGroupIngress",` + arn +
			`security-group-rule/*","Condition":{"StringNotEquals":{"aws:RequestTag/Team":"blue"}}}`, "RULE" + ruleTag("blue"), "RULE" + ruleTag("red")},
		"tagging-rules": {allow("AuthorizeSecurityGroupIngress", everywhere) + "," + allow("CreateTags", arn+`security-group-rule/*","Condition":`+
			`{"StringEquals":{"ec2:CreateAction":"AuthorizeSecurityGroupIngress","aws:RequestTag/Team":"blue"}}`), "RULE" + ruleTag("blue"), "RULE" + ruleTag("red")},
		"new-tag": {allow("CreateSecurityGroup", arn+`vpc/*"`) + "," + allow("CreateSecurityGroup", arn+`security-group/*","Condition":{"StringEquals":{"aws:RequestTag/Team":"blue"}}`) +
			"," + allow("CreateTags", everywhere), create("new-tag", tag+"blue"), create("other", tag+"red")},
		"new-vpc": {allow("CreateSecurityGroup", arn+`security-group/*"`) + "," + allow("CreateSecurityGroup", arn+`vpc/*","Condition":{"StringEquals":{"ec2:VpcID":"`+vpc+`"}}`),
			create("new-vpc", ""), create("other", "&VpcId=vpc-0123456789abcdef0")},
		"new-tenancy": {allow("CreateSecurityGroup", everywhere) + `,{"Effect":"Deny","Action":"ec2:CreateSecurityGroup",` + arn +
			`vpc/*","Condition":{"StringNotEqualsIfExists":{"ec2:Tenancy":"default"}}},` + `{"Effect":"Deny","Action":"ec2:CreateTags",` + everywhere + `}`,
			create("new-tenancy", ""), create("other", tag+"blue")},
		"described": {allow("DescribeSecurityGroupRules", everywhere+`,"Condition":{"StringEquals":{"ec2:Region":"us-east-1"}}`), "Action=DescribeSecurityGroupRules", "Action=DescribeSecurityGroups"},
		"launched": {allow("*", everywhere) + `,{"Effect":"Deny","Action":"ec2:RunInstances",` + arn + `security-group/*","Condition":{"StringNotEquals":{"ec2:ResourceTag/Team":"blue"}}}`,
			o.launch("&SecurityGroupId.1=" + blue), o.launch("&SecurityGroup.1=red")},
		"into": {allow("*", everywhere) + `,{"Effect":"Deny","Action":"ec2:ModifyInstanceAttribute",` + arn + `security-group/` + red + `"}`,
			"Action=ModifyInstanceAttribute&InstanceId=" + id + "&GroupId.1=" + blue, "Action=ModifyInstanceAttribute&InstanceId=" + id + "&GroupId.1=" + red},
		"tokens":   {allow("ModifyInstanceMetadataOptions", everywhere+`,"Condition":{"StringEquals":{"ec2:Attribute/HttpTokens":"required"}}`), modify + "&HttpTokens=required", modify + "&HttpTokens=optional"},
		"endpoint": {allow("ModifyInstanceMetadataOptions", everywhere+`,"Condition":{"StringEquals":{"ec2:Attribute/HttpEndpoint":"enabled"}}`), modify + "&HttpEndpoint=enabled", modify + "&HttpTokens=required"},
		"hops":     {allow("ModifyInstanceMetadataOptions", everywhere+`,"Condition":{"NumericLessThan":{"ec2:Attribute/HttpPutResponseHopLimit":"3"}}`), modify + "&HttpPutResponseHopLimit=2", modify + "&HttpPutResponseHopLimit=3"},
		"ipv6":     {allow("ModifyInstanceMetadataOptions", everywhere+`,"Condition":{"StringEquals":{"ec2:Attribute/HttpProtocolIpv6":"disabled"}}`), modify + "&HttpProtocolIpv6=disabled", modify + "&HttpProtocolIpv6=enabled"},
		"tags":     {allow("ModifyInstanceMetadataOptions", everywhere+`,"Condition":{"StringEquals":{"ec2:Attribute/InstanceMetadataTags":"disabled"}}`), modify + "&InstanceMetadataTags=disabled", modify + "&InstanceMetadataTags=enabled"},
		"now": {allow("ModifyInstanceMetadataOptions", everywhere+`,"Condition":{"StringEquals":{"ec2:MetadataHttpTokens":"required","ec2:MetadataHttpEndpoint":"enabled"},`+
			`"NumericEquals":{"ec2:MetadataHttpPutResponseHopLimit":"2"}}`), "OWN", "OPTIONAL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group := first(t, o.ec2.must(t, create("of-"+name, "")), "groupId")
			for from, to := range map[string]string{"GONE": group, "RULE": open("Ingress", group)} {
				tt.statements, tt.good, tt.bad = strings.ReplaceAll(tt.statements, from, to), strings.ReplaceAll(tt.good, from, to), strings.ReplaceAll(tt.bad, from, to)
			}
			if tt.good == "OWN" {
				own := func(more string) string {
					return "Action=ModifyInstanceMetadataOptions&HttpEndpoint=enabled&InstanceId=" + first(t, o.ec2.must(t, o.launch(more)), "instanceId")
				}
				tt.good, tt.bad = own(""), own("&MetadataOptions.HttpTokens=optional")
			}
			c := o.hire(t, name, tt.statements)
			if status, body := c.call(t, tt.bad); status != http.StatusForbidden {
				t.Errorf("%s: %d %s", tt.bad, status, body)
			}
			c.must(t, tt.good)
		})
	}
}

// TestRulesAreCountedBeforeTheyAreRead: a call with more rules than a group can have is refused whole, and one with as many is done.
func TestRulesAreCountedBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := first(t, o.ec2.must(t, "Action=CreateSecurityGroup&GroupDescription=d&GroupName=full"), "groupId")
	rules := func(verb string, n int) string {
		call := "Action=" + verb + "SecurityGroupIngress&GroupId=" + id + "&IpPermissions.1.IpProtocol=-1"
		for i := range n {
			call += fmt.Sprintf("&IpPermissions.1.IpRanges.%d.CidrIp=10.0.0.%d/32", i+1, i)
		}
		return call
	}
	for _, verb := range []string{"Authorize", "Revoke"} {
		if status, body := o.ec2.call(t, rules(verb, 61)); status != http.StatusBadRequest || !strings.Contains(body, "<Code>RulesPerSecurityGroupLimitExceeded<") {
			t.Errorf("%s: %d %s", verb, status, body)
		}
		if got := strings.Count(o.ec2.must(t, "Action=DescribeSecurityGroupRules&Filter.1.Name=group-id&Filter.1.Value.1="+id), "<isEgress>false"); got != 0 {
			t.Errorf("after %s there are %d rules", verb, got)
		}
	}
	o.ec2.must(t, rules("Authorize", 60))
	if status, body := o.ec2.call(t, strings.ReplaceAll(rules("Authorize", 1), "10.0.0.", "10.0.1.")); status != http.StatusBadRequest || !strings.Contains(body, "<Code>RulesPerSecurityGroupLimitExceeded<") {
		t.Errorf("one more: %d %s", status, body)
	}
	o.ec2.must(t, rules("Revoke", 60))
	if status, body := o.ec2.call(t, o.launch("&SecurityGroup.1=full&SecurityGroup.2=none")); status != http.StatusBadRequest || !strings.Contains(body, "<Code>InvalidGroup.NotFound<") {
		t.Errorf("a name that no group has: %d %s", status, body)
	}
}

// TestTagsThatAreToldAreElementsOfPaths: while an instance is told its tags, their keys can be written in a path.
func TestTagsThatAreToldAreElementsOfPaths(t *testing.T) {
	t.Parallel()
	o := open(t)
	const told = "&MetadataOptions.InstanceMetadataTags=enabled"
	tag := func(key string) string {
		return "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Value=v&TagSpecification.1.Tag.1.Key=" + key
	}
	refused := func(parameters string) {
		t.Helper()
		if status, body := o.ec2.call(t, parameters); status != http.StatusBadRequest || !strings.Contains(body, "is not a valid tag key. Tag keys must match pattern") {
			t.Errorf("%s: %d %s", parameters, status, body)
		}
	}
	for _, key := range []string{"a/b", "a%20b", "..", "_index"} {
		refused(o.launch(tag(key) + told))
	}
	o.ec2.must(t, o.launch(tag("Name")+told))
	id := first(t, o.ec2.must(t, o.launch(tag("a/b"))), "instanceId")
	refused("Action=ModifyInstanceMetadataOptions&InstanceMetadataTags=enabled&InstanceId=" + id)
	o.ec2.must(t, "Action=DeleteTags&ResourceId.1="+id+"&Tag.1.Key=a/b")
	o.ec2.must(t, "Action=ModifyInstanceMetadataOptions&InstanceMetadataTags=enabled&InstanceId="+id)
	refused("Action=CreateTags&ResourceId.1=" + id + "&Tag.1.Key=a/b&Tag.1.Value=v")
}

// TestRulesOfOneRequest: a permission stands in a request once; rules for IPv4 and for IPv6 are counted apart, and a rule for a group is one
// of each ("Amazon VPC quotas").
func TestRulesOfOneRequest(t *testing.T) {
	t.Parallel()
	o := open(t)
	create := func(name string) string { return "Action=CreateSecurityGroup&GroupDescription=d&GroupName=" + name }
	id := first(t, o.ec2.must(t, create("web")), "groupId")
	refused := func(call, code, message string) {
		t.Helper()
		if status, body := o.ec2.call(t, call); status != http.StatusBadRequest || !strings.Contains(body, "<Code>"+code+"</Code><Message>"+message+"</Message>") {
			t.Errorf("%s: %d %s", call, status, body)
		}
	}
	rules := func(verb string, rules ...string) string {
		call := "Action=" + verb + "SecurityGroupIngress&GroupId=" + id + "&IpPermissions.1.IpProtocol=-1"
		for _, r := range rules {
			call += "&IpPermissions.1." + r
		}
		return call
	}
	many := func(member, block string, n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprintf("%s.%d.%s=%s", member, i+1, map[string]string{"IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6"}[member], fmt.Sprintf(block, i)))
		}
		return out
	}
	// As seen in aws/aws-sdk-go#1340 and hashicorp/terraform-provider-aws#29492.
	twice := []string{"IpRanges.1.CidrIp=10.0.0.0/8", "IpRanges.2.CidrIp=10.1.0.0/8", "IpRanges.2.Description=again"}
	for _, verb := range []string{"Authorize", "Revoke"} {
		refused(rules(verb, twice...), "InvalidParameterValue", "The same permission must not appear multiple times")
	}
	o.ec2.must(t, rules("Authorize", append(many("IpRanges", "10.0.0.%d/32", 59), many("Ipv6Ranges", "fd00::%d/128", 59)...)...))
	o.ec2.must(t, rules("Authorize", "Groups.1.GroupName=web"))
	const full = "The maximum number of rules per security group has been reached."
	refused(rules("Authorize", "IpRanges.1.CidrIp=10.1.0.0/16"), "RulesPerSecurityGroupLimitExceeded", full)
	refused(rules("Authorize", "Ipv6Ranges.1.CidrIpv6=fd01::/16"), "RulesPerSecurityGroupLimitExceeded", full)
	o.ec2.must(t, rules("Revoke", "Groups.1.GroupName=web"))
	rule := first(t, o.ec2.must(t, rules("Authorize", "IpRanges.1.CidrIp=10.1.0.0/16")), "securityGroupRuleId")
	revoke := "Action=RevokeSecurityGroupIngress&GroupId=" + id + "&SecurityGroupRuleId.1=" + rule + "&SecurityGroupRuleId.2=" + rule
	if body := o.ec2.must(t, revoke); strings.Count(body, rule) != 1 {
		t.Errorf("a rule that is named twice: %s", body)
	}
	// As seen in hashicorp/terraform#17343, pulumi/pulumi-awsx#328 and wallix/awless#265.
	refused(create("default"), "InvalidParameterValue", "Cannot use reserved security group name: default")
	refused(create("sg-1"), "InvalidParameterValue", "Value (sg-1) for parameter GroupName is invalid. Group names may not be in the format sg-*.")
	subnet := first(t, o.ec2.must(t, "Action=DescribeSubnets"), "subnetId")
	refused(o.launch("&SubnetId="+subnet+"&SecurityGroup.1=web"), "InvalidParameterCombination", "The parameter groupName cannot be used with the parameter subnet")
	o.ec2.must(t, o.launch("&SubnetId="+subnet+"&SecurityGroupId.1="+id))
}
