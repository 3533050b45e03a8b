package function

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// A filter is a program, or a part of one, in the language of Berkeley packet filters. What it has loaded is one word.
type filter []unix.SockFilter

// Offsets in struct seccomp_data. Arguments are 64 bits, the low half first on both architectures.
const (
	callNumber       = 0
	callArchitecture = 4
	argument0        = 16
	argument1        = 24
	argument2        = 32
	argument3        = 40
)

// auditArch is the number of the architecture in the filter's view, 0 where the filter is not written for it.
func auditArch() uint32 {
	switch runtime.GOARCH {
	case "amd64":
		return unix.AUDIT_ARCH_X86_64
	case "arm64":
		return unix.AUDIT_ARCH_AARCH64
	}
	return 0
}

// refused is the answer of a call that is not made: an error, or success if it is 0.
func refused(e unix.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(e) }

// architecture is the beginning of a filter: other numbers than those of this machine's own calls are of none. It leaves the number
// of the call loaded.
func architecture() (p filter) {
	p.load(callArchitecture)
	p.jump(unix.BPF_JEQ, auditArch(), 1, 0)
	p.answer(refused(unix.ENOSYS)) // 32-bit calls have other numbers
	p.load(callNumber)
	if runtime.GOARCH == "amd64" { // so have those of x32
		p.jump(unix.BPF_JGE, 0x40000000, 0, 1)
		p.answer(refused(unix.ENOSYS))
	}
	return p
}

func (p *filter) load(offset uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset})
}

func (p *filter) answer(k uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k})
}

// mask leaves these bits of the loaded word.
func (p *filter) mask(bits uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: bits})
}

// jump skips instructions, as many as the outcome of a comparison of the loaded word with k says.
func (p *filter) jump(comparison uint16, k uint32, ifTrue, ifFalse uint8) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_JMP | comparison | unix.BPF_K, K: k, Jt: ifTrue, Jf: ifFalse})
}

// unless skips the following n instructions if the loaded word is not k.
func (p *filter) unless(k uint32, n uint8) { p.jump(unix.BPF_JEQ, k, 0, n) }

// all gives one answer to many calls, whose number is loaded.
func (p *filter) all(calls []uint32, answer uint32) {
	for _, nr := range calls {
		p.unless(nr, 1)
		p.answer(answer)
	}
}

// on judges one call, whose number is loaded, by a program that always answers.
func (p *filter) on(nr uint32, body filter) {
	p.unless(nr, uint8(len(body)))
	*p = append(*p, body...)
}

// only permits a call if an argument has one of the values.
func only(argument, otherwise uint32, values ...uint32) (p filter) {
	p.load(argument)
	p.all(values, unix.SECCOMP_RET_ALLOW)
	p.answer(otherwise)
	return p
}

// except permits a call unless an argument has one of the values.
func except(argument, otherwise uint32, values ...uint32) (p filter) {
	p.load(argument)
	p.all(values, otherwise)
	p.answer(unix.SECCOMP_RET_ALLOW)
	return p
}
