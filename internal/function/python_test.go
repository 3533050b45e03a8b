package function_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/function"
)

func TestPythonAnswers(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, tt := range []struct {
		name, handler string
		files         map[string]string
		payload, want string
	}{
		{"value", "app.handler", map[string]string{"app.py": "def handler(event, context):\n    return {'got': event['a']}\n"}, `{"a":1}`, `{"got": 1}`},
		{"nothing", "app.handler", map[string]string{"app.py": "def handler(event, context):\n    pass\n"}, `{}`, `null`},
		{"folders", "src/lib/app.handler", map[string]string{"src/lib/app.py": "from src.other import x\ndef handler(e, c):\n    return x\n", "src/other.py": "x = 'there'\n"}, `{}`, `"there"`},
		{"points", "src.app.handler", map[string]string{"src/app.py": "def handler(e, c):\n    return 2\n"}, `{}`, `2`},
		{"unicode", "app.handler", map[string]string{"app.py": "def handler(e, c):\n    return e\n"}, `{"ä":"😀"}`, `{"ä": "😀"}`},
		{"decimal", "app.handler", map[string]string{"app.py": "import decimal\ndef handler(e, c):\n    return decimal.Decimal('1.5')\n"}, `{}`, `1.5`},
		{"tls", "app.handler", map[string]string{"app.py": "import ssl\ndef handler(e, c):\n    return ssl.create_default_context() is not None\n"}, `{}`, `true`},
		{"temporary files", "app.handler", map[string]string{"app.py": "import tempfile\ndef handler(e, c):\n    with tempfile.NamedTemporaryFile('w+') as f:\n        f.write('x'); f.seek(0)\n        return f.read()\n"}, `{}`, `"x"`},
		{"threads and processes", "app.handler", map[string]string{"app.py": "import multiprocessing, threading\ndef f(c):\n    c.send(7)\ndef handler(e, c):\n    a, b = multiprocessing.Pipe()\n    p = multiprocessing.Process(target=f, args=(b,)); p.start(); p.join()\n    return a.recv()\n"}, `{}`, `7`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := invoke(t, h, spec(t, "python3.12", tt.handler, tt.files), tt.payload)
			if string(o.Payload) != tt.want || o.FunctionError != "" {
				t.Errorf("payload %s, error %q, want %s\n%s", o.Payload, o.FunctionError, tt.want, o.LogTail)
			}
		})
	}
}

// TestPythonJSON: answers are written as awslambdaric writes them, by the encoder that it has for the version of the runtime.
func TestPythonJSON(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	const code = `import collections, decimal
D = decimal.Decimal
class Money(D): pass
class Row:
    def _asdict(self): return {'price': D('1.10')}
Point = collections.namedtuple('Point', 'x y')
def circle():
    a = []
    a.append(a)
    return a
def handler(e, c):
    return eval(e)
`
	for _, tt := range []struct{ name, runtime, value, want string }{
		{"whole", "python3.12", `D('5')`, `5`},
		{"zeros stay", "python3.11", `{'a': [D('1.10')], 'b': (D('-0'),)}`, `{"a": [1.10], "b": [-0]}`},
		{"beyond a float", "python3.12", `D('9007199254740993')`, `9007199254740993`},
		{"38 digits", "python3.12", `D('1234567890.1234567890123456789012345678')`, `1234567890.1234567890123456789012345678`},
		{"exponent", "python3.12", `D('1E+3')`, `1E+3`},
		{"subclass", "python3.12", `Money('2.50')`, `2.50`},
		{"not a number", "python3.12", `[D('NaN'), D('-NaN'), D('sNaN'), D('Infinity'), D('-Infinity'), float('nan'), float('-inf')]`, `[NaN, NaN, NaN, Infinity, -Infinity, NaN, -Infinity]`},
		{"before 3.12", "python3.11", `'\u00e9\U0001f600'`, `"\u00e9\ud83d\ude00"`},
		{"from 3.12 on", "python3.12", `'\u00e9\U0001f600'`, `"é😀"`},
		{"3.13", "python3.13", `'\u00e9'`, `"é"`},
		{"lone surrogate before 3.12", "python3.11", `'\ud800'`, `"\ud800"`},
		{"bytes", "python3.12", `b'not JSON \xc3\xa9'`, "not JSON é"},
		{"bytes within", "python3.12", `{b'k': b'\xc3\xa9'}`, `{"k": "é"}`},
		{"named tuple", "python3.12", `[Point(1, D('2.0')), Row()]`, `[{"x": 1, "y": 2.0}, {"price": 1.10}]`},
		{"keys", "python3.12", `{1: 2, None: 3, True: 4, 1.5: 5}`, `{"1": 4, "null": 3, "1.5": 5}`},
		{"the same twice", "python3.12", `(lambda a: [a, a])([1])`, `[[1], [1]]`},
		{"what looks like a number of ours", "python3.12", `[D('7'), 'number-0', '"0"']`, `[7, "number-0", "\"0\""]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			payload, err := json.Marshal(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			o := invoke(t, h, spec(t, tt.runtime, "app.handler", map[string]string{"app.py": code}), string(payload))
			if string(o.Payload) != tt.want || o.FunctionError != "" {
				t.Errorf("payload %s, error %q, want %s\n%s", o.Payload, o.FunctionError, tt.want, o.LogTail)
			}
		})
	}
	for _, tt := range []struct{ name, value, message string }{
		{"key", `{(1, 2): 3}`, "Unable to marshal response: keys must be str, int, float, bool or None, not tuple"},
		{"set", `{1}`, "Unable to marshal response: Object of type set is not JSON serializable"},
		{"circle", `circle()`, "Unable to marshal response: Circular reference detected"},
		{"bytes that are no text", `[b'\xff']`, "Unable to marshal response: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"},
		{"lone surrogate", `{'c': '\ud800'}`, "Unable to marshal response: 'utf-8' codec can't encode character '\\ud800' in position 7: surrogates not allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			payload, err := json.Marshal(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			s := spec(t, "python3.12", "app.handler", map[string]string{"app.py": code})
			o := invoke(t, h, s, string(payload))
			if f := failed(t, o); f.ErrorType != "Runtime.MarshalError" || f.ErrorMessage != tt.message {
				t.Errorf("%s: %q\n%s", f.ErrorType, f.ErrorMessage, o.LogTail)
			}
			if o := invoke(t, h, s, `"1"`); string(o.Payload) != "1" || strings.Contains(string(o.LogTail), "INIT_START") {
				t.Errorf("afterwards: %s\n%s", o.Payload, o.LogTail)
			}
		})
	}
}

func TestPythonFails(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, tt := range []struct{ name, handler, code, kind, message string }{
		{"raises", "app.handler", "def handler(e, c):\n    raise ValueError('no')\n", "ValueError", "no"},
		{"no such file", "other.handler", "", "Runtime.ImportModuleError", "Unable to import module 'other': No module named 'other'"},
		{"missing dependency", "app.handler", "import nowhere\n", "Runtime.ImportModuleError", "Unable to import module 'app': No module named 'nowhere'"},
		{"syntax", "app.handler", "def handler(:\n", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app': "},
		{"no such function", "app.other", "", "Runtime.HandlerNotFound", "Handler 'other' missing on module 'app'"},
		{"no point", "app", "", "Runtime.MalformedHandlerName", "Bad handler 'app': not enough values to unpack (expected 2, got 1)"},
		{"built-in", "sys.exit", "", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"},
		{"no JSON", "app.handler", "def handler(e, c):\n    return object()\n", "Runtime.MarshalError", "Unable to marshal response: Object of type object is not JSON serializable"},
		{"message without UTF-8", "app.handler", "def handler(e, c):\n    raise ValueError('\\ud800')\n", "ValueError", "\ufffd"},
		{"interrupt", "app.handler", "def handler(e, c):\n    raise KeyboardInterrupt\n", "Runtime.ExitError", "Error: Runtime exited with error: "},
		{"exit while it is loaded", "app.handler", "raise SystemExit(3)\n", "Runtime.ExitError", "Error: Runtime exited with error: exit status 3"},
		{"exit", "app.handler", "import sys\ndef handler(e, c):\n    sys.exit(5)\n", "Runtime.ExitError", "Error: Runtime exited with error: exit status 5"},
		{"fails while it is loaded", "app.handler", "raise KeyError('early')\n", "KeyError", "'early'"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := invoke(t, h, spec(t, "python3.12", tt.handler, map[string]string{"app.py": tt.code}), `{}`)
			if f := failed(t, o); f.ErrorType != tt.kind || !strings.Contains(f.ErrorMessage, tt.message) {
				t.Errorf("%s: %q, want %s: %q\n%s", f.ErrorType, f.ErrorMessage, tt.kind, tt.message, o.LogTail)
			}
		})
	}
}

func TestPythonLog(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := inline(t, "python3.12", "import logging\nlog = logging.getLogger()\nlog.setLevel('INFO')\ndef handler(e, c):\n    log.info('two\\nlines')\n    print('printed')\n    raise ValueError('no')\n")
	o := invoke(t, h, s, `{}`)
	f := failed(t, o)
	if len(f.StackTrace) != 1 || !strings.HasSuffix(f.StackTrace[0], "index.py\", line 7, in handler\n    raise ValueError('no')\n") || f.RequestID == "" {
		t.Errorf("%+v", f)
	}
	for _, want := range []string{
		`\n\[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t` + f.RequestID + `\ttwo\nlines\n`, `\nprinted\n`,
		`\n\[ERROR\] ValueError: no\nTraceback \(most recent call last\):\n\x{a0}{2}File ".*index.py", line 7, in handler\n\x{a0}{4}raise ValueError\('no'\)\n`,
	} {
		if !regexp.MustCompile(want).Match(o.LogTail) {
			t.Errorf("no %s in:\n%s", want, o.LogTail)
		}
	}
}

// TestPythonClientContext: a context that is none, holds nothing, or is no object is told as awslambdaric tells it; the last one is an
// error of the invocation, after which the environment goes on.
func TestPythonClientContext(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	s := inline(t, "python3.12", `def handler(e, c):
    k = c.client_context
    return [c.tenant_id, c.identity.cognito_identity_id, k and [k.custom, k.env, k.client and [k.client.app_title]]]
`)
	for _, tt := range []struct{ context, want string }{
		{``, `[null, null, null]`},
		{`null`, `[null, null, null]`},
		{`{}`, `[null, null, [null, null, null]]`},
		{`{"client": {}, "custom": {"k": 1}}`, `[null, null, [{"k": 1}, null, [null]]]`},
		{`{"client": {"app_title": "a"}, "env": 2}`, `[null, null, [null, 2, ["a"]]]`},
		{`[]`, ``},
		{`{"custom": 3}`, `[null, null, [3, null, null]]`},
	} {
		o, err := h.Invoke(t.Context(), s, function.Event{Payload: []byte(`{}`), ClientContext: []byte(tt.context)})
		if err != nil {
			t.Fatal(err)
		}
		if tt.want == "" {
			if f := failed(t, o); f.ErrorType != "AttributeError" || f.ErrorMessage != "'list' object has no attribute 'get'" {
				t.Errorf("%s: %+v", tt.context, f)
			}
			continue
		}
		if string(o.Payload) != tt.want {
			t.Errorf("%s: %s, want %s\n%s", tt.context, o.Payload, tt.want, o.LogTail)
		}
	}
}
