package function

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A failure is what Lambda answers when it has ended the code, or the code has ended itself.
type failure struct {
	kind    string // errorType
	message string
}

// payload is the failure as the client of an invocation reads it.
func (f failure) payload(requestID string) []byte {
	text, err := json.Marshal(struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{f.kind, "RequestId: " + requestID + " Error: " + f.message})
	if err != nil { // two strings
		panic(err)
	}
	return text
}

// line is the failure as the log has it.
func (f failure) line(requestID string) string {
	return fmt.Sprintf("RequestId: %s Error: %s\n%s\n", requestID, f.message, f.kind)
}

// Types of failures that the platform finds; those of the code and of its runtime are told by the bootstrap.
const (
	timedOut          = "Sandbox.Timedout"
	exitError         = "Runtime.ExitError"
	outOfMemory       = "Runtime.OutOfMemory"
	invalidEntrypoint = "Runtime.InvalidEntrypoint"
	tooLarge          = "Function.ResponseSizeTooLarge"
)

// maxResponse is the largest payload of a synchronous answer, 6 MB and a little, as Lambda counts it.
const maxResponse = 6291556

func timeoutFailure(after time.Duration) failure {
	return failure{timedOut, fmt.Sprintf("Task timed out after %.2f seconds", after.Seconds())}
}

func tooLargeFailure() failure {
	return failure{tooLarge, fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse)}
}

// An account is what the REPORT line of an invocation tells.
type account struct {
	requestID    string
	duration     time.Duration
	init         time.Duration // 0 in a warm environment
	memoryMB     int
	maxMemoryMB  int
	status, kind string // "timeout" or "error", and the type of the error
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (a account) String() string {
	var b strings.Builder
	billed := (a.duration + a.init + time.Millisecond - 1) / time.Millisecond
	fmt.Fprintf(&b, "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB\t",
		a.requestID, milliseconds(a.duration), billed, a.memoryMB, a.maxMemoryMB)
	if a.init > 0 {
		fmt.Fprintf(&b, "Init Duration: %.2f ms\t", milliseconds(a.init))
	}
	if a.status != "" {
		fmt.Fprintf(&b, "Status: %s\t", a.status)
	}
	if a.status == "error" && a.kind != "" {
		fmt.Fprintf(&b, "Error Type: %s\t", a.kind)
	}
	b.WriteByte('\n')
	return b.String()
}
