package ec2_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestThePerformanceOfVolumes: what a type of volume cannot have is refused, and what it has by itself is told.
func TestThePerformanceOfVolumes(t *testing.T) {
	t.Parallel()
	o := open(t)
	for _, tt := range []struct{ ebs, code, message, iops, throughput string }{
		{"", "", "", "3000", "125"},
		{"VolumeType=gp3 Iops=4000 Throughput=1000", "", "", "4000", "1000"},
		{"VolumeType=gp3 Iops=3000 VolumeSize=8 Throughput=750", "", "", "3000", "750"},
		{"VolumeType=gp2", "", "", "100", ""},
		{"VolumeType=gp2 VolumeSize=100", "", "", "300", ""},
		{"VolumeType=gp2 VolumeSize=16384", "", "", "16000", ""},
		{"VolumeType=io1 Iops=400 VolumeSize=8", "", "", "400", ""},
		{"VolumeType=io2 Iops=8000 VolumeSize=8", "", "", "8000", ""},
		{"VolumeType=standard", "", "", "", ""},
		{"VolumeType=gp2 Iops=100", "InvalidParameterCombination", "The parameter iops is not supported for gp2 volumes.", "", ""},
		{"VolumeType=standard Iops=0", "InvalidParameterCombination", "The parameter iops is not supported for standard volumes.", "", ""},
		{"VolumeType=st1 VolumeSize=125", "InvalidParameterCombination", "The parameter iops is not supported for st1 volumes.", "", ""},
		{"VolumeType=io1", "InvalidParameterCombination", "The parameter iops must be specified for io1 volumes.", "", ""},
		{"VolumeType=io2 Throughput=200 Iops=100", "InvalidBlockDeviceMapping", "throughput cannot be specified with the volumeType of device '/dev/xvda'", "", ""},
		{"VolumeType=gp3 Iops=2999", "InvalidParameterValue", "Volume iops of 2999 is too low; minimum is 3000.", "", ""},
		{"VolumeType=gp3 Iops=-1", "InvalidParameterValue", "Volume iops of -1 is too low; minimum is 3000.", "", ""},
		{"VolumeType=io1 Iops=64001 VolumeSize=16384", "InvalidParameterValue", "Volume iops of 64001 is too high; maximum is 64000.", "", ""},
		{"VolumeType=gp3 Iops=15000 VolumeSize=20", "InvalidParameterValue", "Iops to volume size ratio of 750.000000 is too high; maximum is 500", "", ""},
		{"VolumeType=gp3 Throughput=124", "InvalidParameterValue", "Volume throughput of 124 is too low; minimum is 125.", "", ""},
		{"VolumeType=gp3 Throughput=2001", "InvalidParameterValue", "Volume throughput of 2001 is too high; maximum is 2000.", "", ""},
		{"VolumeType=gp3 Throughput=1000", "InvalidParameterValue", "Throughput (MiBps) to iops ratio of 0.333333 is too high; maximum is 0.250000 MiBps per iops.", "", ""},
		{"-", "MissingParameter", "The request must contain the parameter ebs", "", ""},
	} {
		more := ""
		if tt.ebs != "" {
			more = "&BlockDeviceMapping.1.DeviceName=" + url.QueryEscape("/dev/xvda")
		}
		for member := range strings.FieldsSeq(strings.Trim(tt.ebs, "-")) {
			more += "&BlockDeviceMapping.1.Ebs." + member
		}
		status, body := o.ec2.call(t, o.launch(more))
		if tt.code != "" {
			if status != http.StatusBadRequest || !strings.Contains(body, "<Code>"+tt.code+"</Code><Message>"+tt.message+"</Message>") {
				t.Errorf("%s: %d %s", tt.ebs, status, body)
			}
			continue
		}
		volume := o.ec2.must(t, "Action=DescribeVolumes&VolumeId.1="+first(t, body, "volumeId"))
		for name, want := range map[string]string{"iops": tt.iops, "throughput": tt.throughput} {
			if told := strings.Contains(volume, "<"+name+">"); told != (want != "") || told && first(t, volume, name) != want {
				t.Errorf("%s: %s is not %q in %s", tt.ebs, name, want, volume)
			}
		}
	}
	// A disk that nothing starts from may be slow.
	o.ec2.must(t, o.launch("&BlockDeviceMapping.1.DeviceName=%2Fdev%2Fsdf&BlockDeviceMapping.1.Ebs.VolumeType=st1&BlockDeviceMapping.1.Ebs.VolumeSize=125"))
	// As many volumes as can be attached, and no more: not even the ids of more are made.
	for n, want := range map[int]int{27: http.StatusOK, 28: http.StatusBadRequest} {
		more := ""
		for at := range n {
			more += fmt.Sprintf("&BlockDeviceMapping.%d.DeviceName=%%2Fdev%%2Fsd%d&BlockDeviceMapping.%d.Ebs.VolumeSize=1", at+1, at, at+1)
		}
		more = strings.Replace(more, "sd0&", "xvda&", 1)
		more = strings.Replace(more, "VolumeSize=1&", "VolumeSize=8&", 1)
		if status, body := o.ec2.call(t, o.launch(more)); status != want || want != http.StatusOK && !strings.Contains(body, "<Code>AttachmentLimitExceeded<") {
			t.Errorf("%d volumes: %d %.300s", n, status, body)
		}
	}
}
