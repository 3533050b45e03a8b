package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestLeaveToSendNothing: boto3 asks for leave to send also when a body is empty, and loses count of its answers without.
func TestLeaveToSendNothing(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	bucket := r.bucket(t, "leave")
	for _, tt := range []struct{ body, want string }{{"", "[100 200]"}, {"x", "[100 200]"}} {
		put := string(r.wired(t, request{service: "s3", method: "PUT", path: "/" + *bucket + "/key", body: tt.body}))
		put = strings.Replace(put, "\r\n", "\r\nExpect: 100-continue\r\nConnection: close\r\n", 1)
		if got := fmt.Sprint(statuses(r.exchange(t, put))); got != tt.want {
			t.Errorf("a body of %d bytes: %s", len(tt.body), got)
		}
	}
}
