package metadata

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Headers of the service.
const (
	tokenHeader    = "X-Aws-Ec2-Metadata-Token"
	lifetimeHeader = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
)

const tokenPath = "/latest/api/token"

// A Service answers for one instance from when it is started until it is stopped. It is safe for concurrent use.
type Service struct {
	source Source
	now    func() time.Time
	key    [32]byte
}

var _ http.Handler = (*Service)(nil)

// New returns the service of the instance that source knows.
func New(source Source, now func() time.Time) *Service {
	s := &Service{source: source, now: now}
	rand.Read(s.key[:])
	return s
}

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "EC2ws")
	w.Header().Set("Accept-Ranges", "none")
	w.Header().Set("Cache-Control", "no-store")
	if !fromHere(r) {
		refuse(w, http.StatusForbidden)
		return
	}
	i, runs, err := s.source.Instance(r.Context())
	switch {
	case err != nil || !runs:
		refuse(w, http.StatusServiceUnavailable)
	case !i.Options.Enabled:
		refuse(w, http.StatusForbidden)
	case r.Method == http.MethodPut:
		s.put(w, r)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		s.get(w, r, &i)
	default:
		refuse(w, http.StatusMethodNotAllowed)
	}
}

// put gives out a token. A request that a proxy forwarded is refused, and so is every other path ("How Instance Metadata Service Version
// 2 works").
func (s *Service) put(w http.ResponseWriter, r *http.Request) {
	if r.URL.EscapedPath() != tokenPath || len(r.Header.Values("X-Forwarded-For")) > 0 {
		refuse(w, http.StatusForbidden)
		return
	}
	lasts, ok := lifetime(r.Header.Values(lifetimeHeader))
	if !ok {
		refuse(w, http.StatusBadRequest)
		return
	}
	w.Header().Set(lifetimeHeader, strconv.Itoa(int(lasts/time.Second)))
	answer(w, "text/plain", s.newToken(lasts))
}

// get answers what is at a path, to who has a token or need not have one.
func (s *Service) get(w http.ResponseWriter, r *http.Request, i *Instance) {
	by := V1
	if given := r.Header.Values(tokenHeader); len(given) > 0 {
		left, ok := s.left(given[0])
		if len(given) > 1 || !ok {
			refuse(w, http.StatusUnauthorized)
			return
		}
		by = V2
		w.Header().Set(lifetimeHeader, strconv.Itoa(left))
	} else if !i.Options.WithoutToken {
		refuse(w, http.StatusUnauthorized)
		return
	}
	n, ok := find(i, r.URL.Path)
	if !ok {
		refuse(w, http.StatusNotFound)
		return
	}
	if n.credentials {
		text, err := s.credentials(r.Context(), i.Profile.Role, by)
		if err != nil {
			refuse(w, http.StatusServiceUnavailable)
			return
		}
		n.text = text
	}
	answer(w, n.contentType(), n.content())
}

// credentials is the document of the role's credentials, or of why there are none.
func (s *Service) credentials(ctx context.Context, role string, by Version) (string, error) {
	c, err := s.source.Credentials(ctx, by)
	switch {
	case errors.Is(err, ErrNotTrusted):
		return notTrusted(role, s.now()), nil
	case err != nil:
		return "", err
	}
	return c.document(), nil
}

// fromHere reports whether the request can be of a program on this machine. A page in somebody's browser gives itself away by Origin or
// Sec-Fetch-Site, and one whose name was made to point here by Host.
func fromHere(r *http.Request) bool {
	if len(r.Header.Values("Origin")) > 0 {
		return false
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "none" {
			return false
		}
	}
	name := strings.ToLower(strings.TrimSuffix((&url.URL{Host: r.Host}).Hostname(), "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(name)
	return err == nil && a.Unmap().IsLoopback()
}

func answer(w http.ResponseWriter, contentType, text string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = io.WriteString(w, text) // who does not listen any more misses it
}

// refuse answers with the page that the service has for every status.
func refuse(w http.ResponseWriter, status int) {
	said := strconv.Itoa(status) + " - " + http.StatusText(status)
	page := `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>` + said + `</title>
 </head>
 <body>
  <h1>` + said + `</h1>
 </body>
</html>
`
	w.Header().Del(lifetimeHeader)
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, page)
}
