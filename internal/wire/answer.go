package wire

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
)

// A Stamp identifies one answer.
type Stamp struct {
	RequestID string
	HostID    string // S3 only: x-amz-id-2
}

// An answer is memory in which a body is spelled.
type answer struct{ body []byte }

func (c *Codec) newAnswer() *answer {
	if a, ok := c.answers.Get().(*answer); ok {
		return a
	}
	return &answer{body: make([]byte, 0, 4096)}
}

// maxKept is the size above which the memory of a body is not kept.
const maxKept = 64 << 10

func (c *Codec) release(a *answer) {
	if cap(a.body) <= maxKept {
		a.body = a.body[:0]
		c.answers.Put(a)
	}
}

// WriteOutput answers w with status and output, a struct or a pointer to one, spelled as d spells the output of the operation.
// A nil output is an operation that answers nothing. The error tells that output cannot be spelled, and then nothing was
// written, or that writing failed.
func (c *Codec) WriteOutput(w http.ResponseWriter, d Dialect, operation string, status int, output any, s Stamp) error {
	a := c.newAnswer()
	defer c.release(a)
	v := reflect.ValueOf(output)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.IsValid() && v.Kind() != reflect.Struct {
		return fmt.Errorf("wire: cannot spell %T", output)
	}
	var err error
	switch d.Protocol {
	case AWSQuery:
		a.body, err = c.appendQueryOutput(a.body, d, operation, v, s)
	case EC2Query:
		a.body, err = c.appendEC2Output(a.body, d, operation, v, s)
	case RestXML:
		a.body, err = c.appendXMLOutput(a.body, d, v)
	case AWSJSON10, AWSJSON11, RestJSON:
		a.body, err = c.appendJSONOutput(a.body, d.Protocol, v)
	default:
		err = fmt.Errorf("wire: outputs of protocol %s are not spelled", d.Protocol)
	}
	if err != nil {
		return err
	}
	return send(w, d.Protocol, status, a.body, s)
}

// WriteFault answers r with f as d spells errors: status, headers and body; no body for HEAD. A fault without a status is
// answered as 500: an error must not look like success. A dialect without a protocol is answered as awsQuery spells.
func (c *Codec) WriteFault(w http.ResponseWriter, r *http.Request, d Dialect, f *Fault, s Stamp) error {
	a := c.newAnswer()
	defer c.release(a)
	switch d.Protocol {
	case EC2Query:
		a.body = appendEC2Fault(a.body, f, s)
	case RestXML:
		a.body = appendXMLFault(a.body, f, s)
		if f.Region != "" { // HEAD has no body to say it in
			w.Header()["X-Amz-Bucket-Region"] = []string{f.Region}
		}
	case AWSJSON10, AWSJSON11:
		a.body = appendJSONFault(a.body, d, f)
	case RestJSON:
		setErrorType(w.Header(), f)
		a.body = appendRestJSONFault(a.body, f)
	default:
		a.body = appendQueryFault(a.body, d, f, s)
	}
	for name, value := range f.Header {
		w.Header()[name] = []string{value}
	}
	status := f.Status
	if status < 400 || status > 599 {
		status = http.StatusInternalServerError
	}
	if r.Method == http.MethodHead {
		a.body = a.body[:0]
	}
	return send(w, d.Protocol, status, a.body, s)
}

// contentTypes of answers, by protocol.
var contentTypes = [...]string{
	0: "text/xml", AWSQuery: "text/xml", EC2Query: "text/xml;charset=UTF-8", AWSJSON10: "application/x-amz-json-1.0",
	AWSJSON11: "application/x-amz-json-1.1", RestJSON: "application/json", RestXML: "application/xml",
}

// WriteHead answers w with status and the headers that every answer has. The body, and what is said about it, is the caller's.
func WriteHead(w http.ResponseWriter, d Dialect, status int, s Stamp) {
	stamp(w.Header(), d.Protocol, s)
	w.WriteHeader(status)
}

func stamp(h http.Header, p Protocol, s Stamp) {
	if p == RestXML {
		h["X-Amz-Request-Id"] = []string{s.RequestID}
		h["X-Amz-Id-2"] = []string{s.HostID}
		return
	}
	h["X-Amzn-Requestid"] = []string{s.RequestID}
}

func send(w http.ResponseWriter, p Protocol, status int, body []byte, s Stamp) error {
	h := w.Header()
	said := &[3]string{contentTypes[p], "", s.RequestID} // one piece of memory for all
	if p == RestXML {
		stamp(h, p, s)
	} else {
		h["X-Amzn-Requestid"] = said[2:3:3]
	}
	if status != http.StatusNoContent && status != http.StatusNotModified {
		if len(body) > 0 {
			h["Content-Type"] = said[0:1:1]
		}
		said[1] = strconv.Itoa(len(body))
		h["Content-Length"] = said[1:2:2]
	}
	w.WriteHeader(status)
	if len(body) == 0 {
		return nil
	}
	_, err := w.Write(body)
	return err
}
