package identity_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
)

// codeOf is what an authenticator app shows at a time.
func codeOf(t *testing.T, seed identity.Secret, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(seed.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[sum[19]&15:])&(1<<31-1))%1e6)
}

// TestACodeCountsOnceAndInItsTime enables a device whose clock is four minutes late and uses its codes.
func TestACodeCountsOnceAndInItsTime(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	ctx := context.Background()
	now := time.Unix(1_800_000_000, 0).UTC()
	late := now.Add(-4 * time.Minute)
	seed := identity.NewMFASeed()
	var u identity.User
	var d identity.MFADevice
	enable := func(first, second string) (ok bool, err error) {
		err = g.Update(ctx, account, func(tx identity.Tx) error {
			ok, err = tx.EnableMFADevice("u", d.Serial, first, second, now)
			return err
		})
		return ok, err
	}
	if err := g.Update(ctx, account, func(tx identity.Tx) (err error) {
		if u, err = tx.CreateUser(identity.User{Entity: identity.Entity{Name: "u", ID: identity.NewUserID(), Created: now}}); err != nil {
			return err
		}
		d, err = tx.CreateMFADevice(identity.MFADevice{Name: "d", Created: now}, seed)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	first, second := codeOf(t, seed, late), codeOf(t, seed, late.Add(30*time.Second))
	for _, codes := range [][2]string{{second, first}, {first, first}, {first, codeOf(t, seed, late.Add(time.Minute))}, {"000000", "000000"}} {
		if ok, err := enable(codes[0], codes[1]); ok || err != nil {
			t.Errorf("codes %v prove something: %v", codes, err)
		}
	}
	if ok, err := enable(first, second); !ok || err != nil {
		t.Fatal(ok, err)
	}
	var exists *identity.ExistsError
	if _, err := enable(first, second); !errors.As(err, &exists) {
		t.Errorf("enabled twice: %v", err)
	}
	factor := func(user identity.UniqueID, serial, code string, at time.Time) (ok bool) {
		if err := g.View(ctx, account, func(r identity.Reader) (err error) {
			ok, err = r.SecondFactor(user, serial, code, at)
			return err
		}); err != nil {
			t.Error(err)
		}
		return ok
	}
	// The second code was of the present: the device shows the next one thirty seconds on.
	soon := now.Add(30 * time.Second)
	next := codeOf(t, seed, late.Add(time.Minute))
	switch {
	case factor(u.ID, d.Serial, second, soon):
		t.Error("a code that enabled the device counts again")
	case factor("AIDAOTHER", d.Serial, next, soon), factor("", d.Serial, next, soon):
		t.Error("somebody else's device counts")
	case factor(u.ID, d.Serial+"x", next, soon):
		t.Error("an absent device counts")
	case factor(u.ID, d.Serial, next, soon.Add(2*time.Minute)):
		t.Error("an old code counts")
	case !factor(u.ID, d.Serial, next, soon):
		t.Error("the present code is refused")
	case factor(u.ID, d.Serial, next, soon):
		t.Error("a code counts twice")
	}
}

// deviceOf makes a user with an enabled device in g, and returns his unique id and the serial number.
func deviceOf(t *testing.T, g *identity.Registry, seed identity.Secret, now time.Time) (user identity.UniqueID, serial string) {
	t.Helper()
	if err := g.Update(context.Background(), account, func(tx identity.Tx) error {
		u, err := tx.CreateUser(identity.User{Entity: identity.Entity{Name: "u", ID: identity.NewUserID(), Created: now}})
		if err != nil {
			return err
		}
		d, err := tx.CreateMFADevice(identity.MFADevice{Name: "d", Created: now}, seed)
		if err != nil {
			return err
		}
		user, serial = u.ID, d.Serial
		ok, err := tx.EnableMFADevice("u", serial, codeOf(t, seed, now.Add(-30*time.Second)), codeOf(t, seed, now), now)
		if !ok && err == nil {
			err = errors.New("not enabled")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return user, serial
}

func factor(t *testing.T, g *identity.Registry, user identity.UniqueID, serial, code string, now time.Time) (ok bool, err error) {
	t.Helper()
	if failed := g.View(context.Background(), account, func(r identity.Reader) error {
		ok, err = r.SecondFactor(user, serial, code, now)
		return nil
	}); failed != nil {
		t.Fatal(failed)
	}
	return ok, err
}

// TestCodesAreNotGuessed: after ten wrong codes not even the right one tells anything, for half an hour, by any call; and a year of
// guessing is few guesses.
func TestCodesAreNotGuessed(t *testing.T) {
	t.Parallel()
	g := open(t, inMemory, options())
	now := time.Unix(1_800_000_000, 0).UTC()
	seed := identity.NewMFASeed()
	user, serial := deviceOf(t, g, seed, now)
	now = now.Add(time.Hour)
	for i := range 10 {
		now = now.Add(time.Nanosecond)
		if ok, err := factor(t, g, user, serial, "none", now); ok || err != nil {
			t.Fatalf("wrong code %d: %v, %v", i, ok, err)
		}
	}
	if ok, err := factor(t, g, user, serial, codeOf(t, seed, now), now); ok || !errors.Is(err, identity.ErrTooManyCodes) {
		t.Errorf("the right code after ten wrong ones: %v, %v", ok, err)
	}
	if err := g.Update(context.Background(), account, func(tx identity.Tx) error {
		_, err := tx.ResyncMFADevice("u", serial, codeOf(t, seed, now), codeOf(t, seed, now.Add(30*time.Second)), now)
		return err
	}); !errors.Is(err, identity.ErrTooManyCodes) {
		t.Errorf("synchronised after ten wrong codes: %v", err)
	}
	now = now.Add(30 * time.Minute)
	if ok, err := factor(t, g, user, serial, codeOf(t, seed, now), now); !ok || err != nil {
		t.Errorf("half an hour later: %v, %v", ok, err)
	}
	var heard int
	for range 365 * 24 * 12 {
		now = now.Add(5 * time.Minute)
		if _, err := factor(t, g, user, serial, "none", now); err == nil {
			heard++
		}
	}
	if heard > 365*48+10 {
		t.Errorf("%d guesses are heard in a year", heard)
	}
}

// TestACodeCountsOnceOverARestart: what was taken before is not taken again, although nobody wrote it down.
func TestACodeCountsOnceOverARestart(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0).UTC()
	o := options()
	o.Now = func() time.Time { return now }
	o.Key = make([]byte, 32)
	dir := t.TempDir()
	seed := identity.NewMFASeed()
	g, err := identity.Open(context.Background(), onDisk(dir), o)
	if err != nil {
		t.Fatal(err)
	}
	user, serial := deviceOf(t, g, seed, now)
	now = now.Add(time.Minute)
	code := codeOf(t, seed, now)
	if ok, err := factor(t, g, user, serial, code, now); !ok || err != nil {
		t.Fatalf("first use: %v, %v", ok, err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if g, err = identity.Open(context.Background(), onDisk(dir), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	if ok, err := factor(t, g, user, serial, code, now); ok || err != nil {
		t.Errorf("used again after a restart: %v, %v", ok, err)
	}
	now = now.Add(time.Minute)
	if ok, err := factor(t, g, user, serial, codeOf(t, seed, now), now); !ok || err != nil {
		t.Errorf("a new code after a restart: %v, %v", ok, err)
	}
}
