package conformance_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// An element is a piece of XML.
type element struct {
	name, space string
	text        string
	children    []*element
}

// parseXML reads exactly one document.
func parseXML(body []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var root *element
	var open []*element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if root == nil {
				return nil, fmt.Errorf("no element")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, space: token.Name.Space}
			if len(open) > 0 {
				in := open[len(open)-1]
				in.children = append(in.children, e)
			} else if root != nil {
				return nil, fmt.Errorf("a second document: %s", e.name)
			} else {
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(token)
			}
		}
	}
}

func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// A judgement collects in what an answer differs from the model.
type judgement struct {
	model  *model
	broken []string
}

func (j *judgement) complain(at, format string, args ...any) {
	j.broken = append(j.broken, at+": "+fmt.Sprintf(format, args...))
}

// judge holds an answer against the model: nothing in it is unknown, nothing required is missing, every value is of its type, in
// its enumeration, of a legal length and pattern; errors are those of the operation, with their status.
func judge(m *model, x exchange) []string {
	j := &judgement{model: m}
	operation, known := m.Operations[x.operation]
	if !known {
		return []string{"the model has no operation " + x.operation}
	}
	if got := x.header.Get("Content-Type"); got != "text/xml" {
		j.complain("Content-Type", "%q", got)
	}
	root, err := parseXML(x.body)
	if err != nil {
		return append(j.broken, err.Error())
	}
	if root.space != m.Metadata.XMLNamespace {
		j.complain(root.name, "namespace %q, want %q", root.space, m.Metadata.XMLNamespace)
	}
	var id string
	if x.status == http.StatusOK {
		id = j.answer(x.operation, operation, root)
	} else {
		id = j.refusal(x, root)
	}
	if !requestID.MatchString(id) || id != x.header.Get("X-Amzn-Requestid") {
		j.complain("RequestId", "%q in the body, %q in the header", id, x.header.Get("X-Amzn-Requestid"))
	}
	return j.broken
}

var requestID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func (j *judgement) answer(name string, o modelOperation, root *element) (id string) {
	if root.name != name+"Response" {
		j.complain(root.name, "want %sResponse", name)
	}
	want := 1 // ResponseMetadata
	if o.Output != nil {
		want++
		if result := root.child(o.Output.ResultWrapper); result == nil {
			j.complain(root.name, "no %s", o.Output.ResultWrapper)
		} else {
			j.value(name, o.Output.Shape, result)
		}
	}
	metadata := root.child("ResponseMetadata")
	if metadata == nil || len(metadata.children) != 1 || len(root.children) != want {
		j.complain(root.name, "wants ResponseMetadata and what the model says, and has %d elements", len(root.children))
		return ""
	}
	return metadata.children[0].text
}

// commonErrors are those that every operation of the query protocol may answer with ("Common Errors" of the IAM and STS API
// References), and what their status is.
var commonErrors = map[string]int{
	"AccessDenied": 403, "ValidationError": 400, "Throttling": 400, "InvalidClientTokenId": 403, "ExpiredToken": 403,
	"SignatureDoesNotMatch": 403, "InvalidParameterValue": 400, "MissingAuthenticationToken": 403,
}

func (j *judgement) refusal(x exchange, root *element) (id string) {
	if root.name != "ErrorResponse" || len(root.children) != 2 || root.children[0].name != "Error" || root.children[1].name != "RequestId" {
		j.complain(root.name, "an error is ErrorResponse with Error and RequestId")
		return ""
	}
	fields := map[string]string{}
	for _, c := range root.children[0].children {
		fields[c.name] = c.text
	}
	if len(fields) != 3 || fields["Type"] != "Sender" || fields["Message"] == "" {
		j.complain("Error", "%v", fields)
	}
	code := fields["Code"]
	if undeclared[x.operation] == code && x.status == http.StatusNotFound {
		return root.children[1].text
	}
	if s, ok := j.model.declared(x.operation, code); ok && s.Error != nil {
		if s.Error.HTTPStatusCode != x.status {
			j.complain("Error", "%s has status %d, want %d", code, x.status, s.Error.HTTPStatusCode)
		}
	} else if status, common := commonErrors[code]; !common || status != x.status {
		j.complain("Error", "%s with status %d is no error of %s", code, x.status, x.operation)
	}
	return root.children[1].text
}

// value judges an element against a shape.
func (j *judgement) value(at, name string, e *element) {
	s, known := j.model.Shapes[name]
	if !known {
		j.complain(at, "the model lacks the shape %s", name)
		return
	}
	if s.Type != "structure" && s.Type != "list" && s.Type != "map" {
		if len(e.children) > 0 {
			j.complain(at, "elements in a %s", s.Type)
		}
		j.scalar(at, s, e.text)
		return
	}
	if strings.TrimSpace(e.text) != "" {
		j.complain(at, "text in a %s: %q", s.Type, e.text)
	}
	switch s.Type {
	case "structure":
		j.structure(at, s, e)
	case "list":
		j.list(at, s, e)
	case "map":
		j.entries(at, s, e)
	}
}

func (j *judgement) structure(at string, s shape, e *element) {
	given := map[string]int{}
	for _, c := range e.children {
		member, ref, known := s.member(c.name)
		if !known {
			j.complain(at, "unknown member %s", c.name)
			continue
		}
		if given[member]++; given[member] > 1 && !j.model.Shapes[ref.Shape].Flattened {
			j.complain(at, "%s twice", member)
		}
		j.value(at+"."+member, ref.Shape, c)
	}
	for _, member := range s.Required {
		if given[member] == 0 {
			j.complain(at, "required %s is missing", member)
		}
	}
}

// member finds a member by the name that its element has.
func (s shape) member(element string) (string, reference, bool) {
	for name, ref := range s.Members {
		if ref.LocationName == element || ref.LocationName == "" && name == element {
			return name, ref, true
		}
	}
	return "", reference{}, false
}

func (j *judgement) list(at string, s shape, e *element) {
	want := s.Member.LocationName
	if want == "" {
		want = "member"
	}
	for i, c := range e.children {
		if c.name != want {
			j.complain(at, "element %s in a list of %s", c.name, want)
			continue
		}
		j.value(at+"["+strconv.Itoa(i)+"]", s.Member.Shape, c)
	}
	j.size(at, s, len(e.children))
}

func (j *judgement) entries(at string, s shape, e *element) {
	for _, c := range e.children {
		if c.name != "entry" || len(c.children) != 2 || c.children[0].name != "key" || c.children[1].name != "value" {
			j.complain(at, "a map has entries of key and value, not %s", c.name)
			continue
		}
		j.value(at+".key", s.Key.Shape, c.children[0])
		j.value(at+"."+c.children[0].text, s.Value.Shape, c.children[1])
	}
}

func (j *judgement) size(at string, s shape, n int) {
	if s.Min != nil && n < int(*s.Min) || s.Max != nil && n > int(*s.Max) {
		j.complain(at, "size %d is out of bounds", n)
	}
}

// timestamp is how the query protocols write times: in UTC, to the second or finer.
var timestamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$`)

func (j *judgement) scalar(at string, s shape, text string) {
	switch s.Type {
	case "string":
		j.text(at, s, text)
	case "integer", "long":
		n, err := strconv.Atoi(text)
		if err != nil || s.Min != nil && n < int(*s.Min) || s.Max != nil && n > int(*s.Max) {
			j.complain(at, "%q is no number in bounds", text)
		}
	case "boolean":
		if text != "true" && text != "false" {
			j.complain(at, "%q is no boolean", text)
		}
	case "timestamp":
		if _, err := time.Parse(time.RFC3339, text); err != nil || !timestamp.MatchString(text) {
			j.complain(at, "%q is no timestamp", text)
		}
	case "blob":
		if _, err := base64.StdEncoding.DecodeString(text); err != nil {
			j.complain(at, "no base64: %v", err)
		}
	default:
		j.complain(at, "values of type %s are not judged", s.Type)
	}
}

// beyondModel are values that AWS answers with although its own model does not know them: PermissionsBoundaryType is "Policy" in
// recorded answers, the model has "PermissionsBoundaryPolicy"; SourcePolicyType is "IAM Policy", the model has "user" and the like.
// What a boundary and a resource's policy are called in the simulators is a choice (docs/choices.md). An MD5 with colons has 47
// characters, as in the API reference's examples; the model wants 48.
var beyondModel = map[string]*regexp.Regexp{
	"PermissionsBoundaryType": regexp.MustCompile(`^Policy$`),
	"SourcePolicyType":        regexp.MustCompile(`^(IAM|IAM Permissions Boundary|Resource) Policy$`),
	"Fingerprint":             regexp.MustCompile(`^[0-9a-f]{2}(:[0-9a-f]{2}){15}$`),
}

// undeclared are errors that AWS answers with although the model does not list them for the operation: a boundary that does not
// exist (seen in hashicorp/boundary#4255).
var undeclared = map[string]string{"CreateRole": "NoSuchEntity"}

func (j *judgement) text(at string, s shape, text string) {
	if known := beyondModel[at[strings.LastIndexByte(at, '.')+1:]]; known != nil && known.MatchString(text) {
		return
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, text) {
		j.complain(at, "%q is not in the enumeration %q", text, s.Enum)
	}
	j.size(at, s, utf8.RuneCountInString(text))
	if p := compile(s.Pattern); p != nil && !p.MatchString(text) {
		j.complain(at, "%q does not match %s", text, s.Pattern)
	}
}

var escape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// compile reads a pattern of the model, nil if it is none or one that Go does not know (those with look-ahead).
func compile(pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	p, err := regexp.Compile(`^(?s:` + escape.ReplaceAllString(pattern, `\x{$1}`) + `)$`)
	if err != nil {
		return nil
	}
	return p
}
