package ec2_test

import (
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
