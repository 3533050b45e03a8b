package wire

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// A PostForm is what a browser sends to S3 in a form: fields, and after them a file ("POST Object", S3 API Reference). What follows the
// file does not count.
type PostForm struct {
	// Fields are by name in lower case; Names are those names as they came.
	Fields map[string]string
	Names  []string
	// FileName is what the client calls the file, without its folders; it may be empty.
	FileName string
	// File is the content. Reading ends with io.EOF only where the form says that the file ends.
	File io.Reader
}

// Limits of what stands before the file: S3's on all fields but the policy, and ours on that one and on the number of fields.
const (
	maxFormFields = 20 << 10
	maxFormPolicy = 20 << 10
	maxFormNames  = 200
)

// ReadPostForm reads a form up to its file. Its errors are *Fault, and those of the body.
func ReadPostForm(r *http.Request) (*PostForm, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil, kind != "multipart/form-data":
		return nil, &Fault{Status: http.StatusPreconditionFailed, Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold",
			Elements: [][2]string{{"Condition", "Bucket POST must be of the enclosure-type multipart/form-data"}}}
	case parameters["boundary"] == "":
		return nil, malformedForm()
	case r.ContentLength < 0:
		return nil, &Fault{Status: http.StatusLengthRequired, Code: "MissingContentLength", Message: "You must provide the Content-Length HTTP header."}
	}
	f := &PostForm{Fields: map[string]string{}}
	return f, f.read(multipart.NewReader(r.Body, parameters["boundary"]))
}

func (f *PostForm) read(form *multipart.Reader) error {
	left := maxFormFields
	for {
		part, err := form.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return withoutFile()
		case errors.Is(err, io.ErrUnexpectedEOF):
			return err
		case err != nil:
			return malformedForm()
		}
		disposition, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if err != nil || disposition != "form-data" || parameters["name"] == "" || part.Header.Get("Content-Transfer-Encoding") != "" {
			return malformedForm()
		}
		name := parameters["name"]
		lower := strings.ToLower(name)
		if lower == "file" {
			file := parameters["filename"]
			f.FileName = file[strings.LastIndexAny(file, `/\`)+1:]
			f.File = &formFile{part, form}
			return nil
		}
		most := left
		if lower == "policy" {
			most = maxFormPolicy
		}
		value, err := io.ReadAll(io.LimitReader(part, int64(most)+1))
		if err != nil {
			return err
		}
		if lower != "policy" {
			left -= len(value) + len(name)
		}
		if len(value) > most || left < 0 || len(f.Names) == maxFormNames {
			return &Fault{Status: http.StatusBadRequest, Code: "MaxPostPreDataLengthExceededError",
				Message: "Your POST request fields preceding the upload file were too large."}
		}
		if _, twice := f.Fields[lower]; twice {
			return &Fault{Status: http.StatusBadRequest, Code: "InvalidRequest", Message: "The value of " + lower + " is given more than once."}
		}
		f.Fields[lower], f.Names = string(value), append(f.Names, name)
	}
}

// A formFile reads a file to where the form says that it ends.
type formFile struct {
	part *multipart.Part
	form *multipart.Reader
}

// Read implements io.Reader.
func (f *formFile) Read(b []byte) (int, error) {
	n, err := f.part.Read(b)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	if _, next := f.form.NextRawPart(); next != nil && !errors.Is(next, io.EOF) {
		return n, io.ErrUnexpectedEOF
	}
	return n, io.EOF
}

func malformedForm() *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: "MalformedPOSTRequest",
		Message: "The body of your POST request is not well-formed multipart/form-data."}
}

func withoutFile() *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: "InvalidArgument", Message: "POST requires exactly one file upload per request.",
		Elements: [][2]string{{"ArgumentName", "file"}, {"ArgumentValue", "0"}}}
}
