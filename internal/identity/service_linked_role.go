package identity

import (
	"time"

	"github.com/ambit-iam/ambit/internal/store"
)

// A Deletion is a task that deleted a service-linked role. No service of this server keeps resources that need one, so a task is
// done when it is known.
type Deletion struct {
	Task    string    `json:"task"` // task/aws-service-role/SERVICE/ROLE/UUID
	Created time.Time `json:"created"`
}

// deletionKept is how long a task can be asked for. Others are forgotten when the next one begins.
const deletionKept = 24 * time.Hour

const deletionPrefix = "deletion/"

// Deletion returns a task that deleted a service-linked role, or a *NotFoundError.
func (r Reader) Deletion(task string) (Deletion, error) {
	d, ok, err := get[Deletion](r.store, deletionPrefix+task)
	if err == nil && !ok {
		err = &NotFoundError{KindDeletion, task}
	}
	return d, err
}

// DeleteServiceLinkedRole removes a service-linked role and notes the task that did. Another role is a *NotFoundError: there is
// no service-linked one of its name.
func (t Tx) DeleteServiceLinkedRole(name string, by Deletion) error {
	role, err := t.Role(name)
	switch {
	case err != nil:
		return err
	case !role.ServiceLinked:
		return &NotFoundError{KindRole, name}
	}
	if err := t.vacate(KindRole, &role.Entity); err != nil {
		return err
	}
	if err := t.forgetDeletions(by.Created.Add(-deletionKept)); err != nil {
		return err
	}
	put(t.tx, deletionPrefix+by.Task, by)
	return t.release(role.Trust)
}

func (t Tx) forgetDeletions(before time.Time) error {
	for key := range store.All(t.tx, deletionPrefix) {
		d, _, err := get[Deletion](t.tx, key)
		if err != nil {
			return err
		}
		if d.Created.Before(before) {
			t.tx.Delete(key)
		}
	}
	return nil
}
