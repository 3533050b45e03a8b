package server_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/server"
)

// A scene is a server with credentials that must not work any more, or not in this way.
type scene struct {
	*running
	t     *testing.T
	clock *atomic.Int64 // by how much the server's clock is ahead

	ada, inactive, deleted, goneUser, remadeUser   aws.Credentials // long-term keys
	session, otherSession, goneRole, remadeRole    aws.Credentials
	userSession, goneUserSession, remadeSession    aws.Credentials
	federated, foreignSession, foreignKey, expired aws.Credentials
}

const everything = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{t: t, clock: &atomic.Int64{}}
	s.running = start(t, func(o *server.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(s.clock.Load())) }
	})
	s.users()
	for _, name := range []string{"Worker", "Gone", "Remade"} {
		s.role(t, name, aws.String(everything))
	}
	s.session, s.otherSession, s.goneRole, s.remadeRole = s.assume("Worker", 0), s.assume("Worker", 0), s.assume("Gone", 0), s.assume("Remade", 0)
	s.expired = s.assume("Worker", -time.Hour)
	for _, name := range []string{"Gone", "Remade"} {
		s.unmakeRole(name)
	}
	s.role(t, "Remade", aws.String(everything))

	foreign := start(t, nil)
	s.foreignKey = foreign.administrator(t, "Ada")
	out, err := foreign.sts(s.foreignKey).GetSessionToken(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.foreignSession = temporary(out.Credentials)
	return s
}

// users makes users with all permissions and takes their keys away in every way there is.
func (s *scene) users() {
	t, ctx, admin := s.t, s.t.Context(), s.iam(s.admin())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s.ada = s.administrator(t, "Ada")
	userSession, err := s.sts(s.ada).GetSessionToken(ctx, nil)
	must(err)
	s.userSession = temporary(userSession.Credentials)
	federated, err := s.sts(s.ada).GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("fed"), Policy: aws.String(everything)})
	must(err)
	s.federated = temporary(federated.Credentials)

	s.inactive = s.administrator(t, "Ines")
	_, err = admin.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{
		UserName: aws.String("Ines"), AccessKeyId: &s.inactive.AccessKeyID, Status: iamtypes.StatusTypeInactive})
	must(err)
	s.deleted = s.administrator(t, "Dora")
	s.unmakeKey("Dora", s.deleted)

	s.goneUser, s.remadeUser = s.administrator(t, "Gert"), s.administrator(t, "Rita")
	for _, u := range []struct {
		name    string
		key     aws.Credentials
		session *aws.Credentials
	}{{"Gert", s.goneUser, &s.goneUserSession}, {"Rita", s.remadeUser, &s.remadeSession}} {
		out, err := s.sts(u.key).GetSessionToken(ctx, nil)
		must(err)
		*u.session = temporary(out.Credentials)
		s.unmakeKey(u.name, u.key)
		_, err = admin.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: &u.name, PolicyArn: aws.String(administratorAccess)})
		must(err)
		_, err = admin.DeleteUser(ctx, &iam.DeleteUserInput{UserName: &u.name})
		must(err)
	}
	s.administrator(t, "Rita")
}

const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"

func (s *scene) unmakeKey(user string, key aws.Credentials) {
	s.t.Helper()
	if _, err := s.iam(s.admin()).DeleteAccessKey(s.t.Context(), &iam.DeleteAccessKeyInput{UserName: &user, AccessKeyId: &key.AccessKeyID}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) unmakeRole(name string) {
	s.t.Helper()
	ctx, admin := s.t.Context(), s.iam(s.admin())
	if _, err := admin.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String("inline")}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := admin.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &name}); err != nil {
		s.t.Fatal(err)
	}
}

// assume returns a session of a quarter of an hour, issued when the server's clock was ahead by that much.
func (s *scene) assume(role string, ahead time.Duration) aws.Credentials {
	s.t.Helper()
	s.clock.Store(int64(ahead))
	defer s.clock.Store(0)
	q := form("sts", "Action=AssumeRole&Version=2011-06-15&RoleSessionName=session&DurationSeconds=900&RoleArn=arn:aws:iam::123456789012:role/"+role)
	status, _, body := send(s.t, s.sign(s.t, q, s.admin(), s.now()))
	element := func(name string) string {
		_, rest, _ := strings.Cut(body, "<"+name+">")
		text, _, _ := strings.Cut(rest, "<")
		return text
	}
	if status != http.StatusOK {
		s.t.Fatalf("AssumeRole: %d %s", status, body)
	}
	return aws.Credentials{AccessKeyID: element("AccessKeyId"), SecretAccessKey: element("SecretAccessKey"), SessionToken: element("SessionToken")}
}

// now is the server's clock.
func (s *scene) now() time.Time { return time.Now().Add(time.Duration(s.clock.Load())) }

// revision is that of the newest change of anything.
func (r *running) revision(t testing.TB) uint64 {
	t.Helper()
	revision, err := r.Revision(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

// by is the family's request, signed now.
func (s *scene) by(f *family, c aws.Credentials) *http.Request {
	return s.sign(s.t, f.request, c, s.now())
}

// A presigning says how a presigned request is made: by default for a quarter of an hour, from now on.
type presigning struct {
	by      *aws.Credentials
	at      time.Duration // from now
	expires string
}

func (s *scene) presign(f *family, c aws.Credentials) *http.Request {
	return s.presignAs(f, presigning{by: &c})
}

func (s *scene) presignAs(f *family, p presigning) *http.Request {
	s.t.Helper()
	credentials, expires := s.admin(), "900"
	if p.by != nil {
		credentials = *p.by
	}
	if p.expires != "" {
		expires = p.expires
	}
	method, path := f.get.method, f.get.path
	if method == "" {
		method = http.MethodPost
	}
	if path == "" {
		path = "/"
	}
	req, err := http.NewRequest(method, s.Endpoint()+path, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Host = cmp.Or(f.get.host, req.Host)
	for name, value := range f.get.header {
		req.Header.Set(name, value)
	}
	q := req.URL.Query()
	q.Set("X-Amz-Expires", expires)
	req.URL.RawQuery = q.Encode()
	sum := sha256.Sum256(nil)
	hash := hex.EncodeToString(sum[:])
	if f.get.service == "s3" {
		hash = "UNSIGNED-PAYLOAD"
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping, o.DisableHeaderHoisting = f.get.service == "s3", true
	})
	signed, header, err := signer.PresignHTTP(s.t.Context(), credentials, req, hash, f.get.service, "us-east-1", s.now().Add(p.at))
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := http.NewRequest(method, signed, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, values := range header {
		out.Header[name] = values
	}
	out.Host = req.Host
	out.Header.Del("Host")
	return out
}
