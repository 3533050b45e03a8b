package identity

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/arn"
)

// An MFADevice is a virtual MFA device, assigned to a user or not yet.
type MFADevice struct {
	Serial  string    `json:"serial"` // its ARN
	Path    string    `json:"path"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Tags    []Tag     `json:"tags,omitempty"`
	User    UniqueID  `json:"user,omitempty"` // whose device it is; empty: nobody's
	Enabled time.Time `json:"enabled,omitzero"`
	Offset  int64     `json:"offset,omitempty"` // steps that its clock is ahead of ours
	Last    int64     `json:"last,omitempty"`   // step of the last code that was taken: none is taken twice
}

// An mfaRecord is a device as it is stored.
type mfaRecord struct {
	MFADevice
	Sealed []byte `json:"sealed"` // the seed, encrypted
}

func mfaKey(path, name string) string { return string(KindMFADevice) + fold(path+name) }

// mfaKeyOf returns the key of the device with that serial number, if it can be one of this account.
func (r Reader) mfaKeyOf(serial string) (string, bool) {
	a, err := arn.Parse(serial)
	if err != nil || a.Service != "iam" || a.Account != r.account || !strings.HasPrefix(a.Resource, string(KindMFADevice)+"/") {
		return "", false
	}
	return fold(a.Resource), true
}

// MFADevice returns the device with exactly that serial number, or a *NotFoundError.
func (r Reader) MFADevice(serial string) (MFADevice, error) {
	d, err := r.mfaRecord(serial)
	return d.MFADevice, err
}

func (r Reader) mfaRecord(serial string) (mfaRecord, error) {
	missing := &NotFoundError{KindMFADevice, serial}
	key, ok := r.mfaKeyOf(serial)
	if !ok {
		return mfaRecord{}, missing
	}
	d, found, err := get[mfaRecord](r.store, key)
	if err == nil && (!found || d.Serial != serial) {
		err = missing
	}
	return d, err
}

// MFADevices yields the virtual MFA devices of the account by path and name, folded, those after that of the key after.
func (r Reader) MFADevices(after string) iter.Seq2[MFADevice, error] {
	return listed[MFADevice](r, KindMFADevice, after)
}

// Key orders devices in MFADevices.
func (d MFADevice) Key() string { return fold(strings.TrimPrefix(d.Path, "/") + d.Name) }

// CreateMFADevice makes a virtual device that nobody has yet; Path, Name, Created and Tags of d count. Errors: *ExistsError,
// *LimitError.
func (t Tx) CreateMFADevice(d MFADevice, seed Secret) (MFADevice, error) {
	if d.Name == "" || d.Created.IsZero() || seed.IsZero() {
		return MFADevice{}, fmt.Errorf("identity: an MFA device needs name, time and seed")
	}
	if d.Path == "" {
		d.Path = "/"
	}
	key := mfaKey(d.Path, d.Name)
	if _, taken := t.tx.Get(key); taken {
		return MFADevice{}, &ExistsError{KindMFADevice, d.Name}
	}
	if limit := t.registry.quotas.Tags; len(d.Tags) > limit {
		return MFADevice{}, &LimitError{TagsPerEntity, limit, KindMFADevice, d.Name}
	}
	d.Serial = ARN(t.registry.partition, t.account, KindMFADevice, d.Path, d.Name)
	d.User, d.Enabled, d.Offset, d.Last = "", time.Time{}, 0, 0
	put(t.tx, key, mfaRecord{d, t.registry.ring.sealSecret(t.account, AccessKeyID(key), seed)})
	return d, t.countDevices(1, 0)
}

// DeleteMFADevice removes a device that nobody has (*ConflictError).
func (t Tx) DeleteMFADevice(serial string) error {
	d, err := t.mfaRecord(serial)
	switch {
	case err != nil:
		return err
	case d.User != "":
		return &ConflictError{KindMFADevice, serial, IsAssigned}
	}
	t.tx.Delete(mfaKey(d.Path, d.Name))
	return t.countDevices(-1, 0)
}

// EnableMFADevice gives a user a device that nobody has, when two codes in a row prove that he holds it. ok is false if they do
// not. Errors: *NotFoundError, *ExistsError for a device that somebody has, *LimitError, ErrTooManyCodes.
func (t Tx) EnableMFADevice(user, serial, first, second string, now time.Time) (ok bool, err error) {
	u, err := t.User(user)
	if err != nil {
		return false, err
	}
	d, err := t.mfaRecord(serial)
	switch limit := t.registry.quotas.MFADevicesPerUser; {
	case err != nil:
		return false, err
	case d.User != "":
		return false, &ExistsError{KindMFADevice, serial}
	case len(u.MFADevices) >= limit:
		return false, &LimitError{MFADevicesPerUser, limit, KindUser, u.Name}
	}
	if ok, err = t.synchronise(&d, first, second, now); err != nil || !ok {
		return ok, err
	}
	d.User, d.Enabled = u.ID, now
	u.MFADevices = append(u.MFADevices, serial)
	put(t.tx, mfaKey(d.Path, d.Name), d)
	put(t.tx, UserRef(u.Name).key(), u)
	return true, t.countDevices(0, 1)
}

// ResyncMFADevice finds out anew how far the clock of a user's device is off. Errors: *NotFoundError, ErrTooManyCodes.
func (t Tx) ResyncMFADevice(user, serial, first, second string, now time.Time) (ok bool, err error) {
	_, d, err := t.deviceOf(user, serial)
	if err != nil {
		return false, err
	}
	if ok, err = t.synchronise(&d, first, second, now); err != nil || !ok {
		return ok, err
	}
	put(t.tx, mfaKey(d.Path, d.Name), d)
	return true, nil
}

// DeactivateMFADevice takes a device from a user. It can be given away again.
func (t Tx) DeactivateMFADevice(user, serial string) error {
	u, d, err := t.deviceOf(user, serial)
	if err != nil {
		return err
	}
	d.User, d.Enabled, d.Offset = "", time.Time{}, 0
	u.MFADevices = slices.DeleteFunc(u.MFADevices, func(s string) bool { return s == serial })
	put(t.tx, mfaKey(d.Path, d.Name), d)
	put(t.tx, UserRef(u.Name).key(), u)
	return t.countDevices(0, -1)
}

// deviceOf returns a device that a user has. That of another user is none of his.
func (r Reader) deviceOf(user, serial string) (User, mfaRecord, error) {
	u, err := r.User(user)
	if err != nil {
		return User{}, mfaRecord{}, err
	}
	d, err := r.mfaRecord(serial)
	if err == nil && d.User != u.ID {
		err = &NotFoundError{KindMFADevice, serial}
	}
	return u, d, err
}

func (r Reader) seed(d mfaRecord) (Secret, error) {
	return r.registry.ring.openSecret(r.account, AccessKeyID(mfaKey(d.Path, d.Name)), d.Sealed)
}

// synchronise looks for the two steps in a row that the codes are of, and notes them in d.
func (t Tx) synchronise(d *mfaRecord, first, second string, now time.Time) (bool, error) {
	seed, err := t.seed(*d)
	if err != nil {
		return false, err
	}
	var offset int64
	ok, err := t.registry.codes.hear(*d, first+second, now, func(spent int64) (int64, bool) {
		for offset = -synchroniseSteps; offset <= synchroniseSteps; offset++ {
			step := stepAt(now) + offset
			if step > spent && sameCode(codeAt(seed, step), first) && sameCode(codeAt(seed, step+1), second) {
				return 0, true // what is written takes the codes: this may be run again
			}
		}
		return 0, false
	})
	if ok {
		// The second code is of the present: the two were read one after the other.
		d.Offset, d.Last = offset+1, stepAt(now)+offset+1
	}
	return ok, err
}

// AddMFADeviceTags is AddTags for a device.
func (t Tx) AddMFADeviceTags(serial string, tags []Tag) error {
	d, err := t.mfaRecord(serial)
	if err != nil {
		return err
	}
	if d.Tags, err = t.withTags(KindMFADevice, d.Name, d.Tags, tags); err != nil {
		return err
	}
	put(t.tx, mfaKey(d.Path, d.Name), d)
	return nil
}

// RemoveMFADeviceTags is RemoveTags for a device.
func (t Tx) RemoveMFADeviceTags(serial string, keys []string) error {
	d, err := t.mfaRecord(serial)
	if err != nil {
		return err
	}
	d.Tags = withoutTags(KindMFADevice, d.Tags, keys)
	put(t.tx, mfaKey(d.Path, d.Name), d)
	return nil
}
