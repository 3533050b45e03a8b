package audit_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/policy"
)

func TestParametersHideSecrets(t *testing.T) {
	t.Parallel()
	const secret = "do-not-write-this-down"
	for _, v := range []any{
		&iam.CreateLoginProfileInput{UserName: aws.String("u"), Password: aws.String(secret)},
		&iam.ChangePasswordInput{OldPassword: aws.String(secret), NewPassword: aws.String(secret)},
		&iam.CreateAccessKeyOutput{AccessKey: &types.AccessKey{AccessKeyId: aws.String("AKIA"), SecretAccessKey: aws.String(secret)}},
		&iam.CreateServiceSpecificCredentialOutput{ServiceSpecificCredential: &types.ServiceSpecificCredential{
			ServicePassword: aws.String(secret), ServiceCredentialSecret: aws.String(secret)}},
		&iam.UploadServerCertificateInput{PrivateKey: aws.String(secret)},
		&iam.CreateVirtualMFADeviceOutput{VirtualMFADevice: &types.VirtualMFADevice{
			Base32StringSeed: []byte(secret), QRCodePNG: []byte(secret)}},
		&iam.EnableMFADeviceInput{AuthenticationCode1: aws.String(secret), AuthenticationCode2: aws.String(secret)},
		&sts.AssumeRoleInput{TokenCode: aws.String(secret)},
		&sts.AssumeRoleOutput{Credentials: &ststypes.Credentials{SecretAccessKey: aws.String(secret), SessionToken: aws.String(secret)}},
		&sts.AssumeRoleWithSAMLInput{SAMLAssertion: aws.String(secret)},
		&sts.AssumeRoleWithWebIdentityInput{WebIdentityToken: aws.String(secret)},
		&sts.DecodeAuthorizationMessageInput{EncodedMessage: aws.String(secret)},
		&struct {
			Material string `wire:"keyMaterial"`
		}{secret},
		&struct{ UserData *struct{ Value string } }{&struct{ Value string }{secret}},
		&struct{ ClientContext string }{secret}, // of lambda Invoke: handed to the code beside the payload
	} {
		text, err := json.Marshal(new(audit.Recorder).Parameters(v))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), secret) {
			t.Errorf("%T: a secret is written: %s", v, text)
		}
	}
}

func TestParametersAreCloudTrails(t *testing.T) {
	t.Parallel()
	got := new(audit.Recorder).Parameters(&iam.CreateRoleInput{
		RoleName: aws.String("R"), MaxSessionDuration: aws.Int32(3600),
		Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	})
	want := map[string]any{
		"roleName": "R", "maxSessionDuration": int64(3600), "tags": []any{map[string]any{"key": "k", "value": "v"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	byHand := new(audit.Recorder).Parameters(struct {
		InstanceID string   `wire:"instanceId"`
		Groups     []string `wire:"GroupId,flat"`
		ImageId    string
	}{"i", []string{"g"}, "a"})
	if diff := cmp.Diff(map[string]any{"instanceId": "i", "groupId": []any{"g"}, "imageId": "a"}, byHand); diff != "" {
		t.Error(diff)
	}
	if got := new(audit.Recorder).Parameters((*iam.CreateRoleInput)(nil)); got != nil {
		t.Errorf("of nothing: %v", got)
	}
	long := new(audit.Recorder).Parameters(&iam.CreateRoleInput{Description: aws.String(strings.Repeat("é", 10_000))})
	if n := len(long["description"].(string)); n > 9000 {
		t.Errorf("a long text is kept with %d bytes", n)
	}
}

func TestDecisionNamesDocumentsByDigest(t *testing.T) {
	t.Parallel()
	doc, err := policy.Parse(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	r, layer := new(audit.Recorder), policy.NewLayer(policy.Policy{Document: doc, ARN: "arn:x"}, policy.Policy{Name: "gone"})
	want := fmt.Sprintf(`[{"policyType":"boundary","name":"arn:x","sha256":"%x"},{"policyType":"boundary","name":"gone"}]`, sha256.Sum256([]byte(doc.Text())))
	for range 2 { // the second time it is known
		got, err := json.Marshal(r.Documents(nil, "boundary", layer))
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
	var c policy.Context
	c.Set(policy.NewKey("aws:username"), "zhang")
	kept := audit.ContextOf(&c)
	c.Reset()
	if diff := cmp.Diff(map[string][]string{"aws:username": {"zhang"}}, kept); diff != "" {
		t.Error(diff)
	}
}

func TestRingKeepsTheLatest(t *testing.T) {
	t.Parallel()
	r := audit.NewRing(3)
	for i := range 5 {
		r.Append(&audit.Record{EventID: fmt.Sprint(i)})
	}
	var got []string
	for _, rec := range r.Records() {
		got = append(got, rec.EventID)
	}
	if diff := cmp.Diff([]string{"2", "3", "4"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSegmentsAreBoundedAndInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const limit = 64 << 10
	for range 2 { // the second run goes on where the first ended
		s, err := audit.OpenSegments(dir, limit, slog.New(slog.NewTextHandler(io.Discard, nil)))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 300 {
			s.Append(&audit.Record{EventID: fmt.Sprint(i), UserAgent: strings.Repeat("x", 1000)})
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s.Dropped() != 0 {
			t.Errorf("%d records dropped", s.Dropped())
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) < 2 {
		t.Fatalf("segments %v, %v", files, err)
	}
	var size int64
	var last string
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
		last = lastEvent(t, name)
	}
	if size > limit || size < limit/2 {
		t.Errorf("%d bytes in %d segments, limit %d", size, len(files), limit)
	}
	if last != "299" {
		t.Errorf("the newest record is %s", last)
	}
}

func lastEvent(t *testing.T, name string) (id string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r audit.Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		id = r.EventID
	}
	return id
}

func TestSegmentsCountWhatTheDiskRefuses(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "audit")
	s, err := audit.OpenSegments(dir, 1<<20, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	s.Append(&audit.Record{})
	if err := s.Close(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("closing tells %v", err)
	}
	if s.Dropped() != 1 {
		t.Errorf("%d dropped", s.Dropped())
	}
}

func TestJournalIsPartOfTheTransactionAndBounded(t *testing.T) {
	t.Parallel()
	s, err := mem.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ctx := context.Background()
	abandoned := errors.New("abandoned")
	write := func(n int, err error) {
		_, got := s.Update(ctx, "1", func(tx store.Tx) error {
			for i := range n {
				if err := audit.Write(tx, &audit.Record{EventID: fmt.Sprint(i), Time: time.Unix(0, 0)}); err != nil {
					return err
				}
			}
			return err
		})
		if !errors.Is(got, err) {
			t.Fatal(got)
		}
	}
	write(3, nil)
	write(1, abandoned)
	write(audit.JournalLimit, nil)
	count := 0
	err = s.View(ctx, "1", func(r store.Reader) error {
		for range store.All(r, "audit/entry/") {
			count++
		}
		latest := audit.Journal(r, 2)
		var rec audit.Record
		if err := json.Unmarshal(latest[1], &rec); err != nil {
			return err
		}
		if len(latest) != 2 || rec.EventID != fmt.Sprint(audit.JournalLimit-1) {
			t.Errorf("latest: %s", latest)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count != audit.JournalLimit {
		t.Errorf("%d entries kept", count)
	}
}
