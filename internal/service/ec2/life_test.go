package ec2_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/ambittest"
)

// TestARestartMovesTheLaunchTimeOnly: volumes and the network interface stay attached since the first launch (API Reference, Instance,
// LaunchTime: "To determine the time that instance was first launched, see the attachment time for the primary network interface").
func TestARestartMovesTheLaunchTimeOnly(t *testing.T) {
	t.Parallel()
	var later atomic.Int64 // the clock stands still but for this
	began := time.Now()
	o := open(t, ambittest.Options{Now: func() time.Time { return began.Add(time.Duration(later.Load())) }})
	id := first(t, o.ec2.must(t, o.launch("")), "instanceId")
	refused := func(call, code, message string) {
		t.Helper()
		if status, body := o.ec2.call(t, call); status != http.StatusBadRequest || !strings.Contains(body, "<Code>"+code+"</Code><Message>"+message+"</Message>") {
			t.Errorf("%s: %d %s", call, status, body)
		}
	}
	// As told by kapilt in cloud-custodian/cloud-custodian#6014 and jepio in flatcar/mantle#315.
	stop := "Action=StopInstances&InstanceId.1=" + id
	refused(stop, "IncorrectInstanceState", fmt.Sprintf("Instance '%s' cannot be stopped as it has never reached the 'running' state.", id))
	times := func() (launched string, rest []string) {
		shown := o.ec2.must(t, "Action=DescribeInstances&InstanceId.1="+id)
		_, attached, _ := strings.Cut(shown, "<networkInterfaceSet>")
		volume := o.ec2.must(t, "Action=DescribeVolumes&Filter.1.Name=attachment.instance-id&Filter.1.Value.1="+id)
		return first(t, shown, "launchTime"), []string{
			first(t, shown, "attachTime"), first(t, attached, "attachTime"), first(t, volume, "createTime"), first(t, volume, "attachTime"),
			first(t, shown, "usageOperationUpdateTime"),
		}
	}
	launched, rest := times()
	for _, call := range []string{stop, "Action=StartInstances&InstanceId.1=" + id} {
		later.Add(int64(10 * time.Second))
		o.ec2.must(t, call)
	}
	again, now := times()
	if again == launched {
		t.Errorf("it is still launched at %s", again)
	}
	for at := range rest {
		if rest[at] != launched || now[at] != launched {
			t.Errorf("the time %d is %s and then %s, want %s", at, rest[at], now[at], launched)
		}
	}
	refused(stop, "IncorrectInstanceState", fmt.Sprintf("The instance '%s' is not in a state from which it can be stopped.", id))
}
