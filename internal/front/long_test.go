package front_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// TestLongDeedsTakeEffectOnlyByWhatHolds: a long call whose account changed between the decision and the deed is decided anew. It is
// done if it is still allowed, refused if not, and given up when the account never stands still.
func TestLongDeedsTakeEffectOnlyByWhatHolds(t *testing.T) {
	t.Parallel()
	const denies = `{"Statement":[{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}]}`
	for _, tt := range []struct {
		name   string
		change func(try int, tx identity.Tx) error
		tries  int
		done   bool
		status int
		says   string
	}{
		{"nothing changes", nil, 1, true, 200, ""},
		{"something else changes", func(try int, tx identity.Tx) error {
			if try > 1 {
				return nil
			}
			tx.Store().Put("test:mark", []byte{byte(try)})
			return nil
		}, 2, true, 200, ""},
		{"the permission goes", func(_ int, tx identity.Tx) error {
			d, err := policy.Parse(denies)
			if err != nil {
				return err
			}
			return tx.PutInlinePolicy(identity.UserRef("admin"), "no", d)
		}, 1, false, 403, "is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::123456789012:user/u with an explicit deny in an identity-based policy"},
		{"everything changes always", func(try int, tx identity.Tx) error {
			tx.Store().Put("test:mark", []byte(fmt.Sprint(try)))
			return nil
		}, 256, false, 503, "temporary failure"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var h *house
			tries, done := 0, false
			h = build(t, nil, service.Service{Name: "iam", Handlers: []service.Handler{service.Long[iam.CreateUserInput, string]{
				Plan: func(c *service.Call, in *iam.CreateUserInput, r identity.Reader, _ *service.Hold) (string, error) {
					return r.Account() + *in.UserName, nil
				},
				Act: func(ctx context.Context, c *service.Call, _ *iam.CreateUserInput, plan string, hold *service.Hold) (service.Answer, error) {
					if tries++; plan != account+"u" {
						t.Errorf("the plan is %q", plan)
					}
					if tt.change != nil {
						if err := h.identities.Update(ctx, account, func(tx identity.Tx) error { return tt.change(tries, tx) }); err != nil {
							return service.Answer{}, err
						}
					}
					if err := hold.Check(ctx); err != nil {
						return service.Answer{}, fmt.Errorf("late: %w", err)
					}
					done = true
					return service.Body(&iam.CreateUserOutput{}), nil
				},
			}.Named("CreateUser")}})
			status, body := h.call(t, "iam", "Action=CreateUser&Version=2010-05-08&UserName=u")
			if status != tt.status || !strings.Contains(body, tt.says) || tries != tt.tries || done != tt.done {
				t.Errorf("%d %s after %d tries, done %v", status, body, tries, done)
			}
			if n := len(h.log.Records()); n != 1 {
				t.Errorf("%d records", n)
			}
		})
	}
}

// TestLongDeedsSeeOtherAccounts: a change in an account that the call covers counts as one in its own.
func TestLongDeedsSeeOtherAccounts(t *testing.T) {
	t.Parallel()
	const other = "210987654321"
	var h *house
	tries := 0
	h = build(t, nil, service.Service{Name: "iam", Handlers: []service.Handler{service.Long[iam.CreateUserInput, int]{
		Plan: func(_ *service.Call, _ *iam.CreateUserInput, r identity.Reader, hold *service.Hold) (int, error) {
			hold.Cover(r.In(other))
			return 0, nil
		},
		Act: func(ctx context.Context, _ *service.Call, _ *iam.CreateUserInput, _ int, hold *service.Hold) (service.Answer, error) {
			if tries++; tries == 1 {
				if err := h.identities.Update(ctx, other, func(tx identity.Tx) error { tx.Store().Put("test:mark", nil); return nil }); err != nil {
					return service.Answer{}, err
				}
			}
			return service.Body(&iam.CreateUserOutput{}), hold.Check(ctx)
		},
	}.Named("CreateUser")}})
	if status, body := h.call(t, "iam", "Action=CreateUser&Version=2010-05-08&UserName=u"); status != 200 || tries != 2 {
		t.Errorf("%d %s after %d tries", status, body, tries)
	}
}

// TestCommittedRunsOnceAndOnlyAfterTheCommit: what is left to be done outside of the store is done when the write is durable, and not
// at all for one that failed.
func TestCommittedRunsOnceAndOnlyAfterTheCommit(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		ran := 0
		var h *house
		h = build(t, nil, service.Service{Name: "iam", Handlers: []service.Handler{service.Writing[iam.CreateUserInput, string]{
			Act: func(_ *service.Call, _ *iam.CreateUserInput, _ string, tx identity.Tx) (service.Answer, error) {
				tx.Store().Put("test:mark", []byte("x"))
				answer := service.Answer{Body: &iam.CreateUserOutput{}, Committed: func() {
					ran++
					if err := h.identities.View(context.Background(), account, func(r identity.Reader) error {
						if _, ok := r.Store().Get("test:mark"); !ok {
							t.Error("it ran before the commit")
						}
						return nil
					}); err != nil {
						t.Error(err)
					}
				}}
				if fails {
					return answer, service.Conflict("EntityAlreadyExists", "no")
				}
				return answer, nil
			},
		}.Named("CreateUser")}})
		h.call(t, "iam", "Action=CreateUser&Version=2010-05-08&UserName=u")
		if want := map[bool]int{false: 1, true: 0}[fails]; ran != want {
			t.Errorf("fails %v: ran %d times", fails, ran)
		}
	}
}
