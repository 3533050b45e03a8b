//go:build !linux

package load_test

import "syscall"

func dieWithParent() *syscall.SysProcAttr { return nil }
