package front

import (
	"context"
	"net/http"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// crossOrigin tells a browser what pages of another origin may do, which is no authorisation: the request itself is judged as any
// other. It reports whether the request was a preflight, which asks for nothing else and is answered.
func (x *exchange) crossOrigin(ctx context.Context, head wire.Head) (answered bool, fault *wire.Fault) {
	allowed := x.door.Table.CrossOrigin(head.Service)
	if allowed == nil || x.r.Method != http.MethodOptions && x.r.Header.Get("Origin") == "" {
		return false, nil
	}
	q := service.CrossOrigin{Origin: x.r.Header.Get("Origin"), Method: x.r.Method}
	if q.Preflight = x.r.Method == http.MethodOptions; q.Preflight {
		q.Method = x.r.Header.Get("Access-Control-Request-Method")
		for name := range strings.SplitSeq(x.r.Header.Get("Access-Control-Request-Headers"), ",") {
			if name = strings.TrimSpace(name); name != "" {
				q.Headers = append(q.Headers, strings.ToLower(name))
			}
		}
	}
	var headers map[string]string
	err := x.door.Identities.View(ctx, string(service.Directory), func(r identity.Reader) (err error) {
		headers, err = allowed(r, head, q)
		return err
	})
	if err != nil {
		return false, x.faultOf(err)
	}
	for name, value := range headers {
		x.w.Header().Set(name, value)
	}
	if !q.Preflight {
		return false, nil
	}
	x.result.Status = http.StatusOK
	x.answered = true
	wire.WriteHead(x.w, x.family.Dialect, http.StatusOK, x.stamp)
	x.observe()
	return true, nil
}
