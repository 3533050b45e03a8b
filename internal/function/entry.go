package function

import (
	"bytes"
	"debug/elf"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// findEntry finds the bootstrap of a provided runtime, in the code or in a layer, and what keeps it from being started: the system
// would tell that too, in a shell's words.
func findEntry(s Spec) (inLayer bool, _ *failure) {
	if runtimes[s.Runtime] != provided {
		return false, nil
	}
	for i, dir := range append([]string{s.Code}, s.Layers...) {
		name, shown := filepath.Join(dir, "bootstrap"), "/var/task/bootstrap"
		if i > 0 {
			shown = "/opt/bootstrap"
		}
		st, err := os.Stat(name)
		switch {
		case err != nil || st.IsDir():
			continue
		case st.Mode()&0o111 == 0:
			return false, &failure{invalidEntrypoint, "fork/exec " + shown + ": permission denied"}
		case !executable(name):
			return false, &failure{invalidEntrypoint, "fork/exec " + shown + ": exec format error"}
		}
		return i > 0, nil
	}
	return false, &failure{invalidEntrypoint, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}
}

// executable says whether a file is a script or a program for this machine.
func executable(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4)
	if _, err := io.ReadFull(f, head); err != nil {
		return false
	}
	if bytes.HasPrefix(head, []byte("#!")) {
		return true
	}
	if runtime.GOOS != "linux" {
		return true
	}
	e, err := elf.NewFile(f)
	if err != nil {
		return false
	}
	return map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}[runtime.GOARCH] == e.Machine
}
