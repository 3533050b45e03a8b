package function_test

import (
	"regexp"
	"strings"
	"testing"
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
		`\n\[ERROR\] ValueError: no\nTraceback \(most recent call last\):\n  File ".*index.py", line 7, in handler\n    raise ValueError\('no'\)\n`,
	} {
		if !regexp.MustCompile(want).Match(o.LogTail) {
			t.Errorf("no %s in:\n%s", want, o.LogTail)
		}
	}
}
