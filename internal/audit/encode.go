package audit

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// AppendJSON appends the record as json.Marshal spells it. It is written out because every request is written down: reflection over
// a record takes longer than deciding about the request.
func (r *Record) AppendJSON(dst []byte) ([]byte, error) {
	w := writer{dst: append(dst, '{')}
	w.text(`"eventVersion":"`, r.Version)
	w.name(`,"userIdentity":`)
	w.identity(&r.Identity)
	w.name(`,"eventTime":`)
	w.dst = append(r.Time.AppendFormat(append(w.dst, '"'), time.RFC3339Nano), '"')
	w.text(`,"eventSource":"`, r.Source)
	w.text(`,"eventName":"`, r.Name)
	w.text(`,"awsRegion":"`, r.Region)
	w.text(`,"sourceIPAddress":"`, r.SourceIP)
	w.text(`,"userAgent":"`, r.UserAgent)
	w.given(`,"errorCode":"`, r.ErrorCode)
	w.given(`,"errorMessage":"`, r.ErrorMessage)
	w.name(`,"requestParameters":`)
	w.members(r.RequestParameters)
	w.name(`,"responseElements":`)
	w.members(r.ResponseElements)
	w.text(`,"requestID":"`, r.RequestID)
	w.text(`,"eventID":"`, r.EventID)
	w.flag(`,"readOnly":`, r.ReadOnly)
	w.text(`,"eventType":"`, r.Type)
	w.flag(`,"managementEvent":`, r.Management)
	w.text(`,"recipientAccountId":"`, r.Recipient)
	w.text(`,"eventCategory":"`, r.Category)
	if r.TLS != nil {
		w.name(`,"tlsDetails":`)
		w.dst = append(w.dst, '{')
		w.text(`"tlsVersion":"`, r.TLS.Version)
		w.text(`,"clientProvidedHostHeader":"`, r.TLS.Host)
		w.dst = append(w.dst, '}')
	}
	if len(r.InvokedBy) > 0 {
		w.name(`,"calledVia":`)
		w.rare(r.InvokedBy)
	}
	if len(r.Decisions) > 0 {
		w.name(`,"decisions":`)
		writeList(&w, r.Decisions, w.decision)
	}
	if r.DecisionsOmitted != 0 {
		w.name(`,"decisionsOmitted":`)
		w.dst = strconv.AppendInt(w.dst, int64(r.DecisionsOmitted), 10)
	}
	w.dst = append(w.dst, '}')
	return w.dst, w.err
}

// A writer appends JSON. The first error stays.
type writer struct {
	dst []byte
	err error
}

func (w *writer) identity(id *Identity) {
	w.dst = append(w.dst, '{')
	w.text(`"type":"`, id.Type)
	w.given(`,"principalId":"`, id.PrincipalID)
	w.given(`,"arn":"`, id.ARN)
	w.given(`,"accountId":"`, id.Account)
	w.given(`,"accessKeyId":"`, id.AccessKeyID)
	w.given(`,"userName":"`, id.UserName)
	if s := id.Session; s != nil {
		w.name(`,"sessionContext":`)
		w.dst = append(w.dst, '{')
		if by := s.Issuer; by != nil {
			w.name(`"sessionIssuer":`)
			w.dst = append(w.dst, '{')
			w.text(`"type":"`, by.Type)
			w.text(`,"principalId":"`, by.PrincipalID)
			w.text(`,"arn":"`, by.ARN)
			w.text(`,"accountId":"`, by.Account)
			w.text(`,"userName":"`, by.UserName)
			w.dst = append(w.dst, '}')
		}
		w.comma()
		w.name(`"attributes":`)
		writeMap(w, s.Attributes, w.quoted)
		w.given(`,"sourceIdentity":"`, s.SourceIdentity)
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, '}')
}

// decision writes what every decision has; documents, context and reasons are there for writes and refusals only.
func (w *writer) decision(d *Decision) {
	w.dst = append(w.dst, '{')
	w.text(`"action":"`, d.Action)
	w.text(`,"resource":"`, d.Resource)
	if d.Soft {
		w.flag(`,"soft":`, true)
	}
	w.text(`,"verdict":"`, d.Verdict)
	w.given(`,"policyType":"`, d.PolicyType)
	w.name(`,"context":`)
	writeMap(w, d.Context, w.texts)
	w.name(`,"documents":`)
	writeList(w, d.Documents, w.document)
	w.given(`,"policyOf":"`, d.PolicyOf)
	if len(d.Reasons) > 0 {
		w.name(`,"reasons":`)
		writeList(w, d.Reasons, w.reason)
	}
	w.dst = append(w.dst, '}')
}

func (w *writer) document(d *Document) {
	w.dst = append(w.dst, '{')
	w.text(`"policyType":"`, d.PolicyType)
	w.given(`,"name":"`, d.Name)
	w.given(`,"sha256":"`, d.SHA256)
	w.dst = append(w.dst, '}')
}

func (w *writer) reason(r *Reason) {
	w.dst = append(w.dst, '{')
	w.text(`"policyType":"`, r.PolicyType)
	if r.Level != 0 {
		w.number(`,"level":`, r.Level)
	}
	w.given(`,"policy":"`, r.Policy)
	w.number(`,"statement":`, r.Statement)
	w.given(`,"sid":"`, r.Sid)
	w.number(`,"line":`, r.Line)
	w.number(`,"column":`, r.Column)
	w.text(`,"effect":"`, r.Effect)
	w.flag(`,"matched":`, r.Matched)
	w.given(`,"named":"`, r.Named)
	if r.NotSpared != nil {
		w.name(`,"notSpared":`)
		w.rare(r.NotSpared)
	}
	if len(r.Conditions) > 0 {
		w.name(`,"conditions":`)
		w.rare(r.Conditions)
	}
	if r.Miss != nil {
		w.name(`,"miss":`)
		w.rare(r.Miss)
	}
	w.dst = append(w.dst, '}')
}

// writeList writes a list. A nil list is null.
func writeList[T any](w *writer, list []T, element func(*T)) {
	if list == nil {
		w.dst = append(w.dst, "null"...)
		return
	}
	w.dst = append(w.dst, '[')
	for i := range list {
		w.comma()
		element(&list[i])
	}
	w.dst = append(w.dst, ']')
}

// members writes the members of an input or output; none at all is null.
func (w *writer) members(m map[string]any) { writeMap(w, m, w.value) }

// writeMap writes a map in the order of its keys. A nil map is null.
func writeMap[T any](w *writer, m map[string]T, value func(T)) {
	if m == nil {
		w.dst = append(w.dst, "null"...)
		return
	}
	w.dst = append(w.dst, '{')
	if len(m) == 1 { // the usual number, which needs no order
		for name, v := range m {
			w.key(name)
			value(v)
		}
	} else {
		var few [32]string
		names := few[:0]
		for name := range m {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			w.key(name)
			value(m[name])
		}
	}
	w.dst = append(w.dst, '}')
}

// value writes what Parameters makes.
func (w *writer) value(v any) {
	switch v := v.(type) {
	case string:
		w.quoted(v)
	case bool:
		w.dst = strconv.AppendBool(w.dst, v)
	case int64:
		w.dst = strconv.AppendInt(w.dst, v, 10)
	case map[string]any:
		w.members(v)
	default:
		w.rare(v)
	}
}

func (w *writer) texts(list []string) {
	writeList(w, list, func(s *string) { w.quoted(*s) })
}

// Members of ours are named by a constant that has all that stands between the value before and this one: the comma, unless the member
// is the object's first, the name, the colon, and a string's opening quote.

func (w *writer) text(name, value string) {
	w.name(name)
	w.rest(value)
}

// given writes a member that is left out when it is empty.
func (w *writer) given(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *writer) number(name string, value int) {
	w.name(name)
	w.dst = strconv.AppendInt(w.dst, int64(value), 10)
}

func (w *writer) flag(name string, value bool) {
	w.name(name)
	w.dst = strconv.AppendBool(w.dst, value)
}

// name writes what stands before a value.
func (w *writer) name(name string) { w.dst = append(w.dst, name...) }

// key writes the name of a member that somebody else chose.
func (w *writer) key(name string) {
	w.comma()
	w.quoted(name)
	w.dst = append(w.dst, ':')
}

// comma separates a member or element from the one before.
func (w *writer) comma() {
	if last := w.dst[len(w.dst)-1]; last != '{' && last != '[' {
		w.dst = append(w.dst, ',')
	}
}

// quoted writes a string.
func (w *writer) quoted(s string) {
	w.dst = append(w.dst, '"')
	w.rest(s)
}

// rest writes a string whose opening quote is written. Almost none needs escaping; the others are left to encoding/json.
func (w *writer) rest(s string) {
	before := len(w.dst)
	w.dst = append(w.dst, s...)
	if !plain(w.dst[before:]) {
		w.dst = w.dst[:before-1]
		w.rare(s)
		return
	}
	w.dst = append(w.dst, '"')
}

// plain reports whether encoding/json writes every byte of a text as it is. It looks at eight at a time: most of a record is text.
func plain(text []byte) bool {
	for ; len(text) >= 8; text = text[8:] {
		if suspect(binary.LittleEndian.Uint64(text)) {
			return false
		}
	}
	for _, c := range text {
		if !unescaped[c] {
			return false
		}
	}
	return true
}

// suspect reports whether one of eight bytes is none of those in unescaped. Of bytes below 0x80, the subtraction of a byte's copies
// borrows where one is less, and the exclusive or with them is zero where one is equal.
func suspect(eight uint64) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	found := eight | // not ASCII
		(eight - ' '*ones) | // a control
		((eight ^ '"'*ones) - ones) |
		((eight ^ '\\'*ones) - ones) |
		((eight ^ '&'*ones) - ones) |
		((eight&^(2*ones) ^ '<'*ones) - ones) // and >, which is one bit away
	return found&tops != 0
}

// unescaped are the bytes that encoding/json writes as they are.
var unescaped = func() (is [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		is[c] = !strings.ContainsRune("\"\\<>&", rune(c))
	}
	return is
}()

// rare writes what few records have.
func (w *writer) rare(v any) {
	text, err := json.Marshal(v)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.dst = append(w.dst, text...)
}
