package front_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/front"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/internal/wire"
	"github.com/ambit-iam/ambit/policy"
)

const account = "123456789012"

// A house is a door with everything behind it, and services of the test's own.
type house struct {
	*front.Door
	identities *identity.Registry
	log        *audit.Ring
	logged     bytes.Buffer

	mu   sync.Mutex
	last front.Result
}

func (h *house) Observe(r front.Result) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = r
}

func build(t testing.TB, change func(*front.Options), services ...service.Service) *house {
	t.Helper()
	h := &house{log: audit.NewRing(100)}
	var err error
	h.identities, err = identity.Open(context.Background(), mem.New, identity.Options{
		Account: account, AWSManaged: func(arn string) (identity.AWSPolicy, bool) {
			return identity.AWSPolicy{ARN: arn, Name: "AdministratorAccess", Path: "/", ID: "ANPA", DefaultVersion: "v1",
				Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`}, true
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.identities.Close(); err != nil {
			t.Error(err)
		}
	})
	table, err := service.NewTable(services...)
	if err != nil {
		t.Fatal(err)
	}
	o := front.Options{
		Table: table, Identities: h.identities, Authorizer: authz.New(h.identities, authz.Options{}), Log: h.log,
		Logger: slog.New(slog.NewTextHandler(&h.logged, nil)), Observer: h, Now: time.Now, Loopback: true,
	}
	if change != nil {
		change(&o)
	}
	h.Door = front.New(o)
	return h
}

// call signs a form as the administrator, and returns status and body of the answer.
func (h *house) call(t *testing.T, of, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:4566/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	key := h.identities.Start().Admin
	credentials := aws.Credentials{AccessKeyID: string(key.ID), SecretAccessKey: key.Secret.Reveal()}
	if err := v4.NewSigner().SignHTTP(context.Background(), credentials, r, hex.EncodeToString(sum[:]), of, "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	r.RequestURI = "/"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// getUser is IAM with one operation that reads.
func getUser(act func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error)) service.Service {
	return service.Service{Name: "iam", Handlers: []service.Handler{service.Reading[iam.GetUserInput]{Act: act}.Named("GetUser")}}
}

const askGetUser = "Action=GetUser&Version=2010-05-08"

func TestAPanicIsAFailureAndNeverASuccess(t *testing.T) {
	t.Parallel()
	h := build(t, nil, getUser(func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error) {
		panic("a mistake of ours with a secret in it")
	}))
	status, body := h.call(t, "iam", askGetUser)
	if status != 500 || !strings.Contains(body, "<Code>InternalFailure</Code>") || strings.Contains(body, "mistake") {
		t.Errorf("%d %s", status, body)
	}
	if !strings.Contains(h.logged.String(), "a mistake of ours") {
		t.Error("the panic is not in the log")
	}
}

func TestAnErrorThatIsNotForClientsIsAFailure(t *testing.T) {
	t.Parallel()
	h := build(t, nil, getUser(func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error) {
		return service.Answer{}, errors.New("the cause within")
	}))
	if status, body := h.call(t, "iam", askGetUser); status != 500 || strings.Contains(body, "the cause within") {
		t.Errorf("%d %s", status, body)
	}
	if !strings.Contains(h.logged.String(), "the cause within") {
		t.Error("the cause is not in the log")
	}
}

// A mute authorizer fails at everything.
type mute struct{ err error }

func (m mute) Decide(context.Context, store.Reader, *identity.Caller, *authz.Environment, *authz.Question) authz.Decision {
	return authz.Decision{Err: m.err, Outcome: policy.Outcome{Verdict: policy.Allowed}}
}

func (m mute) Explain(context.Context, store.Reader, *identity.Caller, *authz.Environment, *authz.Question) authz.Explanation {
	return authz.Explanation{Decision: authz.Decision{Err: m.err}}
}

func TestAnErrorWhileDecidingIsARefusal(t *testing.T) {
	t.Parallel()
	acted := false
	h := build(t, func(o *front.Options) { o.Authorizer = mute{errors.New("cannot decide")} },
		getUser(func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error) {
			acted = true
			return service.Body(&iam.GetUserOutput{}), nil
		}))
	status, body := h.call(t, "iam", askGetUser)
	if status != 403 || !strings.Contains(body, "is not authorized to perform: iam:GetUser on resource: user admin<") || acted {
		t.Errorf("%d %s, acted %v", status, body, acted)
	}
}

// createUser is IAM with one operation that writes a mark.
func createUser(err error) service.Service {
	return service.Service{Name: "iam", Handlers: []service.Handler{service.Writing[iam.CreateUserInput, string]{
		Draw: func(*service.Call, *iam.CreateUserInput) (string, error) { return "drawn once", nil },
		Act: func(_ *service.Call, _ *iam.CreateUserInput, drawn string, tx identity.Tx) (service.Answer, error) {
			tx.Store().Put("test:mark", []byte(drawn))
			return service.Body(&iam.CreateUserOutput{}), err
		},
	}.Named("CreateUser")}}
}

// TestAWriteAndItsRecordAreOne: a write is written down in the account, with the context that was judged; one that fails leaves
// neither mark nor entry, and is told to the log.
func TestAWriteAndItsRecordAreOne(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		var err error
		if fails {
			err = service.Conflict("EntityAlreadyExists", "no")
		}
		h := build(t, nil, createUser(err))
		status, body := h.call(t, "iam", "Action=CreateUser&Version=2010-05-08&UserName=u")
		if want := map[bool]int{false: 200, true: 409}[fails]; status != want {
			t.Fatalf("%d %s", status, body)
		}
		view := h.identities.View(context.Background(), account, func(r identity.Reader) error {
			mark, marked := r.Store().Get("test:mark")
			entries := audit.Journal(r.Store(), 10)
			if marked == fails || len(entries) != map[bool]int{false: 1, true: 0}[fails] {
				t.Errorf("fails %v: mark %q, %d entries", fails, mark, len(entries))
			}
			if fails {
				return nil
			}
			var rec struct {
				Name      string         `json:"eventName"`
				Params    map[string]any `json:"requestParameters"`
				Decisions []struct {
					Verdict   string
					Context   map[string][]string
					Documents []struct{ SHA256 string }
				}
			}
			if err := json.Unmarshal(entries[0], &rec); err != nil {
				return err
			}
			d := rec.Decisions
			if rec.Name != "CreateUser" || rec.Params["userName"] != "u" || len(d) != 1 || d[0].Verdict != "allow" ||
				d[0].Context["aws:PrincipalArn"] == nil || len(d[0].Documents) != 1 || len(d[0].Documents[0].SHA256) != 64 {
				t.Errorf("the entry is %s", entries[0])
			}
			return nil
		})
		if view != nil {
			t.Fatal(view)
		}
		if logged := len(h.log.Records()); logged != map[bool]int{false: 0, true: 1}[fails] {
			t.Errorf("fails %v: %d records in the log", fails, logged)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	status, body := h.call(t, "iam", "Action=GetUser&Version=2010-05-08&UserName="+strings.Repeat("x", 2<<20))
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(body, "RequestEntityTooLarge") {
		t.Errorf("%d %s", status, body)
	}
	// A body without a length is cut off while it is read.
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/", io.LimitReader(endless{}, 1<<30))
	r.ContentLength = -1
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestAnErrorWhileDecidingFillsNoLog: whoever can make a question that cannot be answered, as the session of a deleted role can with all it
// asks, gets one line a second, which counts the others.
func TestAnErrorWhileDecidingFillsNoLog(t *testing.T) {
	t.Parallel()
	now := time.Now()
	h := build(t, func(o *front.Options) {
		o.Authorizer, o.Now = mute{errors.New("principal gone")}, func() time.Time { return now }
	}, getUser(func(*service.Call, *iam.GetUserInput, identity.Reader) (service.Answer, error) {
		return service.Body(&iam.GetUserOutput{}), nil
	}))
	for _, later := range []time.Duration{0, 0, 900 * time.Millisecond, 200 * time.Millisecond} {
		now = now.Add(later)
		if status, body := h.call(t, "iam", askGetUser); status != 403 {
			t.Errorf("%d %s", status, body)
		}
	}
	var lines []string
	for line := range strings.Lines(h.logged.String()) {
		if strings.Contains(line, `msg="decision failed"`) {
			lines = append(lines, line)
		}
	}
	if len(lines) != 2 || !strings.Contains(lines[0], "others=0") || !strings.Contains(lines[1], "others=2") {
		t.Errorf("four refusals, of which the last came 1.1 seconds later: %q", lines)
	}
}

// TestInvokeIsAskedAsAnybody: a service that acts for somebody passes the same questions, is refused in the same words and is
// written down.
func TestInvokeIsAskedAsAnybody(t *testing.T) {
	t.Parallel()
	seen := []string(nil)
	h := build(t, nil, getUser(func(c *service.Call, _ *iam.GetUserInput, _ identity.Reader) (service.Answer, error) {
		seen = c.Environment.CalledVia
		return service.Body(&iam.GetUserOutput{}), nil
	}))
	ctx := context.Background()
	if err := h.identities.Update(ctx, account, func(tx identity.Tx) error {
		trust, err := policy.Parse(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}`)
		if err != nil {
			return err
		}
		_, err = tx.CreateRole(identity.Role{Entity: identity.Entity{Name: "stack", ID: "AROASTACK", Created: time.Now()}, MaxSession: time.Hour}, trust)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	caller, err := h.identities.Assume(identity.Session{
		Kind: identity.AssumedRole, Account: account, PrincipalName: "stack", PrincipalARN: "arn:aws:iam::123456789012:role/stack",
		PrincipalID: "AROASTACK", Name: "s", Issued: time.Now(), Expires: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	name := "admin"
	ask := service.Invocation{Service: "iam", Operation: "GetUser", Input: &iam.GetUserInput{UserName: &name}, Caller: caller,
		CalledVia: []string{"cloudformation.amazonaws.com"}, Region: "us-east-1"}
	_, err = h.Invoke(ctx, ask)
	var fault *wire.Fault
	if !errors.As(err, &fault) || fault.Code != "AccessDenied" || fault.Message != "User: arn:aws:sts::123456789012:assumed-role/stack/s is not authorized "+
		"to perform: iam:GetUser on resource: user admin because no identity-based policy allows the iam:GetUser action" {
		t.Errorf("without a policy: %v", err)
	}
	if err := h.identities.Update(ctx, account, func(tx identity.Tx) error {
		return tx.AttachPolicy(identity.RoleRef("stack"), "arn:aws:iam::aws:policy/AdministratorAccess")
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Invoke(ctx, ask); err != nil || len(seen) != 1 {
		t.Errorf("with a policy: %v, called via %v", err, seen)
	}
	if n := len(h.log.Records()); n != 2 {
		t.Errorf("%d records", n)
	}
	ask.Operation = "Nonsense"
	if _, err := h.Invoke(ctx, ask); !errors.As(err, &fault) || fault.Code != "InvalidAction" {
		t.Errorf("no operation: %v", err)
	}
	ask.Operation, ask.Caller = "GetUser", nil
	if _, err := h.Invoke(ctx, ask); err == nil {
		t.Error("nobody was let in")
	}
}

// TestUnsignedOperationsAreNobodys: a row that needs no signature is still asked, and without a token that speaks for somebody
// nothing is allowed.
func TestUnsignedOperationsAreNobodys(t *testing.T) {
	t.Parallel()
	h := build(t, nil, service.Service{Name: "sts", Handlers: []service.Handler{
		service.Reading[sts.AssumeRoleWithWebIdentityInput]{
			Act: func(*service.Call, *sts.AssumeRoleWithWebIdentityInput, identity.Reader) (service.Answer, error) {
				t.Error("acted")
				return service.Answer{}, nil
			},
		}.Named("AssumeRoleWithWebIdentity")}})
	body := "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/r&RoleSessionName=s&WebIdentityToken=t"
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 403 || !strings.Contains(w.Body.String(), "<Code>AccessDenied</Code><Message>Access Denied</Message>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestEncodedMessages: EC2's refusals of launches carry what was judged, sealed for who may decode it.
func TestEncodedMessages(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	if err := h.identities.Update(context.Background(), account, func(tx identity.Tx) error {
		deny, err := policy.Parse(`{"Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}`)
		if err != nil {
			return err
		}
		return tx.PutInlinePolicy(identity.UserRef("admin"), "no", deny)
	}); err != nil {
		t.Fatal(err)
	}
	_, body := h.call(t, "ec2", "Action=StartInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0")
	_, blob, found := strings.Cut(body, "with an explicit deny in an identity-based policy. Encoded authorization failure message: ")
	blob, _, _ = strings.Cut(blob, "<")
	if !found {
		t.Fatal(body)
	}
	text, err := h.identities.OpenSealed(identity.AuthorizationMessages, account, blob)
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Allowed, ExplicitDeny bool
		Context               struct{ Action, Resource string }
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if m.Allowed || !m.ExplicitDeny || m.Context.Action != "ec2:StartInstances" ||
		m.Context.Resource != "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0" {
		t.Errorf("decoded: %s", text)
	}
}
