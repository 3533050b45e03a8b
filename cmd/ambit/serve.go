package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/function"
	"github.com/ambit-iam/ambit/internal/server"
)

func newServe() *cobra.Command {
	var o server.Options
	var engine string
	size := byteSize(server.DefaultAuditSize)
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `Serve answers AWS API calls on one endpoint for all services. Every signature is
verified and every action authorised.

State is kept in --data, by default the user's data directory. Access keys of
the first account's root user and of its user "admin" are drawn on the first
start and written to the file "credentials" there, unless the environment has
them: AMBIT_ROOT_ACCESS_KEY_ID, AMBIT_ROOT_SECRET_ACCESS_KEY,
AMBIT_ADMIN_ACCESS_KEY_ID, AMBIT_ADMIN_SECRET_ACCESS_KEY. AMBIT_KEY, 32 bytes
in base64, takes the place of the key file.

SIGTERM, a hang-up or an interrupt lets running requests end, then the command exits 0.`,
		Args: cobra.NoArgs,
		Example: `  ambit serve
  ambit serve --memory --listen 127.0.0.1:0
  ambit serve --data ./state --account 111122223333 --region eu-central-1
  ambit serve --listen 0.0.0.0:4566 --tls-self-signed`,
	}
	f := c.Flags()
	f.StringVar(&o.Listen, "listen", "127.0.0.1:4566", "`address` to listen on; port 0 takes a free one")
	f.StringVar(&o.Data, "data", "", "`directory` of the state (default the user's data directory, ambit/)")
	f.BoolVar(&o.Memory, "memory", false, "keep nothing")
	f.BoolVar(&o.AllowReset, "allow-reset", false, "serve POST /_ambit/reset, which wipes all state; only with --memory")
	f.BoolVar(&o.Fresh, "fresh", false, "forget the state in --data first")
	f.StringVar(&engine, "store", "", "`URL` of another store than the embedded one; there is none yet")
	f.StringVar(&o.Account, "account", "123456789012", "`number` of the first account")
	f.StringVar(&o.Region, "region", "us-east-1", "`region` that ambit env sets")
	f.BoolVar(&o.NoAdminUser, "no-admin-user", false, "do not make the user admin on the first start")
	f.BoolVar(&o.DenialARNs, "denial-arns", false, "name the policy in explicit denials, as AWS does since January 2026")
	f.Var(&size, "audit-max-size", "`size` of the audit log, oldest dropped: 256MB, 1GB")
	f.StringVar(&o.TLSCert, "tls-cert", "", "`file` of the certificate chain, PEM")
	f.StringVar(&o.TLSKey, "tls-key", "", "`file` of its key, PEM")
	f.BoolVar(&o.TLSSelfSigned, "tls-self-signed", false, "serve TLS with a CA and certificate made once under --data")
	f.BoolVar(&o.InsecureHTTP, "insecure-http", false, "allow plain http on an address that others reach")
	f.BoolVar(&o.StrictTransport, "strict-transport", false, "aws:SecureTransport is true over TLS only, also on loopback")
	f.BoolVar(&o.UnsafeFunctions, "unsafe-functions", false, "run Lambda functions also where this machine cannot contain them: they do what you can do")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if engine != "" {
			return fmt.Errorf("--store %s: only the embedded store is there yet; leave the flag out", engine)
		}
		o.AuditMaxSize = int64(size)
		return serve(c.Context(), o, c.OutOrStdout(), c.ErrOrStderr())
	}
	return c
}

// serve runs a server until a signal or the end of ctx. A signal that comes while it starts ends it in the same way.
func serve(ctx context.Context, o server.Options, out, errs io.Writer) error {
	if err := function.Protect(); err != nil { // before there is a secret: what functions run is of the same user
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, endings()...)
	defer stop()
	if o.Memory && (o.Data != "" || o.Fresh) {
		return errors.New("--memory keeps nothing: leave --data and --fresh out")
	}
	o.Environ, o.Out, o.Now = os.LookupEnv, out, time.Now
	o.Logger = slog.New(slog.NewTextHandler(errs, nil))
	o.RuntimeDir = server.RuntimeDir(os.LookupEnv)
	if !o.Memory && o.Data == "" {
		dir, err := server.DataDir(os.LookupEnv)
		if err != nil {
			return err
		}
		o.Data = dir
	}
	defer runtime.KeepAlive(newBallast())
	s, err := server.Open(ctx, o)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Serve(ctx)
}

// ballast is how much the garbage collector believes to be in use besides what is.
const ballast = 24 << 20

// newBallast returns memory that is never touched, and so is never resident. A server's own state is small at first, and a collector
// that waits until as much again was allocated would then run hundreds of times a second under load; a third of the processor's time
// went there. It does not make a large state larger, as a higher GOGC would.
func newBallast() []byte { return make([]byte, ballast) }

// endings are the signals that end a server in good order. A hang-up is one unless whoever started the server had it ignored, as
// nohup does.
func endings() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

// A byteSize is a flag such as 256MB: a number with a unit of powers of 1024.
type byteSize int64

var byteUnits = []struct {
	name string
	size int64
}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}}

// String implements pflag.Value.
func (b *byteSize) String() string {
	for _, u := range byteUnits {
		if int64(*b)%u.size == 0 {
			return strconv.FormatInt(int64(*b)/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(*b), 10) + "B"
}

// Type implements pflag.Value.
func (b *byteSize) Type() string { return "size" }

// Set implements pflag.Value.
func (b *byteSize) Set(text string) error {
	unit := int64(1)
	digits := strings.ToUpper(strings.TrimSpace(text))
	for _, u := range byteUnits {
		if rest, ok := strings.CutSuffix(digits, u.name); ok {
			digits, unit = rest, u.size
			break
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
	if err != nil || n <= 0 || n > (1<<62)/unit {
		return errors.New("a size is a number and B, KB, MB or GB")
	}
	*b = byteSize(n * unit)
	return nil
}
