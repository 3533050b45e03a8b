package load

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// slowest is how long an answer may take before the server counts as hung.
const slowest = 30 * time.Second

// A Crowd is clients on keep-alive connections, each with requests that were signed before: an SDK takes longer to sign a request
// than a server to answer it. Each client sends its requests one after the other, and begins again at the end.
type Crowd struct {
	connections []*connection
}

type connection struct {
	net.Conn
	answers  *bufio.Reader
	requests [][]byte
	next     int
	thrown   []byte // where bodies go that nobody looks at
}

// Connect opens the connections of a crowd to addr, one for each list of requests.
func Connect(addr string, requests ...[][]byte) (*Crowd, error) {
	c := &Crowd{}
	for _, list := range requests {
		if len(list) == 0 {
			return nil, errors.Join(errors.New("a client without requests"), c.Close())
		}
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.connections = append(c.connections, &connection{Conn: conn, answers: bufio.NewReaderSize(conn, 16<<10), requests: list})
	}
	return c, nil
}

// Close ends the connections.
func (c *Crowd) Close() error {
	var err error
	for _, conn := range c.connections {
		err = errors.Join(err, conn.Close())
	}
	return err
}

// Drive lets all clients ask for at least so long, and returns how many requests were answered and how long it took until the
// last answer. An answer that is not a 200 is an error, which has the answer's text.
func (c *Crowd) Drive(atLeast time.Duration) (answered int, took time.Duration, err error) {
	start := time.Now()
	counts, errs := make([]int, len(c.connections)), make([]error, len(c.connections))
	var done sync.WaitGroup
	for i, conn := range c.connections {
		done.Go(func() {
			for time.Since(start) < atLeast && errs[i] == nil {
				if errs[i] = conn.ask(io.Discard); errs[i] == nil {
					counts[i]++
				}
			}
		})
	}
	done.Wait()
	took = time.Since(start)
	for _, n := range counts {
		answered += n
	}
	return answered, took, errors.Join(errs...)
}

// Ask lets one client send its next request, and returns the body of the answer. An answer that is not a 200 is an error.
func (c *Crowd) Ask(client int) (body string, err error) {
	var text strings.Builder
	err = c.AskTo(&text, client)
	return text.String(), err
}

// AskTo is Ask for an answer that need not fit in memory: its body goes to w.
func (c *Crowd) AskTo(w io.Writer, client int) error { return c.connections[client].ask(w) }

// ask sends the next request and reads its answer, whose body goes to w.
func (c *connection) ask(w io.Writer) error {
	if err := c.SetDeadline(time.Now().Add(slowest)); err != nil {
		return err
	}
	if _, err := c.Write(c.requests[c.next]); err != nil {
		return err
	}
	c.next = (c.next + 1) % len(c.requests)
	return c.answer(w)
}

// answer reads one answer, which must be a 200 with a Content-Length.
func (c *connection) answer(w io.Writer) error {
	status, err := c.answers.ReadSlice('\n')
	if err != nil {
		return err
	}
	line := strings.TrimSpace(string(status[min(len(status), len("HTTP/1.1 ")):]))
	length := -1
	for {
		header, err := c.answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(header) <= len("\r\n") {
			break
		}
		if value, ok := contentLength(header); ok {
			if length, err = strconv.Atoi(value); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("%s: an answer without a length", line)
	}
	if line == "200 OK" {
		if w == io.Discard {
			err = c.throw(length)
		} else {
			err = c.copy(w, length)
		}
		return err
	}
	text, err := io.ReadAll(io.LimitReader(c.answers, int64(length)))
	return errors.Join(fmt.Errorf("%s: %s", line, text), err)
}

// copy reads a body, however large: each piece of it has its own time.
func (c *connection) copy(w io.Writer, length int) error {
	const piece = 16 << 20
	for left := int64(length); left > 0; left -= piece {
		if err := c.SetDeadline(time.Now().Add(slowest)); err != nil {
			return err
		}
		if _, err := io.CopyN(w, c.answers, min(left, piece)); err != nil {
			return err
		}
	}
	return nil
}

// thrownAtOnce is how much of a large body is read at once: the client shares the machine with the server, and must not be what is
// measured.
const thrownAtOnce = 256 << 10

// throw reads a body and keeps nothing of it.
func (c *connection) throw(length int) error {
	n, err := c.answers.Discard(min(length, c.answers.Buffered()))
	left := length - n
	if left > 0 && c.thrown == nil {
		c.thrown = make([]byte, thrownAtOnce)
	}
	for left > 0 && err == nil {
		n, err = c.Read(c.thrown[:min(left, len(c.thrown))])
		left -= n
	}
	return err
}

func contentLength(header []byte) (string, bool) {
	const name = "content-length:"
	if len(header) < len(name) || !strings.EqualFold(string(header[:len(name)]), name) {
		return "", false
	}
	return strings.TrimSpace(string(header[len(name):])), true
}
