package lambda

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
)

// LocationPrefix is what the paths begin with under which deployment packages are downloaded.
const LocationPrefix = "/_ambit/function-code/"

// locationLasts is how long the location of a package can be used (API reference, FunctionCodeLocation).
const locationLasts = 10 * time.Minute

// locationOf is a URL under which everybody who has it can read a package for a while, as a presigned URL of S3 at Lambda.
func (p *Plane) locationOf(c *service.Call, at place, code pack) string {
	scheme := "http"
	if c.Transport.TLSVersion != "" {
		scheme = "https"
	}
	named := strings.Join([]string{at.account, at.region, code.SHA256, strconv.FormatInt(c.Now().Add(locationLasts).Unix(), 10)}, "/")
	return scheme + "://" + c.Transport.Host + LocationPrefix + named + "/" + p.sign(named)
}

func (p *Plane) sign(named string) string {
	mac := hmac.New(sha256.New, p.signing[:])
	mac.Write([]byte(named))
	return hex.EncodeToString(mac.Sum(nil))
}

// ServeHTTP sends the package of a location that is signed and not too old, and nothing else.
func (p *Plane) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, _ := strings.CutPrefix(r.URL.EscapedPath(), LocationPrefix)
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 || !hmac.Equal([]byte(path[slash+1:]), []byte(p.sign(path[:slash]))) {
		http.Error(w, "this is the location of no deployment package", http.StatusForbidden)
		return
	}
	parts := strings.Split(path[:slash], "/") // as locationOf has written them
	expires, err := strconv.ParseInt(parts[len(parts)-1], 10, 64)
	if err != nil || len(parts) != 4 || p.now().After(time.Unix(expires, 0)) {
		http.Error(w, "the location has expired: ask GetFunction for another one", http.StatusForbidden)
		return
	}
	root, err := p.planes.Directory("lambda", parts[0], parts[1])
	if err != nil {
		http.Error(w, "the package cannot be read", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	http.ServeFile(w, r, filepath.Join(root, parts[2], archiveName))
}
