package front

import (
	"net/http"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// answer is step 10 for what was done.
func (x *exchange) answer(c *service.Call, out outcome) {
	status := out.answer.Status
	if status == 0 {
		status = http.StatusOK
	}
	for name, value := range out.answer.Header {
		x.w.Header()[name] = []string{value} // as it is spelled: clients show the names of metadata as they come
	}
	x.result.Status = status
	x.answered = true
	if out.answer.Content != nil || x.r.Method == http.MethodHead {
		x.send(c, status, &out.answer)
		x.observe()
		return
	}
	err := x.door.Table.Codec().WriteOutput(x.w, c.Operation.Family.Dialect, c.Operation.Row.Name, status, out.answer.Body, x.stamp)
	if err != nil {
		x.door.Logger.Error("answer", "error", err, "requestID", x.stamp.RequestID)
		panic(http.ErrAbortHandler)
	}
	x.observe()
}

// refuse is step 10 for what was not done.
func (x *exchange) refuse(f *wire.Fault) {
	x.result.Status = f.Status
	x.answered = true
	if err := x.door.Table.Codec().WriteFault(x.w, x.r, x.family.Dialect, f, x.stamp); err != nil {
		x.door.Logger.Debug("answer", "error", err, "requestID", x.stamp.RequestID)
	}
	x.observe()
}

func (x *exchange) observe() {
	x.result.Took = x.door.Now().Sub(x.start)
	x.door.Observer.Observe(x.result)
}
