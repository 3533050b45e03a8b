package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/sigv4"
)

// DefaultAuditSize is the size of the audit log unless told otherwise.
const DefaultAuditSize = 256 << 20

// Options are how a server is started: the flags of ambit serve.
type Options struct {
	Listen string // host:port; port 0 takes a free one

	Data       string // directory; unused with Memory
	Memory     bool   // keep nothing
	AllowReset bool   // serve POST /_ambit/reset; only with Memory
	Fresh      bool   // forget what is in Data first
	RuntimeDir string // where the server leaves what `ambit env` reads; empty: nowhere but in Data

	Account, Region string
	NoAdminUser     bool
	DenialARNs      bool
	AuditMaxSize    int64 // 0: DefaultAuditSize

	TLSCert, TLSKey string
	TLSSelfSigned   bool
	InsecureHTTP    bool // allow http on a listener that others reach
	StrictTransport bool

	UnsafeFunctions     bool            // run functions where they cannot be contained
	FunctionCache       string          // where the SDKs of functions are installed; empty: the user's cache directory
	NoFunctionSDKs      bool            // functions find only the SDKs that they bring
	RetryFunctionsAfter []time.Duration // when failed asynchronous invocations are tried again; nil: as Lambda does

	// Environ is os.LookupEnv, or what stands for it.
	Environ func(name string) (string, bool)

	Logger *slog.Logger
	Out    io.Writer // the start block
	Now    func() time.Time
}

// check refuses flags that do not go together. Each refusal is one line with the mend in it.
func (o *Options) check() error {
	host, port, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return fmt.Errorf("--listen %s: not host:port, such as 127.0.0.1:4566", o.Listen)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("--listen %s: port %s is not a number from 0 to %d", o.Listen, port, uint16(n))
	}
	switch {
	case !arn.IsAccountID(o.Account):
		return fmt.Errorf("--account %s: an account is twelve digits", o.Account)
	case !sigv4.IsRegion(o.Region):
		return fmt.Errorf("--region %q: a region is spelled as us-east-1 is", o.Region)
	case o.AllowReset && !o.Memory:
		return errors.New("--allow-reset goes only with --memory: it would wipe a stored account")
	case !o.Memory && o.Data == "":
		return errors.New("--data: a directory is needed, or --memory")
	case (o.TLSCert == "") != (o.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key go together")
	case o.TLSCert != "" && o.TLSSelfSigned:
		return errors.New("--tls-self-signed does not go with --tls-cert")
	case o.InsecureHTTP && o.tls():
		return errors.New("--insecure-http does not go with TLS")
	case !o.tls() && !o.InsecureHTTP && !loopback(host):
		return fmt.Errorf("--listen %s can be reached by others: add --tls-self-signed, or --tls-cert and --tls-key, or --insecure-http", o.Listen)
	case o.AuditMaxSize < 0:
		return fmt.Errorf("--audit-max-size %d: not a size", o.AuditMaxSize)
	}
	return nil
}

func (o *Options) tls() bool { return o.TLSCert != "" || o.TLSSelfSigned }

// loopback tells hosts whose listeners only this machine reaches. An empty host listens everywhere.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
