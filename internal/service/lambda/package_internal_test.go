package lambda

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// TestUnpackedAgain: of a package that an earlier server has unpacked only the archive is believed.
func TestUnpackedAgain(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	archive := archiveOf(t, entry{"a/index.py", "whole", 0o644})
	sum := sha256.Sum256(archive)
	code := pack{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(archive))}
	dir := filepath.Join(root, code.SHA256)
	file := filepath.Join(dir, contentName, "a", "index.py")
	err := os.MkdirAll(filepath.Dir(file), 0o755)
	if err == nil {
		err = os.WriteFile(file, nil, 0o600) // as a loss of power leaves it
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, archiveName), archive, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	ps := newPackages()
	content, release, err := ps.use(root, code)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "whole" || content != filepath.Dir(filepath.Dir(file)) {
		t.Errorf("%q, %v in %s", text, err, content)
	}
	if ps.pins[dir] != 1 || !ps.sound[dir] {
		t.Errorf("%v, %v", ps.pins, ps.sound)
	}
	release()
	if left, _ := os.ReadDir(root); len(left) != 1 || len(ps.pins) > 0 {
		t.Errorf("left: %v, %v", left, ps.pins)
	}

	if err := os.WriteFile(filepath.Join(dir, archiveName), archive[:len(archive)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	ps = newPackages()
	if _, _, err := ps.use(root, code); err == nil || len(ps.pins) > 0 {
		t.Errorf("a damaged archive was unpacked: %v, %v", err, ps.pins)
	}
}
