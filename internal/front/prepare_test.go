package front_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// TestPreparation: what must be there before an update is done once, for nobody who is not allowed, and makes nothing of a call that
// is not allowed any more when it comes to the update. What it left behind goes at the end.
func TestPreparation(t *testing.T) {
	t.Parallel()
	const denies = `{"Statement":[{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}]}`
	deny := func(h *house) error {
		d, err := policy.Parse(denies)
		if err != nil {
			return err
		}
		return h.identities.Update(context.Background(), account, func(tx identity.Tx) error {
			return tx.PutInlinePolicy(identity.UserRef("admin"), "no", d)
		})
	}
	for _, tt := range []struct {
		name           string
		before, during func(*house) error
		fails          error
		prepared       int
		done           bool
		status         int
		says           string
	}{
		{name: "allowed", prepared: 1, done: true, status: 200},
		{name: "not allowed", before: deny, status: 403, says: "explicit deny"},
		{name: "not allowed any more", during: deny, prepared: 1, status: 403, says: "explicit deny"},
		{name: "cannot be prepared", fails: service.BadRequest("NoSuchThing", "there is none"), prepared: 1, status: 400, says: "there is none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var h *house
			prepared, ended, done := 0, 0, false
			h = build(t, nil, service.Service{Name: "iam", Handlers: []service.Handler{service.Writing[iam.CreateUserInput, string]{
				Draw: func(*service.Call, *iam.CreateUserInput) (string, error) { return "drawn", nil },
				Prepare: func(_ context.Context, c *service.Call, _ *iam.CreateUserInput, drawn string) (string, error) {
					prepared++
					c.AtEnd(func() { ended++ })
					if tt.during != nil {
						if err := tt.during(h); err != nil {
							t.Error(err)
						}
					}
					return drawn + " and prepared", tt.fails
				},
				Act: func(_ *service.Call, _ *iam.CreateUserInput, drawn string, _ identity.Tx) (service.Answer, error) {
					if done = true; drawn != "drawn and prepared" {
						t.Errorf("the deed was given %q", drawn)
					}
					return service.Body(&iam.CreateUserOutput{}), nil
				},
			}.Named("CreateUser")}})
			if tt.before != nil {
				if err := tt.before(h); err != nil {
					t.Fatal(err)
				}
			}
			status, body := h.call(t, "iam", "Action=CreateUser&Version=2010-05-08&UserName=u")
			if status != tt.status || !strings.Contains(body, tt.says) || prepared != tt.prepared || ended != prepared || done != tt.done {
				t.Errorf("%d %s; prepared %d times, ended %d, done %v", status, body, prepared, ended, done)
			}
		})
	}
}
