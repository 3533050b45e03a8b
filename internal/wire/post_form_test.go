package wire_test

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/wire"
)

// FuzzPostForm: a form is read or refused; nothing in it makes the server fail, and no file is longer than what was sent.
func FuzzPostForm(f *testing.F) {
	part := func(disposition, text string) string {
		return "--b\r\nContent-Disposition: " + disposition + "\r\n\r\n" + text + "\r\n"
	}
	for _, body := range []string{
		"", "--b", "--b--", "--b\r\n\r\n", part(`form-data; name="key"`, "k") + part(`form-data; name="file"; filename="C:\\a\\b"`, "content") + "--b--\r\n",
		part(`form-data; name="file"`, "content"), part(`form-data; name=""`, "") + "--b--", part("attachment; name=x", "") + "--b--",
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
		if n, err := io.Copy(io.Discard, form.File); n > int64(len(body)) {
			t.Errorf("%d bytes of %d, %v", n, len(body), err)
		}
	})
}
