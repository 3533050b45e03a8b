package wire

import "net/http"

// A Form is the parameters of a query request, read strictly. It is immutable.
type Form struct {
	params []param
}

type param struct{ name, value string }

// FormOf reads the parameters of a query request whose body is body: the body if there is one, else the query of the URL. A
// request that has parameters in both is refused, except for those of a presigned signature. The error is a *Fault.
func FormOf(r *http.Request, body []byte) (*Form, error) {
	return nil, &Fault{Status: 404, Code: "MalformedQueryString"}
}

// ParseForm reads application/x-www-form-urlencoded text. The error is a *Fault.
func ParseForm(text []byte) (*Form, error) {
	return nil, &Fault{Status: 404, Code: "MalformedQueryString"}
}

// Action returns the Action parameter. The caller must compare it with what Sniff found before acting on it.
func (f *Form) Action() string { return "" }

// Version returns the Version parameter.
func (f *Form) Version() string { return "" }

// Members returns a Lookup of the parameters as the dialect's protocol, AWSQuery or EC2Query, spells lists.
func (f *Form) Members(p Protocol) Lookup { return nil }
