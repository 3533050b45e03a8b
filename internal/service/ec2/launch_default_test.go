package ec2_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestWhatIsSoAnyway: a parameter that asks for what every instance here is may be said, as Terraform does of each launch, and one that
// asks for something else is refused.
func TestWhatIsSoAnyway(t *testing.T) {
	t.Parallel()
	o := open(t)
	for _, tt := range []struct {
		parameters string
		code       string
	}{
		{"&HibernationOptions.Configured=false&EnclaveOptions.Enabled=false&Placement.AvailabilityZone=", ""},
		{"&HibernationOptions.Configured=true", "UnsupportedOperation"},
		{"&EnclaveOptions.Enabled=true", "UnsupportedOperation"},
		{"&CreditSpecification.CpuCredits=unlimited", ""},
		{"&CreditSpecification.CpuCredits=standard", "UnsupportedOperation"},
		{"&CreditSpecification.CpuCredits=standard&InstanceType=t2.micro", ""},
		{"&CreditSpecification.CpuCredits=unlimited&InstanceType=t2.micro", "UnsupportedOperation"},
		{"&CreditSpecification.CpuCredits=unlimited&InstanceType=m5.large", "UnsupportedOperation"},
	} {
		call := o.launch(tt.parameters)
		if strings.Count(call, "&InstanceType=") > 1 {
			call = strings.Replace(call, "&InstanceType=t3.micro", "", 1)
		}
		status, body := o.ec2.call(t, call)
		if tt.code == "" && status != http.StatusOK || tt.code != "" && !strings.Contains(body, "<Code>"+tt.code+"</Code>") {
			t.Errorf("%s: %d %s", tt.parameters, status, body)
		}
	}
}

// TestCredits: the CPU credits of burstable instances are told; who names no instance is told of those that are unlimited.
func TestCredits(t *testing.T) {
	t.Parallel()
	o := open(t)
	launch := func(name string) string {
		return first(t, o.ec2.must(t, strings.Replace(o.launch(""), "t3.micro", name, 1)), "instanceId")
	}
	t2, t3, m5 := launch("t2.micro"), launch("t3.micro"), launch("m5.large")
	const call = "Action=DescribeInstanceCreditSpecifications"
	item := func(id, credits string) string {
		return "<item><instanceId>" + id + "</instanceId><cpuCredits>" + credits + "</cpuCredits></item>"
	}
	for more, want := range map[string][]string{
		"": {item(t3, "unlimited")},
		"&InstanceId.1=" + t2 + "&InstanceId.2=" + t3 + "&InstanceId.3=" + m5: {item(t2, "standard"), item(t3, "unlimited")},
		"&Filter.1.Name=instance-id&Filter.1.Value.1=" + t2:                   {item(t2, "standard")},
		"&InstanceId.1=" + m5: nil,
	} {
		body := o.ec2.must(t, call+more)
		for _, i := range want {
			if !strings.Contains(body, i) {
				t.Errorf("%s: no %s in %s", more, i, body)
			}
		}
		if got := strings.Count(body, "<item>"); got != len(want) {
			t.Errorf("%s: %d, want %d", more, got, len(want))
		}
	}
	if status, body := o.ec2.call(t, call+"&InstanceId.1=i-0123456789abcdef0"); status != http.StatusBadRequest || !strings.Contains(body, "InvalidInstanceID.NotFound") {
		t.Errorf("%d %s", status, body)
	}
}
