package ec2_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAttributesAreTold: what a launch or a change says of an instance can be read, one attribute at a time, by who may read this instance.
func TestAttributesAreTold(t *testing.T) {
	t.Parallel()
	o := open(t)
	plain := first(t, o.ec2.must(t, o.launch("&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Team&TagSpecification.1.Tag.1.Value=blue")), "instanceId")
	kept := o.ec2.must(t, o.launch("&UserData=c2VjcmV0&DisableApiStop=true&DisableApiTermination=true&EbsOptimized=true&InstanceInitiatedShutdownBehavior=terminate"))
	id := first(t, kept, "instanceId")
	read := func(id, attribute string) string {
		return "Action=DescribeInstanceAttribute&InstanceId=" + id + "&Attribute=" + attribute
	}
	for attribute, want := range map[string][2]string{ // of the plain one, and of the other
		"disableApiStop":                    {"<disableApiStop><value>false</value></disableApiStop>", "<disableApiStop><value>true</value></disableApiStop>"},
		"disableApiTermination":             {"<disableApiTermination><value>false</value></disableApiTermination>", "<disableApiTermination><value>true</value></disableApiTermination>"},
		"ebsOptimized":                      {"<ebsOptimized><value>false</value></ebsOptimized>", "<ebsOptimized><value>true</value></ebsOptimized>"},
		"enaSupport":                        {"<enaSupport><value>true</value></enaSupport>", ""},
		"enclaveOptions":                    {"<enclaveOptions><enabled>false</enabled></enclaveOptions>", ""},
		"groupSet":                          {"<groupSet><item><groupId>" + first(t, kept, "groupId") + "</groupId></item></groupSet>", ""},
		"instanceInitiatedShutdownBehavior": {"<value>stop</value>", "<value>terminate</value>"},
		"instanceType":                      {"<instanceType><value>t3.micro</value></instanceType>", ""},
		"kernel":                            {"<kernel/>", ""},
		"productCodes":                      {"<productCodes/>", ""},
		"ramdisk":                           {"<ramdisk/>", ""},
		"rootDeviceName":                    {"<rootDeviceName><value>/dev/xvda</value></rootDeviceName>", ""},
		"sourceDestCheck":                   {"<sourceDestCheck><value>true</value></sourceDestCheck>", ""},
		"sriovNetSupport":                   {"<sriovNetSupport><value>simple</value></sriovNetSupport>", ""},
		"userData":                          {"<userData/>", "<userData><value>c2VjcmV0</value></userData>"},
		"blockDeviceMapping":                {"<deviceName>/dev/xvda</deviceName>", "<volumeId>" + first(t, kept, "volumeId") + "</volumeId>"},
	} {
		for at, id := range []string{plain, id} {
			body := o.ec2.must(t, read(id, attribute))
			if wanted := want[at]; !strings.Contains(body, wanted) || !strings.Contains(body, "<instanceId>"+id+"</instanceId>") || strings.Count(body, "\n") > 2 {
				t.Errorf("%s: %s, want %s", attribute, body, wanted)
			}
		}
	}
	o.ec2.must(t, "Action=ModifyInstanceAttribute&InstanceId="+id+"&DisableApiTermination.Value=false")
	if body := o.ec2.must(t, read(id, "disableApiTermination")); !strings.Contains(body, "<value>false</value>") {
		t.Errorf("after a change: %s", body)
	}
	refused := func(c client, call string, status int, code string) {
		t.Helper()
		if got, body := c.call(t, call); got != status || !strings.Contains(body, "<Code>"+code+"</Code>") {
			t.Errorf("%s: %d %s", call, got, body)
		}
	}
	refused(o.ec2, read(id, "colour"), http.StatusBadRequest, "InvalidParameterValue")
	refused(o.ec2, read(url.QueryEscape("i-1"), "userData"), http.StatusBadRequest, "InvalidInstanceID.Malformed")
	refused(o.ec2, read("i-0123456789abcdef0", "userData"), http.StatusBadRequest, "InvalidInstanceID.NotFound")
	refused(o.ec2, read(id, "userData")+"&DryRun=true", http.StatusPreconditionFailed, "DryRunOperation")
	blue := o.hire(t, "blue", `{"Effect":"Allow","Action":"ec2:DescribeInstanceAttribute","Resource":"arn:aws:ec2:*:*:instance/*","Condition":{"StringEquals":{"aws:ResourceTag/Team":"blue"}}}`)
	blue.must(t, read(plain, "userData"))
	refused(blue, read(id, "userData"), http.StatusForbidden, "UnauthorizedOperation")
	refused(blue, read("i-0123456789abcdef0", "userData"), http.StatusForbidden, "UnauthorizedOperation")
}
