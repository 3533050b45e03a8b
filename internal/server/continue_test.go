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
	for _, tt := range []struct {
		body, key string
		header    map[string]string
		want      string
	}{
		{"", "key", nil, "[100 200]"},
		{"x", "key", nil, "[100 200]"},
		{"", strings.Repeat("a", 1025), nil, "[100 400]"},
		{"", "key", map[string]string{"x-amz-write-offset-bytes": "0"}, "[100 501]"},
		{"", "key", map[string]string{"x-amz-copy-source": "/none/none"}, "[100 404]"},
	} {
		put := string(r.wired(t, request{service: "s3", method: "PUT", path: "/" + *bucket + "/" + tt.key, body: tt.body, header: tt.header}))
		put = strings.Replace(put, "\r\n", "\r\nExpect: 100-continue\r\nConnection: close\r\n", 1)
		if got := fmt.Sprint(statuses(r.exchange(t, put))); got != tt.want {
			t.Errorf("%.10s, a body of %d bytes, %v: %s", tt.key, len(tt.body), tt.header, got)
		}
	}
}
