package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestProfileKnowsTheServer holds that the profile is one of this program under load: one of something else, or of functions that have
// other names by now, would optimise nothing and nobody would see it. make profile makes it anew.
func TestProfileKnowsTheServer(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join("../..", profile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/ambit-iam/ambit/"
	for _, name := range []string{
		"policy.Decide", "internal/authz.(*Authorizer).Decide", "internal/front.(*Door).ServeHTTP", "internal/sigv4.(*Signed).Verify",
		"internal/wire.ParseForm", "internal/identity.(*Registry).Authenticate", "internal/audit.(*Record).AppendJSON",
		"internal/store/commit.(*Store).View", "internal/store/commit.(*Store).Update",
	} {
		if !bytes.Contains(text, []byte(module+name)) {
			t.Errorf("%s is not in %s", name, profile)
		}
	}
}
