package wire_test

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ambit-iam/ambit/internal/wire"
)

// endless is a body that goes on as it begins, and notes how much of it was read.
type endless struct {
	head, more string
	read       int
}

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		if b[i] = e.more[e.read%len(e.more)]; e.read < len(e.head) {
			b[i] = e.head[e.read]
		}
		e.read++
	}
	return len(b), nil
}

// TestPostFormIsReadOnlySoFar: whoever sends a form makes the server keep no more than its fields may have, wherever he puts it.
func TestPostFormIsReadOnlySoFar(t *testing.T) {
	t.Parallel()
	const file = "Content-Disposition: form-data; name=file\r\n"
	for name, body := range map[string]*endless{
		"one header":                    {head: "--b\r\nX: ", more: "y"},
		"many headers":                  {head: "--b\r\n", more: "X: y\r\n"},
		"a header of the file":          {head: "--b\r\n" + file + "X: ", more: "y"},
		"a header in many lines":        {head: "--b\r\nX: y\r\n", more: " y\r\n"},
		"what stands before the parts":  {more: "line\r\n"},
		"one line of it":                {more: "y"},
		"one value":                     {head: "--b\r\nContent-Disposition: form-data; name=key\r\n\r\n", more: "y"},
		"the policy":                    {head: "--b\r\nContent-Disposition: form-data; name=policy\r\n\r\n", more: "y"},
		"many parts":                    {more: "--b\r\nContent-Disposition: form-data; name=key\r\n\r\nk\r\n"},
		"many parts that are no fields": {more: "--b\r\n\r\n\r\n"},
	} {
		r := httptest.NewRequest("POST", "/bucket", body)
		r.ContentLength = 4 << 30
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		form, err := wire.ReadPostForm(r)
		var fault *wire.Fault
		if form != nil || !errors.As(err, &fault) || body.read > 80<<10 {
			t.Errorf("%s: %v, %d bytes", name, err, body.read)
		}
	}
	body := &endless{head: "--b\r\n" + file + "\r\ncontent\r\n--b\r\nX: ", more: "y"}
	r := httptest.NewRequest("POST", "/bucket", body)
	r.ContentLength = 4 << 30
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	form, err := wire.ReadPostForm(r)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, form.File); err == nil || body.read > 160<<10 {
		t.Errorf("behind the file: %d bytes of it, %v, %d bytes", n, err, body.read)
	}
}

// TestPostFormEnds only with a whole delimiter.
func TestPostFormEnds(t *testing.T) {
	t.Parallel()
	const head = "--b\r\nContent-Disposition: form-data; name=file\r\n\r\ncontent"
	for end, want := range map[string]string{
		"\r\n--b--\r\n": "", "\r\n--b--": "", "\r\n--b-- \r\nmore": "", "\r\n--b\r\nX: y\r\n\r\n\r\n--b--": "", "\r\n--b\r\nX: y\r\n\r\n\r\n--b": "",
		"": "MalformedPOSTRequest", "\r\n": "MalformedPOSTRequest", "\r\n--": "MalformedPOSTRequest", "\r\n--b": "MalformedPOSTRequest",
		"\r\n--b-": "MalformedPOSTRequest", "\r\n--b\r\n": "MalformedPOSTRequest", "\r\n--b\r\nX: y\r\n\r\n": "MalformedPOSTRequest", "\r\n--b\r\nX": "MalformedPOSTRequest",
	} {
		r := httptest.NewRequest("POST", "/bucket", strings.NewReader(head+end))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		form, err := wire.ReadPostForm(r)
		if err != nil {
			t.Errorf("%q: %v", end, err)
			continue
		}
		text, err := io.ReadAll(form.File)
		var fault *wire.Fault
		if errors.As(err, &fault); (fault == nil) != (want == "") || fault != nil && fault.Code != want || want == "" && string(text) != "content" {
			t.Errorf("%q: %q, %v, want %s", end, text, err, want)
		}
		if n, again := form.File.Read(make([]byte, 8)); n > 0 || again == nil || errors.Is(again, io.EOF) != (want == "") {
			t.Errorf("%q: %d bytes more, %v", end, n, again)
		}
	}
	for name, kind := range map[string]string{"none": "multipart/form-data", "a long one": "multipart/form-data; boundary=" + strings.Repeat("b", 71)} {
		r := httptest.NewRequest("POST", "/bucket", strings.NewReader(head))
		r.Header.Set("Content-Type", kind)
		if _, err := wire.ReadPostForm(r); err == nil {
			t.Errorf("%s was taken for a boundary", name)
		}
	}
}

// TestPostFormThatBreaksOff fails as its body does, wherever that is: it is not whole, and not malformed.
func TestPostFormThatBreaksOff(t *testing.T) {
	t.Parallel()
	const body = "--b\r\nContent-Disposition: form-data; name=key\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; name=file\r\n\r\ncontent\r\n--b--\r\n"
	for n := range len(body) - len("--\r\n") {
		r := httptest.NewRequest("POST", "/bucket", io.MultiReader(strings.NewReader(body[:n]), iotest.ErrReader(io.ErrUnexpectedEOF)))
		r.ContentLength = int64(len(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		form, err := wire.ReadPostForm(r)
		if err == nil {
			_, err = io.ReadAll(form.File)
		}
		var fault *wire.Fault
		if errors.As(err, &fault) || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %q: %v", body[:n], err)
		}
	}
}

// FuzzPostForm: a form is read or refused; nothing in it makes the server fail, and no file is longer than what was sent.
func FuzzPostForm(f *testing.F) {
	part := func(disposition, text string) string {
		return "--b\r\nContent-Disposition: " + disposition + "\r\n\r\n" + text + "\r\n"
	}
	for _, body := range []string{
		"", "--b", "--b--", "--b\r\n\r\n", part(`form-data; name="key"`, "k") + part(`form-data; name="file"; filename="C:\\a\\b"`, "content") + "--b--\r\n",
		part(`form-data; name="file"`, "content"), part(`form-data; name=""`, "") + "--b--", part("attachment; name=x", "") + "--b--",
		part(`form-data; name="file"`, "content") + "--b", part(`form-data; name="file"`, "content") + "--b\r\nX: y", "preamble\r\n" + part(`form-data; name="file"`, "") + "--b--",
		part(`form-data; name="key"`, "a") + part(`form-data; name="KEY"`, "b"), part(`form-data; name="policy"`, strings.Repeat("x", 30<<10)),
	} {
		f.Add("multipart/form-data; boundary=b", body)
	}
	f.Add("text/plain", "")
	f.Add("multipart/form-data", "")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest("POST", "/bucket", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		form, err := wire.ReadPostForm(r)
		var fault *wire.Fault
		if err != nil {
			if errors.As(err, &fault) && (fault.Status < 400 || fault.Code == "" || fault.Message == "") {
				t.Errorf("%+v", fault)
			}
			return
		}
		if form.File == nil || len(form.Fields) != len(form.Names) || strings.ContainsAny(form.FileName, `/\`) {
			t.Errorf("%+v", form)
		}
		if n, err := io.Copy(io.Discard, form.File); err == nil && n > int64(len(body)) {
			t.Errorf("%d bytes of %d, %v", n, len(body), err)
		}
	})
}
