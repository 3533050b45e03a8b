package server

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
)

// credentialsFile is the name of the AWS shared-credentials file in the data directory.
const credentialsFile = "credentials"

// Profiles in that file.
const (
	adminProfile = "ambit"
	rootProfile  = "ambit-root"
)

// writeCredentials writes the start keys as an AWS shared-credentials file, mode 0600, and returns its path.
func writeCredentials(dir string, start identity.Start) (string, error) {
	var b strings.Builder
	profile := func(name string, key identity.StartKey) {
		if key.ID != "" {
			fmt.Fprintf(&b, "[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n\n", name, key.ID, key.Secret.Reveal())
		}
	}
	profile(adminProfile, start.Admin)
	profile(rootProfile, start.Root)
	path := filepath.Join(dir, credentialsFile)
	return path, writeFile(path, []byte(b.String()), 0o600)
}
