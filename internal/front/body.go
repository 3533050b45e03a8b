package front

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/wire"
)

// limit is how many bytes of body the request may have.
func (f *found) limit() int64 {
	if f.operation == nil {
		return service.DefaultBodyLimit
	}
	return f.operation.BodyLimit()
}

var errTooLarge = errors.New("body too large")

// readBody reads the rest of the body, up to the limit. What is not small takes of the door's room, until leaveRoom.
func (x *exchange) readBody(f *found) ([]byte, error) {
	limit := f.limit()
	if x.r.ContentLength > limit {
		return nil, errTooLarge
	}
	body, err := readAtMost(x.r, f.prefix, limit+1, x.takeRoom)
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > limit {
		return nil, errTooLarge
	}
	return body, nil
}

// throwBody reads the rest of the body as readBody does, and keeps nothing of it. Who is refused reads the answer only when all is sent.
func (x *exchange) throwBody(f *found) error {
	limit := f.limit()
	if x.r.ContentLength > limit {
		return errTooLarge
	}
	n, err := io.CopyN(io.Discard, x.r.Body, limit+1-int64(len(f.prefix)))
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n+int64(len(f.prefix)) > limit {
		return errTooLarge
	}
	return nil
}

// takeRoom takes room for a body that grows.
func (x *exchange) takeRoom(n int) error {
	if x.tenant == nil {
		control := http.NewResponseController(x.w)
		x.tenant = &tenant{since: time.Now(), end: func() error { return control.SetReadDeadline(time.Unix(1, 0)) }}
	}
	return x.door.room.take(x.tenant, int64(n), cmp.Or(x.door.BodyRoom, bodyRoom))
}

func (x *exchange) leaveRoom() {
	if x.tenant != nil {
		x.door.room.leave(x.tenant)
		x.tenant = nil
	}
}

// firstRead is the most room that a body gets before any of it is there: a length is soon claimed. It is also what is small.
const firstRead = 16 << 10

// small tells bodies that are not worth a look at their sender before they are read. A body in pieces may be of any length.
func small(r *http.Request) bool { return 0 <= r.ContentLength && r.ContentLength < firstRead }

// readAtMost reads more of the body behind what was read of it, until that has limit bytes. It asks take before it keeps more than
// what is small.
func readAtMost(r *http.Request, have []byte, limit int64, take func(more int) error) ([]byte, error) {
	if r.ContentLength == int64(len(have)) {
		return have, nil
	}
	if have == nil {
		size := int64(1 << 10) // of a body that does not say how long it is
		if r.ContentLength > 0 {
			size = min(r.ContentLength+1, firstRead) // one more byte, so that the end is found without growing
		}
		have = make([]byte, 0, size)
	}
	for int64(len(have)) < limit {
		if len(have) == cap(have) {
			more := growth(r, len(have), limit)
			if len(have)+more > firstRead {
				if err := take(more); err != nil {
					return have, err
				}
			}
			have = append(make([]byte, 0, len(have)+more), have...)
		}
		n, err := r.Body.Read(have[len(have):min(int64(cap(have)), limit)])
		have = have[:len(have)+n]
		if errors.Is(err, io.EOF) {
			return have, nil
		}
		if err != nil {
			return have, err
		}
	}
	return have, nil
}

// growth is by how much the memory of a body grows that has filled it: to twice as much, but not beyond where the body ends, or the
// reading of it.
func growth(r *http.Request, have int, limit int64) int {
	end := limit
	if r.ContentLength >= 0 {
		end = min(end, r.ContentLength+1)
	}
	return int(max(1, min(int64(have), end-int64(have))))
}

// courtesy is how much of a body that is too large is taken and thrown away. A client that is still sending when the connection is
// closed never reads the answer.
const courtesy = 16 << 20

// unreadable is the answer to a body that did not arrive.
func (x *exchange) unreadable(err error) *wire.Fault {
	x.w.Header().Set("Connection", "close")
	switch {
	case errors.Is(err, errTooLarge):
		_, _ = io.CopyN(io.Discard, x.r.Body, courtesy) // it is refused, whatever becomes of the rest
		return x.family.TooLarge()
	case errors.Is(err, errCrowded):
		_, _ = io.CopyN(io.Discard, x.r.Body, courtesy)
		fault := x.family.Unavailable()
		x.door.failures.note(x.door.Logger, x.start, x.r.RemoteAddr, fault.Code)
		return fault
	case errors.Is(err, os.ErrDeadlineExceeded):
		return x.family.TimedOut()
	}
	return x.family.Incomplete()
}

// streamed vouches for the head of a request and gives its body, which nobody has read: it is verified while it is read.
func (x *exchange) streamed(f *found, signed *sigv4.Signed, key sigv4.SigningKey) (*service.Content, error) {
	rules := sigv4.RulesFor(f.head.Service)
	if err := signed.Verify(x.r, sigv4.BodyLater(), key, x.start, rules); err != nil {
		return nil, err
	}
	p, err := signed.Payload(x.r, key, rules)
	if err != nil {
		return nil, err
	}
	return x.contentOf(p), nil
}

func (x *exchange) contentOf(p *sigv4.Payload) *service.Content {
	return &service.Content{Reader: x.paced(p), Length: p.Length(), SHA256: p.SHA256(), Trailer: p.Trailer}
}

func (x *exchange) paced(from io.Reader) io.Reader {
	return &pacedReader{from: from, pace: pace{control: http.NewResponseController(x.w)}}
}

// A bodyError is the failure of a streamed body: it did not arrive, or is not what was signed.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "body: " + e.err.Error() }

func (e *bodyError) Unwrap() error { return e.err }

// fault is what the client is told about it.
func (e *bodyError) fault(f service.Family) *wire.Fault {
	var refused *sigv4.Error
	var malformed *wire.Fault
	switch {
	case errors.As(e.err, &refused):
		return f.Signature(refused)
	case errors.As(e.err, &malformed):
		return malformed
	case errors.Is(e.err, os.ErrDeadlineExceeded):
		return f.TimedOut()
	}
	return f.Incomplete()
}

// A pacedReader reads a body of any length. Each piece has its own time to arrive, and none has to be waited for longer than that.
type pacedReader struct {
	from io.Reader
	pace pace
}

// Read implements io.Reader. Its errors besides io.EOF are *bodyError.
func (p *pacedReader) Read(b []byte) (int, error) {
	p.pace.keep()
	n, err := p.from.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &bodyError{err}
	}
	return n, err
}

// patience is how long a piece of a body may take, in either direction.
const patience = time.Minute

// A pace moves the deadlines of a connection on while a body goes over it. The server's own are those of short requests.
type pace struct {
	control *http.ResponseController
	moved   time.Time
}

// keep gives the next piece its time. Where the connection knows no deadlines there are none to move.
func (p *pace) keep() {
	now := time.Now()
	if now.Sub(p.moved) < time.Second {
		return
	}
	p.moved = now
	_ = p.control.SetReadDeadline(now.Add(patience))
	_ = p.control.SetWriteDeadline(now.Add(2 * patience)) // the answer comes after the body
}

// piece is how much is sent of a body before its time is measured anew.
const piece = 4 << 20

// send answers with a content, or to HEAD with the headers of one.
func (x *exchange) send(c *service.Call, status int, a *service.Answer) {
	wire.WriteHead(x.w, c.Operation.Family.Dialect, status, x.stamp)
	if a.Content == nil {
		return
	}
	defer func() { _ = a.Content.Close() }() // it was only read
	pace := pace{control: http.NewResponseController(x.w)}
	for left := a.Length; left > 0; {
		pace.keep()
		n, err := io.CopyN(x.w, a.Content, min(left, piece))
		if left -= n; err != nil {
			x.door.Logger.Debug("answer", "error", err, "requestID", x.stamp.RequestID)
			panic(http.ErrAbortHandler) // the client must not take a part for the whole
		}
	}
}
