package load

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// A Loop is a Crowd whose clients share one thread, which waits for all answers at once. A request costs it two system calls and
// little else; a goroutine for each client takes a third of what a small answer costs the server, on the same processors.
type Loop struct {
	poll    int
	clients map[int32]*loopClient // by their sockets
}

// A loopClient is one connection with its requests.
type loopClient struct {
	socket   int
	requests [][]byte
	next     int
	head     []byte // of the answer, as far as it is there
	left     int    // of the body; -1 while the head is not whole
}

// ConnectLoop opens the connections of a Loop to addr, one for each list of requests.
func ConnectLoop(addr string, requests ...[][]byte) (*Loop, error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, err
	}
	poll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	l := &Loop{poll: poll, clients: map[int32]*loopClient{}}
	for _, list := range requests {
		if err := l.connect(at, list); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return l, nil
}

func (l *Loop) connect(at netip.AddrPort, requests [][]byte) error {
	if len(requests) == 0 {
		return errors.New("a client without requests")
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	l.clients[int32(socket)] = &loopClient{socket: socket, requests: requests, left: -1}
	if err := syscall.Connect(socket, &syscall.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}); err != nil {
		return err
	}
	if err := syscall.SetsockoptInt(socket, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1); err != nil {
		return err
	}
	return syscall.EpollCtl(l.poll, syscall.EPOLL_CTL_ADD, socket, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(socket)})
}

// Close ends the connections.
func (l *Loop) Close() error {
	err := syscall.Close(l.poll)
	for _, c := range l.clients {
		err = errors.Join(err, syscall.Close(c.socket))
	}
	return err
}

// Drive is that of a Crowd.
func (l *Loop) Drive(atLeast time.Duration) (answered int, took time.Duration, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := time.Now()
	for _, c := range l.clients {
		if err := c.send(); err != nil {
			return 0, 0, err
		}
	}
	events, buffer := make([]syscall.EpollEvent, len(l.clients)), make([]byte, 64<<10)
	for waiting := len(l.clients); waiting > 0; {
		n, err := syscall.EpollWait(l.poll, events, int(slowest.Milliseconds()))
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return 0, 0, err
		case n == 0:
			return 0, 0, fmt.Errorf("no answer within %s", slowest)
		}
		ends := time.Since(start) >= atLeast
		for _, e := range events[:n] {
			c := l.clients[e.Fd]
			whole, err := c.receive(buffer)
			if err != nil {
				return 0, 0, err
			}
			if !whole {
				continue
			}
			if answered++; ends {
				waiting--
			} else if err := c.send(); err != nil {
				return 0, 0, err
			}
		}
	}
	return answered, time.Since(start), nil
}

// send sends the next request.
func (c *loopClient) send() error {
	request := c.requests[c.next]
	c.next = (c.next + 1) % len(c.requests)
	for len(request) > 0 {
		n, err := syscall.Write(c.socket, request)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return err
		}
		request = request[max(n, 0):]
	}
	return nil
}

var endOfHead = []byte("\r\n\r\n")

// receive takes what has arrived of an answer, and reports whether that is all of it. One that is not a 200 is an error.
func (c *loopClient) receive(buffer []byte) (whole bool, err error) {
	n, err := syscall.Read(c.socket, buffer)
	switch {
	case errors.Is(err, syscall.EINTR):
		return false, nil
	case err != nil:
		return false, err
	case n == 0:
		return false, errors.New("the server has closed the connection")
	}
	got := buffer[:n]
	if c.left < 0 {
		c.head = append(c.head, got...)
		end := bytes.Index(c.head, endOfHead)
		if end < 0 {
			return false, nil
		}
		if c.left, err = bodyLength(c.head[:end]); err != nil {
			return false, fmt.Errorf("%w: %s", err, c.head)
		}
		got = c.head[end+len(endOfHead):]
		c.head = c.head[:0]
	}
	if c.left -= len(got); c.left > 0 {
		return false, nil
	}
	if c.left < 0 {
		return false, errors.New("more than was asked for")
	}
	c.left = -1
	return true, nil
}

// bodyLength is what the head of a 200 says.
func bodyLength(head []byte) (int, error) {
	line, fields, _ := bytes.Cut(head, []byte("\r\n"))
	if string(line) != "HTTP/1.1 200 OK" {
		return 0, errors.New("refused")
	}
	for len(fields) > 0 {
		line, fields, _ = bytes.Cut(fields, []byte("\r\n"))
		if value, ok := contentLength(line); ok {
			return strconv.Atoi(value)
		}
	}
	return 0, errors.New("an answer without a length")
}
