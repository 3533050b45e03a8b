package wire

import (
	"errors"
	"io"
	"math"
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

// MaxFormFields is how many bytes the names and values of all fields but the policy may have, by S3's rule.
const MaxFormFields = 20 << 10

// Limits of our own on what else stands before the file: the policy, the number of fields, and all bytes, with the delimiters and
// headers of the parts. The last one is what nobody who is not known yet can exceed in memory.
const (
	maxFormPolicy = 20 << 10
	maxFormNames  = 200
	maxFormHead   = 64 << 10
)

// maxBoundary is how long a boundary may be (RFC 2046, section 5.1.1).
const maxBoundary = 70

// ReadPostForm reads a form up to its file. Its errors are *Fault, and those of the body.
func ReadPostForm(r *http.Request) (*PostForm, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil, kind != "multipart/form-data":
		return nil, &Fault{Status: http.StatusPreconditionFailed, Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold",
			Elements: [][2]string{{"Condition", "Bucket POST must be of the enclosure-type multipart/form-data"}}}
	case parameters["boundary"] == "", len(parameters["boundary"]) > maxBoundary:
		return nil, malformedForm()
	case r.ContentLength < 0:
		return nil, &Fault{Status: http.StatusLengthRequired, Code: "MissingContentLength", Message: "You must provide the Content-Length HTTP header."}
	}
	body := &formBody{from: r.Body, left: maxFormHead}
	f := &PostForm{Fields: map[string]string{}}
	if err := f.read(multipart.NewReader(body, parameters["boundary"]), body); err != nil {
		if body.err != nil { // whatever the reader of the parts made of it
			return nil, body.err
		}
		return nil, err
	}
	return f, nil
}

// A formBody is the body of a form, of which no more than what is left is read. It ends with a line break, so that its last line is
// one, and then with io.ErrUnexpectedEOF: of the parts' reader, io.EOF is then the last delimiter and nothing else.
type formBody struct {
	from  io.Reader
	left  int64
	ended int   // how much was read of the line break
	err   error // why the body was not read to its end
}

// Read implements io.Reader.
func (b *formBody) Read(p []byte) (int, error) {
	switch {
	case b.err != nil:
		return 0, b.err
	case b.left <= 0:
		b.err = tooMuchBeforeFile()
		return 0, b.err
	case b.ended > 0:
		return b.end(p)
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if errors.Is(err, io.EOF) {
		more, err := b.end(p[n:])
		return n + more, err
	}
	b.err = err
	return n, err
}

func (b *formBody) end(p []byte) (int, error) {
	const lineBreak = "\r\n"
	if b.ended > len(lineBreak) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, lineBreak[max(b.ended-1, 0):])
	b.ended = max(b.ended, 1) + n
	return n, nil
}

func (f *PostForm) read(form *multipart.Reader, body *formBody) error {
	left := MaxFormFields
	for {
		part, err := form.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return withoutFile()
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
			body.left = math.MaxInt64
			f.File = &formFile{part: part, form: form, body: body}
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
			return tooMuchBeforeFile()
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
	body *formBody
	err  error // how reading ended
}

// Read implements io.Reader. A file that no whole delimiter ends is none.
func (f *formFile) Read(b []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.part.Read(b)
	if errors.Is(err, io.EOF) {
		err = f.end()
	}
	switch {
	case err == nil, errors.Is(err, io.EOF):
		f.err = err
	case f.body.err != nil:
		f.err = f.body.err
	default:
		f.err = malformedForm()
	}
	return n, f.err
}

// end reads what follows the file, which does not count and is not kept, as far as it takes to know that the form was not cut there.
func (f *formFile) end() error {
	f.body.left = maxFormHead
	next, err := f.form.NextRawPart()
	if err != nil {
		return err
	}
	f.body.left = math.MaxInt64
	if _, err = io.Copy(io.Discard, next); err != nil {
		return err
	}
	return io.EOF
}

func tooMuchBeforeFile() *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: "MaxPostPreDataLengthExceededError",
		Message: "Your POST request fields preceding the upload file were too large."}
}

func malformedForm() *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: "MalformedPOSTRequest",
		Message: "The body of your POST request is not well-formed multipart/form-data."}
}

func withoutFile() *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: "InvalidArgument", Message: "POST requires exactly one file upload per request.",
		Elements: [][2]string{{"ArgumentName", "file"}, {"ArgumentValue", "0"}}}
}
