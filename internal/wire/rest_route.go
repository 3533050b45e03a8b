package wire

import (
	"net/http"
	"net/url"
	"strings"
)

// A route is one HTTP binding of a REST JSON service's API model. A segment in braces stands for any one segment, which is the value
// of the input's member of that name; a query parameter must be there as written.
type route struct{ method, path, query, operation string }

// Routes of the services of which few operations are known.
var (
	schedulerRoutes        = [...]route{{"POST", "/schedules/{Name}", "", "CreateSchedule"}}
	bedrockAgentCoreRoutes = [...]route{{"PUT", "/code-interpreters", "", "CreateCodeInterpreter"}}
)

func routesOf(service string) []route {
	switch service {
	case "lambda":
		return lambdaRoutes[:]
	case "scheduler":
		return schedulerRoutes[:]
	case "bedrock-agentcore":
		return bedrockAgentCoreRoutes[:]
	}
	return nil
}

// restJSONRoute returns the route of a request to a REST JSON service; nil if no binding fits.
func restJSONRoute(service string, r *http.Request) *route {
	if r.URL == nil {
		return nil
	}
	path := restPath(r)
	var found *route
	routes := routesOf(service)
	for i := range routes {
		route := &routes[i]
		if route.method != r.Method || !samePath(route.path, path) {
			continue
		}
		if route.query == "" {
			found = route
			continue
		}
		for name, value := range queryParameters(r.URL.RawQuery) {
			if name+"="+value == route.query {
				return route
			}
		}
	}
	return found
}

// restPath is the path of a request, still encoded, since an encoded slash separates nothing.
func restPath(r *http.Request) string { return strings.TrimSuffix(r.URL.EscapedPath(), "/") }

// restJSONOperation tells the operation of a request to a REST JSON service; empty if no binding fits.
func restJSONOperation(service string, r *http.Request) string {
	if found := restJSONRoute(service, r); found != nil {
		return found.operation
	}
	return ""
}

// nameable reports whether a segment can be the value of a member. Dot segments are removed from what is signed, so that a signature
// of /functions holds for /functions/. as well, and must not become one of a function.
func nameable(segment string) bool { return segment != "" && segment != "." && segment != ".." }

// samePath compares a path, still encoded, with the template of a binding.
func samePath(template, path string) bool {
	for more := true; more; {
		var want, got string
		var moreGot bool
		want, template, more = strings.Cut(template, "/")
		got, path, moreGot = strings.Cut(path, "/")
		if more != moreGot || want != got && !(isMember(want) && nameable(got)) {
			return false
		}
	}
	return true
}

func isMember(segment string) bool { return strings.HasPrefix(segment, "{") }

// payloads are the operations whose body is a value of its own, and no object of members.
var payloads = map[string]bool{"Invoke": true, "InvokeAsync": true, "InvokeWithResponseStream": true}

// ParseRESTJSON reads the members of a request to a REST JSON service, from its path, its query and its body. What the path says
// counts: it is what the operation is about; then what the query says. Errors are those of ParseJSON.
func ParseRESTJSON(service string, r *http.Request, body []byte) (Lookup, error) {
	found := restJSONRoute(service, r)
	if found == nil {
		return ParseJSON(body)
	}
	if payloads[found.operation] {
		body = nil
	}
	members, err := ParseJSON(body)
	if err != nil {
		return nil, err
	}
	in := restLookup{Lookup: members, path: map[string]string{}}
	for name, value := range queryParameters(r.URL.RawQuery) {
		in.path[name] = value
	}
	template, rest := found.path, restPath(r)
	for template != "" || rest != "" {
		var segment, value string
		segment, template, _ = strings.Cut(template, "/")
		value, rest, _ = strings.Cut(rest, "/")
		if !isMember(segment) {
			continue
		}
		if value, err = url.PathUnescape(value); err != nil {
			return nil, serializationFault("the path cannot be decoded", 0)
		}
		in.path[strings.Trim(segment, "{}")] = value
	}
	return in, nil
}

// A restLookup is a body with the members that stand in the path or in the query, which hide those of the body.
type restLookup struct {
	Lookup
	path map[string]string
}

// String implements Lookup.
func (l restLookup) String(member string) (string, bool) {
	if value, ok := l.path[member]; ok {
		return value, true
	}
	return l.Lookup.String(member)
}

// Strings implements Lookup.
func (l restLookup) Strings(member string) ([]string, bool) {
	if _, ok := l.path[member]; ok {
		return nil, false
	}
	return l.Lookup.Strings(member)
}

// Pairs implements Lookup.
func (l restLookup) Pairs(member string) ([]Pair, bool) {
	if _, ok := l.path[member]; ok {
		return nil, false
	}
	return l.Lookup.Pairs(member)
}

// Elements implements Lookup.
func (l restLookup) Elements(member string) []Lookup {
	if _, ok := l.path[member]; ok {
		return nil
	}
	return l.Lookup.Elements(member)
}
