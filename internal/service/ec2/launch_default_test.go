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
