package server

import (
	"fmt"
	"log"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
)

// announce leaves what `ambit env` reads, and prints the start block.
func (s *Server) announce(ca string) error {
	s.running = Running{
		Endpoint: s.endpoint(), Region: s.options.Region, Account: s.options.Account, CA: absolute(ca),
		Credentials: s.running.Credentials, Process: os.Getpid(), Started: s.options.Now(), Nonce: s.nonce,
	}
	_, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return err
	}
	if err := s.leave(port); err != nil {
		return err
	}
	_, err = fmt.Fprint(s.options.Out, s.block())
	return err
}

// leave writes the runtime files. Without a disk the credentials go to the runtime directory, as far as there is one; in the data
// directory they have been since before the port opened.
func (s *Server) leave(port string) error {
	dir := s.options.RuntimeDir
	if !s.options.Memory {
		if err := s.writeRunning(filepath.Join(s.options.Data, runningFile)); err != nil {
			return err
		}
	}
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("runtime directory: %w", err)
	}
	sweep(dir)
	if s.options.Memory {
		own := filepath.Join(dir, memoryPrefix+port)
		if err := os.MkdirAll(own, 0o700); err != nil {
			return fmt.Errorf("runtime directory: %w", err)
		}
		path, err := writeCredentials(own, s.start)
		if err != nil {
			return fmt.Errorf("credentials: %w", err)
		}
		s.running.Credentials = absolute(path)
		s.left = append(s.left, path, own)
	}
	return s.writeRunning(filepath.Join(dir, runningPrefix+port+runningSuffix))
}

// endpoint is the URL of the listener as a client on this machine writes it.
func (s *Server) endpoint() string {
	scheme := "http://"
	if s.options.tls() {
		scheme = "https://"
	}
	host, port, _ := net.SplitHostPort(s.listener.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + net.JoinHostPort(host, port)
}

// block is what a start prints. Keys are in it only if they were drawn for a server that keeps nothing.
func (s *Server) block() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-12s "+format+"\n", append([]any{name}, args...)...)
	}
	b.WriteString("Ambit is ready.\n")
	line("endpoint", "%s", s.running.Endpoint)
	line("account", "%s, region %s", s.options.Account, s.options.Region)
	line("enforcement", "on: every call is authorised")
	if s.running.CA != "" {
		line("CA", "%s", s.running.CA)
	}
	if s.options.Memory {
		line("data", "none: nothing is kept (--memory)")
		s.drawnKeys(line)
	} else {
		line("data", "%s", absolute(s.options.Data))
		line("credentials", "%s (profiles %s)", s.running.Credentials, strings.Join(s.profiles(), ", "))
	}
	env := "ambit env"
	if s.start.Admin.ID == "" {
		env += " --root"
	}
	line("next", `eval "$(%s)"; aws sts get-caller-identity`, env)
	return b.String()
}

func (s *Server) drawnKeys(line func(string, string, ...any)) {
	show := func(name string, key identity.StartKey, fromEnvironment bool) {
		switch {
		case key.ID == "":
		case fromEnvironment:
			line(name, "key from the environment")
		default:
			line(name, "%s %s", key.ID, key.Secret.Reveal())
		}
	}
	show("admin key", s.start.Admin, s.start.AdminFromOptions)
	show("root key", s.start.Root, s.start.RootFromOptions)
}

func (s *Server) profiles() []string {
	var out []string
	if s.start.Admin.ID != "" {
		out = append(out, adminProfile)
	}
	return append(out, rootProfile)
}

// absolute makes a path that another directory's shell understands; it is kept as it is where that fails.
func absolute(path string) string {
	if path == "" {
		return ""
	}
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// errorLog is where net/http tells of connections that break off: nothing that a person must see.
func errorLog(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
