//go:build profile

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// profiles names the folder in which a command leaves a profile of what the processor's time went to. default.pgo is made of such
// profiles (make profile); no other build has this file.
const profiles = "AMBIT_PROFILES"

// startProfile begins a profile, if there is a folder for it, and returns what ends it.
func startProfile() (end func()) {
	dir := os.Getenv(profiles)
	if dir == "" {
		return func() {}
	}
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("ambit-%d.pprof", os.Getpid())))
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		panic(err)
	}
	return func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			panic(err)
		}
	}
}
