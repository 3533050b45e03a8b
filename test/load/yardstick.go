package load

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/internal/wire"
)

// Account is the account of the yardstick.
const Account = "123456789012"

// bodyLimit is how much of a body is read.
const bodyLimit = 1 << 20

// A Yardstick does what nobody can leave out who answers a signed read, and nothing else: it verifies the signature with a cached
// key, parses the form, compares the few fields that a small policy would compare, and writes the XML. It knows one caller, one
// policy and one role, writes nothing down, explains nothing, and must not be used for anything but measuring.
type Yardstick struct {
	key    Key
	keys   *sigv4.KeyCache
	role   string
	policy fields
	bodies sync.Pool
}

// fields are what the policy of a Yardstick demands, spelled as the fields of W1a are compared.
type fields struct{ action, account, prefix, region string }

// NewYardstick returns a handler of iam:GetRole on roles called as role begins, and of sts:GetCallerIdentity, for one key.
func NewYardstick(key Key, role string) *Yardstick {
	return &Yardstick{
		key: key, keys: sigv4.NewKeyCache(2), role: role,
		policy: fields{"iam:GetRole", Account, "arn:aws:iam::" + Account + ":role/" + role, "us-east-1"},
		bodies: sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
}

var errDenied = errors.New("denied")

// ServeHTTP implements http.Handler.
func (y *Yardstick) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := y.bodies.Get().(*bytes.Buffer)
	defer y.bodies.Put(body)
	body.Reset()
	if _, err := body.ReadFrom(io.LimitReader(r.Body, bodyLimit)); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer, id, err := y.answer(r, body.Bytes())
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	h := w.Header()
	h["Content-Type"] = []string{"text/xml"}
	h["X-Amzn-Requestid"] = []string{id}
	h["Content-Length"] = []string{strconv.Itoa(len(answer))}
	_, _ = w.Write(answer) // a client that has gone is its own business
}

func (y *Yardstick) answer(r *http.Request, body []byte) (answer []byte, id string, err error) {
	signed, err := sigv4.Parse(r)
	if err != nil {
		return nil, "", err
	}
	if signed.AccessKeyID != y.key.ID {
		return nil, "", errDenied
	}
	key := y.keys.Key(&signed, y.key.Secret)
	if err := signed.Verify(r, sigv4.BodyHash(sha256.Sum256(body)), key, time.Now(), sigv4.RulesFor(signed.Service)); err != nil {
		return nil, "", err
	}
	form, err := wire.ParseForm(body)
	if err != nil {
		return nil, "", err
	}
	id = newID()
	if signed.Service == "sts" && form.Action() == "GetCallerIdentity" {
		return y.callerIdentity(id), id, nil
	}
	name, _ := form.Members(wire.AWSQuery).String("RoleName")
	arn := "arn:aws:iam::" + Account + ":role/" + name
	if !y.policy.permit(signed.Service+":"+form.Action(), Account, arn, signed.Region) {
		return nil, "", errDenied
	}
	return y.getRole(name, arn, id), id, nil
}

// newID draws a UUID.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	var text [36]byte
	at := 0
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text[at] = '-'
			at++
		}
		hex.Encode(text[at:], []byte{c})
		at += 2
	}
	return string(text[:])
}

func (f *fields) permit(action, account, resource, region string) bool {
	return action == f.action && account == f.account && strings.HasPrefix(resource, f.prefix) && region == f.region
}

func (y *Yardstick) callerIdentity(id string) []byte {
	dst := make([]byte, 0, 512)
	dst = append(dst, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`...)
	dst = element(dst, "UserId", "AIDAQAAAAAAAEXAMPLE12")
	dst = element(dst, "Account", Account)
	dst = element(dst, "Arn", "arn:aws:iam::"+Account+":user/employee")
	dst = append(dst, `</GetCallerIdentityResult><ResponseMetadata>`...)
	dst = element(dst, "RequestId", id)
	return append(dst, `</ResponseMetadata></GetCallerIdentityResponse>`...)
}

// yardstickTrust is the trust policy of the one role, as IAM shows it: percent-encoded.
const yardstickTrust = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22" +
	"%3A%7B%22AWS%22%3A%22arn%3Aaws%3Aiam%3A%3A123456789012%3Aroot%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"

func (y *Yardstick) getRole(name, arn, id string) []byte {
	dst := make([]byte, 0, 1536)
	dst = append(dst, `<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role>`...)
	dst = element(dst, "Arn", arn)
	dst = element(dst, "AssumeRolePolicyDocument", yardstickTrust)
	dst = append(dst, "<CreateDate>"...)
	dst = time.Unix(1763769600, 0).UTC().AppendFormat(dst, "2006-01-02T15:04:05Z")
	dst = append(dst, "</CreateDate>"...)
	dst = element(dst, "MaxSessionDuration", "3600")
	dst = element(dst, "Path", "/")
	dst = append(dst, "<PermissionsBoundary>"...)
	dst = element(dst, "PermissionsBoundaryArn", "arn:aws:iam::"+Account+":policy/DynamoDB_Boundary_Frankfurt")
	dst = element(dst, "PermissionsBoundaryType", "Policy")
	dst = append(dst, "</PermissionsBoundary>"...)
	dst = element(dst, "RoleId", "AROAQAAAAAAAEXAMPLE12")
	dst = append(dst, "<RoleLastUsed/>"...)
	dst = element(dst, "RoleName", name)
	dst = append(dst, `</Role></GetRoleResult><ResponseMetadata>`...)
	dst = element(dst, "RequestId", id)
	return append(dst, `</ResponseMetadata></GetRoleResponse>`...)
}

// element escapes what must be escaped, which is rare.
func element(dst []byte, name, text string) []byte {
	dst = append(append(append(dst, '<'), name...), '>')
	if strings.ContainsAny(text, "&<>\"\r") {
		var escaped bytes.Buffer
		_ = xml.EscapeText(&escaped, []byte(text)) // a buffer takes everything
		text = escaped.String()
	}
	dst = append(dst, text...)
	return append(append(append(dst, "</"...), name...), '>')
}
