package function_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/function"
)

func TestNodeAnswers(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, tt := range []struct {
		name, runtime, handler string
		files                  map[string]string
		payload, want          string
	}{
		{"async", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async (event) => ({ got: event.a });`}, `{"a":1}`, `{"got":1}`},
		{"callback", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c, callback) => { setTimeout(() => callback(null, 'late'), 10); };`}, ``, `"late"`},
		{"callback that does not wait", "nodejs22.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c, cb) => {
			c.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); cb(null, 1); };`}, ``, `1`},
		{"context.succeed", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c) => c.succeed([1, 2]);`}, ``, `[1,2]`},
		{"context.done", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c) => c.done(null, 'd');`}, ``, `"d"`},
		{"returned without promise", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = () => 42;`}, ``, `null`},
		{"returned without promise, Node 24", "nodejs24.x", "index.handler", map[string]string{"index.js": `exports.handler = () => 42;`}, ``, `42`},
		{"undefined", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => {};`}, ``, `null`},
		{"promise that is never kept", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = () => new Promise(() => {});`}, ``, `null`},
		{"module", "nodejs22.x", "index.handler", map[string]string{"index.mjs": `export const handler = async () => import.meta.url.slice(0, 5);`}, ``, `"file:"`},
		{"module by package.json", "nodejs22.x", "app.main", map[string]string{"package.json": `{"type":"module"}`, "app.js": `export const main = async () => await Promise.resolve('esm');`}, ``, `"esm"`},
		{"module in a plain index.js", "nodejs22.x", "index.handler", map[string]string{"index.js": `import fs from 'node:fs'; export const handler = async () => typeof fs.readFileSync;`}, ``, `"function"`},
		{"module that waits", "nodejs22.x", "index.handler", map[string]string{"index.js": `const x = await Promise.resolve(7); export const handler = async () => x;`}, ``, `7`},
		{"folders", "nodejs20.x", "src/lib/app.handler", map[string]string{"src/lib/app.js": `exports.handler = async () => require('../other').x;`, "src/other.js": `exports.x = 'there';`}, ``, `"there"`},
		{"nested export", "nodejs20.x", "index.api.get", map[string]string{"index.js": `exports.api = { get: async () => 'nested' };`}, ``, `"nested"`},
		{"brought module", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => require('left');`, "node_modules/left/index.js": `module.exports = 'l';`}, ``, `"l"`},
		{"unicode", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async (e) => e;`}, `{"ä":"😀"}`, `{"ä":"😀"}`},
		{"stream", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = awslambda.streamifyResponse(async (e, out) => { out.setContentType('text/plain'); out.write('a'); out.write('b'); out.end(); });`}, ``, `ab`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := invoke(t, h, spec(t, tt.runtime, tt.handler, tt.files), tt.payload)
			if string(o.Payload) != tt.want || o.FunctionError != "" {
				t.Errorf("payload %s, error %q, want %s\n%s", o.Payload, o.FunctionError, tt.want, o.LogTail)
			}
		})
	}
}

func TestNodeFails(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for _, tt := range []struct {
		name, runtime, handler string
		files                  map[string]string
		kind, message          string
	}{
		{"throws", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => { throw new TypeError('no'); };`}, "TypeError", "no"},
		{"throws at once", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = () => { throw new RangeError('far'); };`}, "RangeError", "far"},
		{"throws no error", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => { throw 'text'; };`}, "string", "text"},
		{"callback with an error", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c, cb) => cb(new Error('cb'));`}, "Error", "cb"},
		{"context.fail", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c) => c.fail('f');`}, "string", "f"},
		{"no such file", "nodejs20.x", "index.handler", map[string]string{"other.js": ``}, "Runtime.ImportModuleError", "Error: Cannot find module 'index'\nRequire stack:\n"},
		{"missing dependency", "nodejs20.x", "index.handler", map[string]string{"index.js": `require('nowhere');`}, "Runtime.ImportModuleError", "Error: Cannot find module 'nowhere'\nRequire stack:\n"},
		{"syntax", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (;`}, "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected token ';'"},
		{"no such export", "nodejs20.x", "index.other", map[string]string{"index.js": `exports.handler = 1;`}, "Runtime.HandlerNotFound", "index.other is undefined or not exported"},
		{"not a function", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = 1;`}, "Runtime.HandlerNotFound", "index.handler is not a function"},
		{"no point", "nodejs20.x", "index", map[string]string{"index.js": ``}, "Runtime.MalformedHandlerName", "Bad handler"},
		{"leaves the folder", "nodejs20.x", "../index.handler", map[string]string{"index.js": ``}, "Runtime.MalformedHandlerName", "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names."},
		{"fails while it is loaded", "nodejs20.x", "index.handler", map[string]string{"index.js": `throw new Error('early');`}, "Error", "early"},
		{"uncaught", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c, cb) => { setTimeout(() => { throw new Error('deep'); }, 1); };`}, "Error", "deep"},
		{"unhandled rejection", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c, cb) => { Promise.reject(new Error('r')); };`}, "Runtime.UnhandledPromiseRejection", "Error: r"},
		{"exit", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => process.exit(3);`}, "Runtime.ExitError", "Error: Runtime exited with error: exit status 3"},
		{"exit 0", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => process.exit(0);`}, "Runtime.ExitError", "Error: Runtime exited without providing a reason"},
		{"killed", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => process.kill(process.pid, 'SIGKILL');`}, "Runtime.ExitError", "Error: Runtime exited with error: signal: killed"},
		{"circle", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => { const a = {}; a.a = a; return a; };`}, "Runtime.JSONStringifyError", "Unable to stringify response body"},
		{"callback, Node 24", "nodejs24.x", "index.handler", map[string]string{"index.js": `exports.handler = (e, c, cb) => cb();`}, "Runtime.CallbackHandlerDeprecated", "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24."},
		{"too large", "nodejs20.x", "index.handler", map[string]string{"index.js": `exports.handler = async () => 'x'.repeat(7e6);`}, "Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (6291556 bytes)."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := invoke(t, h, spec(t, tt.runtime, tt.handler, tt.files), `{}`)
			f := failed(t, o)
			if f.ErrorType != tt.kind || !strings.Contains(f.ErrorMessage, tt.message) {
				t.Errorf("%s: %q, want %s: %q\n%s", f.ErrorType, f.ErrorMessage, tt.kind, tt.message, o.LogTail)
			}
		})
	}
}

func TestNodeLog(t *testing.T) {
	t.Parallel()
	var out output
	h := newHost(t, func(o *function.Options) { o.Output = &out })
	s := inline(t, "nodejs20.x", `console.log('loading');
		exports.handler = async () => { console.log('one\ntwo', { a: 1 }); console.warn('w'); process.stdout.write('raw\n'); return 1; };`)
	cold, err := h.Invoke(t.Context(), s, function.Event{RequestID: "8c5f9a0e-1111-4222-8333-123456789abc"})
	if err != nil {
		t.Fatal(err)
	}
	at := `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
	want := `(?s)^` + at + `\tundefined\tINFO\tloading\n` +
		`START RequestId: 8c5f9a0e-1111-4222-8333-123456789abc Version: \$LATEST\n` +
		`(raw\n)?` + at + `\t8c5f9a0e-1111-4222-8333-123456789abc\tINFO\tone\ntwo \{ a: 1 \}\n(raw\n)?` +
		at + `\t8c5f9a0e-1111-4222-8333-123456789abc\tWARN\tw\n(raw\n)?` +
		`END RequestId: 8c5f9a0e-1111-4222-8333-123456789abc\n` +
		`REPORT RequestId: 8c5f9a0e-1111-4222-8333-123456789abc\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t\n$`
	if !regexp.MustCompile(want).Match(cold.LogTail) || !strings.Contains(string(cold.LogTail), "raw\n") {
		t.Errorf("log tail:\n%s\nwant %s", cold.LogTail, want)
	}
	warm := invoke(t, h, s, `{}`)
	if strings.Contains(string(warm.LogTail), "Init Duration") || !strings.HasPrefix(string(warm.LogTail), "START ") || warm.InitDuration != 0 {
		t.Errorf("log tail of a warm environment:\n%s", warm.LogTail)
	}
	if cold.LogStream != warm.LogStream || !regexp.MustCompile(`^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$`).MatchString(cold.LogStream) {
		t.Errorf("log streams %q and %q", cold.LogStream, warm.LogStream)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if got := out.text(); !strings.HasPrefix(got, "INIT_START Runtime Version: nodejs20.x (runs on v") || strings.Count(got, "REPORT ") != 2 {
		t.Errorf("delivered:\n%s", got)
	}
	if lines := out.lines[cold.LogStream]; len(lines) < 4 || !strings.Contains(strings.Join(lines, "|"), "one\ntwo { a: 1 }\n|") {
		t.Errorf("a message of two lines is not one event: %q", lines)
	}
}
