package ec2_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestFilterNames: filters have the names that the API Reference gives them and those that documents and clients of old use, and what
// answers tell can be asked for.
func TestFilterNames(t *testing.T) {
	t.Parallel()
	o := open(t)
	launched := o.ec2.must(t, o.launch("&NetworkInterface.1.DeviceIndex=0&MetadataOptions.InstanceMetadataTags=enabled"))
	id := first(t, launched, "instanceId")
	subnet := o.ec2.must(t, "Action=DescribeSubnets&SubnetId.1="+first(t, launched, "subnetId"))
	shown := o.ec2.must(t, "Action=DescribeInstances&InstanceId.1="+id)
	for _, tt := range []struct{ call, filter, value, other string }{
		{"DescribeVpcs", "is-default", "true", "false"},
		{"DescribeVpcs", "isDefault", "true", "false"}, // Amazon VPC User Guide, "View your default VPC and default subnets"; Ansible, Terraform
		{"DescribeSubnets", "availability-zone-id", first(t, subnet, "availabilityZoneId"), "use1-az99"},
		{"DescribeSubnets", "availabilityZoneId", first(t, subnet, "availabilityZoneId"), "use1-az99"},
		{"DescribeSubnets", "availabilityZone", first(t, subnet, "availabilityZone"), "us-east-1z"},
		{"DescribeSubnets", "cidrBlock", first(t, subnet, "cidrBlock"), "10.0.0.0/20"},
		{"DescribeSubnets", "defaultForAz", "true", "false"},
		{"DescribeInstances", "owner-id", "123456789012", "210987654321"},
		{"DescribeInstances", "metadata-options.state", "applied", "pending"},
		{"DescribeInstances", "block-device-mapping.attach-time", first(t, shown, "attachTime"), "2020-01-01T00:00:00.000Z"},
		{"DescribeInstances", "usage-operation-update-time", first(t, shown, "usageOperationUpdateTime"), "2020-01-01T00:00:00.000Z"},
		{"DescribeInstances", "network-interface.availability-zone", first(t, shown, "availabilityZone"), "us-east-1z"},
		{"DescribeInstances", "network-interface.source-dest-check", "true", "false"},
		{"DescribeInstances", "network-interface.requester-managed", "false", "true"},
		{"DescribeInstances", "network-interface.addresses.primary", "true", "false"},
		{"DescribeInstances", "network-interface.addresses.private-dns-name", first(t, shown, "privateDnsName"), "x"},
		{"DescribeInstances", "network-interface.attachment.attach-time", first(t, shown, "attachTime"), "2020-01-01T00:00:00.000Z"},
		{"DescribeInstances", "network-interface.attachment.attachment-id", first(t, shown, "attachmentId"), "eni-attach-0"},
		{"DescribeInstances", "network-interface.attachment.delete-on-termination", "true", "false"},
		{"DescribeInstances", "network-interface.attachment.device-index", "0", "1"},
		{"DescribeInstances", "network-interface.attachment.instance-id", id, "i-0123456789abcdef0"},
		{"DescribeInstances", "network-interface.attachment.instance-owner-id", "123456789012", "210987654321"},
		{"DescribeInstances", "network-interface.attachment.network-card-index", "0", "1"},
		{"DescribeInstances", "network-interface.attachment.status", "attached", "detached"},
		{"DescribeInstances", "private-dns-name-options.hostname-type", "ip-name", "resource-name"},
		{"DescribeInstances", "private-dns-name-options.enable-resource-name-dns-a-record", "false", "true"},
		{"DescribeInstances", "private-dns-name-options.enable-resource-name-dns-aaaa-record", "false", "true"},
	} {
		thing := map[string]string{"DescribeVpcs": "<vpcId>", "DescribeSubnets": "<subnetId>", "DescribeInstances": "<instanceId>"}[tt.call]
		for value, found := range map[string]bool{tt.value: true, tt.other: false} {
			status, body := o.ec2.call(t, "Action="+tt.call+"&Filter.1.Name="+tt.filter+"&Filter.1.Value.1="+url.QueryEscape(value))
			if status != http.StatusOK || strings.Contains(body, thing) != found {
				t.Errorf("%s by %s=%s: %d %.300s", tt.call, tt.filter, value, status, body)
			}
		}
	}
}
