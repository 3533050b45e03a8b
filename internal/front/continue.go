package front

import (
	"net/http"
	"strings"
)

// goOn tells a client that waits for leave to send its body to go on although there is none to send: net/http says it only when a
// body is read. boto3 asks so for every upload, also for an empty one, and takes a final answer that comes alone for the end of the
// connection's use; what it sends there next would never be answered. So it is told before anything is looked at that may be refused.
func (x *exchange) goOn() {
	r := x.r
	if r.ContentLength == 0 && r.ProtoMajor == 1 && r.ProtoMinor > 0 && strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		x.w.WriteHeader(http.StatusContinue)
	}
}
