package store

import "errors"

// Errors when a store is opened.
var (
	// ErrInUse: another process, or another Store of this one, has the data open.
	ErrInUse = errors.New("data is in use by another server")

	// ErrNewer: the data was written by a newer version, in a format that this
	// version does not know. Nothing was changed.
	ErrNewer = errors.New("data was written by a newer version")

	// ErrDamaged: the data is not a store's, or is damaged. Nothing was changed.
	ErrDamaged = errors.New("data is damaged or not a store's")
)

// Errors of transactions.
var (
	// ErrClosed: the store is closed.
	ErrClosed = errors.New("store is closed")

	// ErrReadOnly: the update could not be made durable (a full or failing
	// disk). The cause is wrapped beside it. Reads go on.
	ErrReadOnly = errors.New("store refuses writes")

	// ErrLimit: a space, key, value or scan limit is outside what is allowed.
	ErrLimit = errors.New("outside the store's limits")
)
