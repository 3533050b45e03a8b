package identity

import (
	"fmt"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/sigv4"
	"github.com/ambit-iam/ambit/policy"
)

func usedKey(n int) *credential {
	return &credential{caller: &Caller{AccessKeyID: AccessKeyID(fmt.Sprintf("AKIA%016d", n)), Principal: policy.Principal{Account: "123456789012"}}}
}

func note(u *keyUses, k *credential, s *sigv4.Signed, now time.Time) bool {
	return u.note(&k.used, k.caller.Principal.Account, usedID(k.caller.AccessKeyID), s, now)
}

// TestUsesOfKeysAreBoundedAndTogether holds that a busy key asks for no write of its own, that what waits is bounded, and that
// nothing newer is overwritten by what could not be written.
func TestUsesOfKeysAreBoundedAndTogether(t *testing.T) {
	t.Parallel()
	u := &keyUses{waiting: map[string]map[usedID]KeyUse{}}
	noon := time.Date(2026, 11, 22, 12, 0, 30, 0, time.UTC)
	s := &sigv4.Signed{Service: "s3", Region: "us-east-1"}
	k := usedKey(1)
	for i := range 1000 {
		if note(u, k, s, noon.Add(time.Duration(i)*200*time.Millisecond)) {
			t.Fatalf("request %d is worth a write", i)
		}
	}
	if use, ok := u.recent("123456789012", usedID(k.caller.AccessKeyID)); !ok || use.Service != "s3" || !use.Time.Equal(noon.Add(3*time.Minute).Truncate(time.Minute)) {
		t.Errorf("the last use is %+v", use)
	}
	if !note(u, k, s, noon.Add(6*time.Minute)) {
		t.Error("after five minutes nothing is to be written")
	}
	taken := u.take()
	if _, ok := u.recent("123456789012", usedID(k.caller.AccessKeyID)); ok || u.count != 0 {
		t.Error("what was taken still waits")
	}
	note(u, k, &sigv4.Signed{Service: "iam", Region: "us-east-1"}, noon.Add(6*time.Minute))
	u.restore("123456789012", taken["123456789012"])
	if use, _ := u.recent("123456789012", usedID(k.caller.AccessKeyID)); use.Service != "iam" || u.count != 1 {
		t.Errorf("a newer use was lost: %+v", use)
	}
	for n := range 2 * maxKeyUses {
		note(u, usedKey(n+2), s, noon.Add(7*time.Minute))
	}
	if u.count > maxKeyUses || len(u.waiting["123456789012"]) > maxKeyUses {
		t.Errorf("%d uses wait", u.count)
	}
	u.end()
	if note(u, usedKey(1), s, noon.Add(time.Hour)) || u.begin() {
		t.Error("a closed registry writes")
	}
}

// TestRoleUseIsForgotten holds that a use of a role is told for 400 days.
func TestRoleUseIsForgotten(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	now := noon
	u := &keyUses{waiting: map[string]map[usedID]KeyUse{}}
	role := Role{Entity: Entity{ID: "AROA1"}}
	u.put("123456789012", usedID(role.ID), KeyUse{Time: noon, Region: "us-east-1"})
	r := Reader{account: "123456789012", registry: &Registry{uses: u, now: func() time.Time { return now }}}
	for days, want := range map[int]bool{0: true, 400: true, 401: false} {
		now = noon.AddDate(0, 0, days)
		if _, told, err := r.RoleUse(role); told != want || err != nil {
			t.Errorf("after %d days it is told: %v, want %v (%v)", days, told, want, err)
		}
	}
}
