package logs

import (
	"context"
	"errors"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A Writer writes lines to streams for callers, through the door, so that each call is what the caller may do. It is what functions
// print with.
type Writer struct{ Invoker service.Invoker }

// A Line is one event.
type Line struct {
	Time    time.Time
	Message string
}

// Write adds lines to a stream of a group. What is not there is made first: CreateLogGroup and CreateLogStream are asked for only then.
// Lines may be given in any order and number; each is cut at what an event can hold, and one that is empty is left out. The error is the
// *wire.Fault of the first call that was refused; lines before it are written.
func (w Writer) Write(ctx context.Context, caller *identity.Caller, region, group, stream string, lines []Line) error {
	for _, batch := range batches(lines) {
		in := &PutLogEventsInput{LogGroupName: &group, LogStreamName: &stream, LogEvents: batch}
		err := w.call(ctx, caller, region, "PutLogEvents", in)
		if notThere(err) {
			if err = w.make(ctx, caller, region, group, stream); err == nil {
				err = w.call(ctx, caller, region, "PutLogEvents", in)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// make makes a stream, and its group if there is none.
func (w Writer) make(ctx context.Context, caller *identity.Caller, region, group, stream string) error {
	in := &LogStreamInput{LogGroupName: &group, LogStreamName: &stream}
	err := w.call(ctx, caller, region, "CreateLogStream", in)
	if notThere(err) {
		if err = w.call(ctx, caller, region, "CreateLogGroup", &CreateLogGroupInput{LogGroupName: &group}); err == nil || isThere(err) {
			err = w.call(ctx, caller, region, "CreateLogStream", in)
		}
	}
	if isThere(err) {
		return nil
	}
	return err
}

func (w Writer) call(ctx context.Context, caller *identity.Caller, region, operation string, in any) error {
	_, err := w.Invoker.Invoke(ctx, service.Invocation{Service: "logs", Operation: operation, Input: in, Caller: caller, Region: region})
	return err
}

func notThere(err error) bool { return hasCode(err, "ResourceNotFoundException") }

func isThere(err error) bool { return hasCode(err, "ResourceAlreadyExistsException") }

func hasCode(err error, code string) bool {
	var fault *wire.Fault
	return errors.As(err, &fault) && fault.Code == code
}
