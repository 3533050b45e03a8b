package ec2_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestNetworkInterfaces: each instance's interface is told by itself, as Terraform asks before it deletes a security group, until the
// instance is terminated.
func TestNetworkInterfaces(t *testing.T) {
	t.Parallel()
	o := open(t)
	group := first(t, o.ec2.must(t, "Action=CreateSecurityGroup&GroupName=web&GroupDescription=d"), "groupId")
	tag := "&TagSpecification.1.ResourceType=network-interface&TagSpecification.1.Tag.1.Key=Team&TagSpecification.1.Tag.1.Value=blue"
	launched := o.ec2.must(t, o.launch("&SecurityGroupId.1="+group+tag))
	o.ec2.must(t, o.launch(""))
	id, instance := first(t, launched, "networkInterfaceId"), first(t, launched, "instanceId")
	const call = "Action=DescribeNetworkInterfaces"
	if n := strings.Count(o.ec2.must(t, call), "<networkInterfaceId>"); n != 2 {
		t.Errorf("there are %d", n)
	}
	for name, value := range map[string]string{
		"group-id": group, "group-name": "web", "network-interface-id": id, "attachment.instance-id": instance, "tag:Team": "blue",
		"private-ip-address": first(t, launched, "privateIpAddress"), "mac-address": first(t, launched, "macAddress"),
	} {
		body := o.ec2.must(t, call+"&Filter.1.Name="+url.QueryEscape(name)+"&Filter.1.Value.1="+url.QueryEscape(value))
		if strings.Count(body, "<networkInterfaceId>") != 1 || first(t, body, "networkInterfaceId") != id || first(t, body, "instanceId") != instance {
			t.Errorf("%s=%s: %s", name, value, body)
		}
	}
	if body := o.ec2.must(t, call+"&Filter.1.Name=description&Filter.1.Value.1=AWS+Lambda+VPC+ENI*"); strings.Contains(body, "<item>") {
		t.Errorf("%s", body)
	}
	if status, body := o.ec2.call(t, call+"&NetworkInterfaceId.1=eni-0123456789abcdef0"); status != http.StatusBadRequest || !strings.Contains(body, "<Code>InvalidNetworkInterfaceID.NotFound<") {
		t.Errorf("%d %s", status, body)
	}
	nobody := o.hire(t, "nobody", "")
	if status, body := nobody.call(t, call); status != http.StatusForbidden || !strings.Contains(body, "ec2:DescribeNetworkInterfaces") {
		t.Errorf("%d %s", status, body)
	}
}
