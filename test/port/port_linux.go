package port

import (
	"fmt"
	"os"
	"syscall"
)

// reserve binds a socket that never listens. The kernel gives its port to no socket that takes any, and to those that name it only
// with SO_REUSEADDR, which Go's listeners have.
func reserve() (string, func(), error) {
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", nil, os.NewSyscallError("socket", err)
	}
	address, err := bind(s)
	if err != nil {
		_ = syscall.Close(s)
		return "", nil, err
	}
	return address, func() { _ = syscall.Close(s) }, nil
}

func bind(s int) (string, error) {
	if err := syscall.SetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return "", os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Bind(s, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return "", os.NewSyscallError("bind", err)
	}
	bound, err := syscall.Getsockname(s)
	if err != nil {
		return "", os.NewSyscallError("getsockname", err)
	}
	at, ok := bound.(*syscall.SockaddrInet4)
	if !ok {
		return "", fmt.Errorf("bound to %T", bound)
	}
	return fmt.Sprintf("127.0.0.1:%d", at.Port), nil
}
