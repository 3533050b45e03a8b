package ec2_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestALaunchTakesTheRoomThereIs: of the instances between MinCount and MaxCount as many start as there is room for, and none if
// MinCount is more than that (API Reference, RunInstances, "MaxCount" and "MinCount").
func TestALaunchTakesTheRoomThereIs(t *testing.T) {
	t.Parallel()
	o := open(t)
	launch := func(least, most string) string {
		return "Action=RunInstances&InstanceType=t3.micro&ImageId=" + o.image + "&MinCount=" + least + "&MaxCount=" + most
	}
	for _, tt := range []struct {
		least, most string
		started     int
	}{
		{"1001", "2147483647", 0}, {"990", "990", 990}, {"11", "20", 0}, {"10", "2147483647", 10}, {"1", "1", 0},
	} {
		status, body := o.ec2.call(t, launch(tt.least, tt.most))
		refused := status == 400 && strings.Contains(body, "<Code>InstanceLimitExceeded</Code>")
		if got := strings.Count(body, "<instanceId>"); got != tt.started || refused != (tt.started == 0) {
			t.Errorf("from %s to %s: %d, %d instances, want %d; %.300s", tt.least, tt.most, status, got, tt.started, body)
		}
	}
}

// TestManyAtOnce: a call on as many instances as a region can have is done and written down, however much there is to write.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	launched := o.ec2.must(t, "Action=RunInstances&InstanceType=t3.micro&MinCount=1000&MaxCount=1000&ImageId="+o.image)
	ids := ""
	for n, found := range regexp.MustCompile("<instanceId>([^<]*)<").FindAllStringSubmatch(launched, -1) {
		ids += fmt.Sprintf("&%%s.%d=%s", n+1, found[1])
	}
	tags := ""
	for n := range 40 {
		tags += fmt.Sprintf("&Tag.%d.Key=%s%d&Tag.%d.Value=%s", n+1, strings.Repeat("k", 100), n, n+1, strings.Repeat("v", 250))
	}
	o.ec2.must(t, "Action=CreateTags"+strings.ReplaceAll(ids, "%s", "ResourceId")+tags)
	if changed := strings.Count(o.ec2.must(t, "Action=TerminateInstances"+strings.ReplaceAll(ids, "%s", "InstanceId")), "<name>shutting-down<"); changed != 1000 {
		t.Errorf("%d instances are terminated", changed)
	}
}
