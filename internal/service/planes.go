package service

import "github.com/ambit-iam/ambit/internal/store"

// Planes open what data planes keep beside the account store. What they open is theirs: it is shared by all calls, and closed,
// wiped or replaced with the server's state. They are safe for concurrent use.
type Planes interface {
	// Store returns the store of a service's data in an account and a region: one file on the disk.
	Store(service, account, region string) (store.Store, error)

	// Directory returns a directory for a service's files in an account and a region. It exists, and nobody but the server's
	// user can read it. Without a data directory it lasts as long as the server.
	Directory(service, account, region string) (string, error)
}
