package server_test

import (
	"net/http"
	"strconv"
	"testing"
)

// TestEndpointsFollowTheState: however stops and starts meet, what is left is what the record says.
func TestEndpointsFollowTheState(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	id := r.launch(t, "")
	t.Run("at once", func(t *testing.T) {
		for n := range 8 {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				for range 5 {
					call := "Action=StartInstances"
					if n%2 == 0 {
						call = "Action=TerminateInstances"
					}
					r.call(t, form("ec2", call+"&Version=2016-11-15&InstanceId.1="+id), r.admin())
					r.launch(t, "")
				}
			})
		}
	})
	endpoints := r.endpoints(t)
	if len(endpoints) != 41 || endpoints[id] != "" {
		t.Fatalf("%d endpoints; that of the terminated one is %q", len(endpoints), endpoints[id])
	}
	for other, endpoint := range endpoints {
		if other == id {
			continue
		}
		if status, body := askMetadata(t, endpoint, "/latest/meta-data/instance-id"); status != http.StatusOK || body != other {
			t.Errorf("%s answers for %s: %d %s", endpoint, other, status, body)
		}
	}
}
