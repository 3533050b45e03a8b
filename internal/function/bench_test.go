package function_test

import (
	"testing"
)

const hello = `exports.handler = async () => 'hello';`

// BenchmarkNodeWarm is an invocation in an idle environment. The goal is 3 ms over the handler's own time, which is nothing here.
func BenchmarkNodeWarm(b *testing.B) {
	h := newHost(b)
	s := inline(b, "nodejs20.x", hello)
	invoke(b, h, s, `{}`)
	for b.Loop() {
		if o := invoke(b, h, s, `{}`); string(o.Payload) != `"hello"` {
			b.Fatalf("%s", o.Payload)
		}
	}
}

// BenchmarkNodeCold is an invocation that starts an environment. The goal is 300 ms.
func BenchmarkNodeCold(b *testing.B) {
	h := newHost(b)
	s := inline(b, "nodejs20.x", hello)
	invoke(b, h, s, `{}`) // the machine is asked what it can, once
	for b.Loop() {
		s.Key += "."
		if o := invoke(b, h, s, `{}`); o.InitDuration == 0 || string(o.Payload) != `"hello"` {
			b.Fatalf("%+v", o)
		}
		h.Forget(s.Key)
	}
}

// BenchmarkPythonWarm and BenchmarkPythonCold are the same for Python.
func BenchmarkPythonWarm(b *testing.B) {
	h := newHost(b)
	s := inline(b, "python3.12", pythonHello)
	invoke(b, h, s, `{}`)
	for b.Loop() {
		if o := invoke(b, h, s, `{}`); string(o.Payload) != `"hello"` {
			b.Fatalf("%s", o.Payload)
		}
	}
}

func BenchmarkPythonCold(b *testing.B) {
	h := newHost(b)
	s := inline(b, "python3.12", pythonHello)
	invoke(b, h, s, `{}`)
	for b.Loop() {
		s.Key += "."
		if o := invoke(b, h, s, `{}`); o.InitDuration == 0 || string(o.Payload) != `"hello"` {
			b.Fatalf("%+v", o)
		}
		h.Forget(s.Key)
	}
}

const pythonHello = "def handler(event, context):\n    return 'hello'\n"
