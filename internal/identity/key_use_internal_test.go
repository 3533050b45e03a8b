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

// TestUsesOfKeysAreBoundedAndTogether holds that a busy key asks for no write of its own, that what waits is bounded, and that
// nothing newer is overwritten by what could not be written.
func TestUsesOfKeysAreBoundedAndTogether(t *testing.T) {
	t.Parallel()
	u := &keyUses{waiting: map[string]map[AccessKeyID]KeyUse{}}
	noon := time.Date(2026, 11, 22, 12, 0, 30, 0, time.UTC)
	s := &sigv4.Signed{Service: "s3", Region: "us-east-1"}
	k := usedKey(1)
	for i := range 1000 {
		if u.note(k, s, noon.Add(time.Duration(i)*200*time.Millisecond)) {
			t.Fatalf("request %d is worth a write", i)
		}
	}
	if use, ok := u.recent("123456789012", k.caller.AccessKeyID); !ok || use.Service != "s3" || !use.Time.Equal(noon.Add(3*time.Minute).Truncate(time.Minute)) {
		t.Errorf("the last use is %+v", use)
	}
	if !u.note(k, s, noon.Add(6*time.Minute)) {
		t.Error("after five minutes nothing is to be written")
	}
	taken := u.take()
	if _, ok := u.recent("123456789012", k.caller.AccessKeyID); ok || u.count != 0 {
		t.Error("what was taken still waits")
	}
	u.note(k, &sigv4.Signed{Service: "iam", Region: "us-east-1"}, noon.Add(6*time.Minute))
	u.restore("123456789012", taken["123456789012"])
	if use, _ := u.recent("123456789012", k.caller.AccessKeyID); use.Service != "iam" || u.count != 1 {
		t.Errorf("a newer use was lost: %+v", use)
	}
	for n := range 2 * maxKeyUses {
		u.note(usedKey(n+2), s, noon.Add(7*time.Minute))
	}
	if u.count > maxKeyUses || len(u.waiting["123456789012"]) > maxKeyUses {
		t.Errorf("%d uses wait", u.count)
	}
	u.end()
	if u.note(usedKey(1), s, noon.Add(time.Hour)) || u.begin() {
		t.Error("a closed registry writes")
	}
}
