package identity

import "time"

// SetRoleDescription replaces the description of a role. It is all that can be changed of a service-linked role ("Edit a
// service-linked role description", IAM User Guide).
func (t Tx) SetRoleDescription(name, description string) error {
	return editRecord(t, RoleRef(name), func(role *Role) error {
		role.Description = description
		return nil
	})
}

// SetMaxSession replaces MaxSessionDuration of a role. A service-linked role is a *ConflictError.
func (t Tx) SetMaxSession(name string, most time.Duration) error {
	return editRecord(t, RoleRef(name), func(role *Role) error {
		if role.ServiceLinked {
			return &ConflictError{KindRole, role.Name, ServiceLinked}
		}
		role.MaxSession = most
		return nil
	})
}
