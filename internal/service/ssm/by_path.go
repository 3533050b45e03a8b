package ssm

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

type getParametersByPathInput struct {
	Path             *string
	Recursive        *bool
	ParameterFilters []parameterFilter
	WithDecryption   *bool
	MaxResults       *int32
	NextToken        *string

	wanted []condition
}

type getParametersByPathOutput struct {
	Parameters []*shown
	NextToken  *string
}

func (in *getParametersByPathInput) parameter() string { return *in.Path }

func (in *getParametersByPathInput) decrypted(c *service.Call, r identity.Reader) (arns []string, err error) {
	if !isTrue(in.WithDecryption) {
		return nil, nil
	}
	page, err := in.page(c, r)
	for i := range page.parameters {
		p := &page.parameters[i]
		more, err := secured(c, r, true, p.Name+in.selector(p))
		if err != nil {
			return nil, err
		}
		arns = append(arns, more...)
	}
	return arns, err
}

// selector chooses the version that is answered: where labels are asked for, the one that has the first of them.
func (in *getParametersByPathInput) selector(p *parameter) string {
	for _, f := range in.ParameterFilters {
		if *f.Key != "Label" {
			continue
		}
		for _, label := range f.Values {
			if _, ok := p.Labels[label]; ok {
				return ":" + label
			}
		}
	}
	return ""
}

// maxByPath is how many parameters a page of GetParametersByPath has.
const maxByPath = 10

// pathPattern is that of paths, with a slash at the end or without. What else there might be, such as slashes side by side, would be
// judged by another name than what it lists.
var pathPattern = service.NewPattern(`^(/[a-zA-Z0-9_.-]+)*/?$`)

func (in *getParametersByPathInput) check() (err error) {
	var c constraints
	c.name("path", in.Path)
	c.Between("maxResults", in.MaxResults, 1, maxByPath)
	checkFilters(&c, in.ParameterFilters)
	if err := c.err(); err != nil {
		return err
	}
	if !pathPattern.MatchString(*in.Path) {
		return invalid(`The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". ` +
			`It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: ` +
			`. (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". ` +
			`Valid example: /get/parameters2-/by1./path0_.`)
	}
	in.wanted, err = readFilters(in.ParameterFilters, byPathKeys)
	return err
}

var getParametersByPath = service.Reading[getParametersByPathInput]{
	Check: (*getParametersByPathInput).check,
	Act: func(c *service.Call, in *getParametersByPathInput, r identity.Reader) (service.Answer, error) {
		page, err := in.page(c, r)
		out := &getParametersByPathOutput{Parameters: []*shown{}, NextToken: page.token(c, "GetParametersByPath")}
		for i := range page.parameters {
			if err != nil {
				break
			}
			var one *shown
			p := &page.parameters[i]
			if one, err = show(c, r, p, reference{selector: in.selector(p)}, isTrue(in.WithDecryption)); err == nil {
				one.Selector = nil
				out.Parameters = append(out.Parameters, one)
			}
		}
		return service.Body(out), err
	},
}

func (in *getParametersByPathInput) page(c *service.Call, r identity.Reader) (page, error) {
	limit := maxByPath
	if in.MaxResults != nil {
		limit = int(*in.MaxResults)
	}
	after, err := openToken(c, "GetParametersByPath", in.NextToken)
	if err != nil {
		return page{}, err
	}
	path := strings.TrimRight(*in.Path, "/") + "/"
	return list(c, r, walk{path: path, recursive: isTrue(in.Recursive), after: after, limit: limit}, in.wanted)
}

// A walk goes through parameters in the order of their names.
type walk struct {
	path      string // what the names begin with, a slash at its end; empty for all names
	recursive bool
	after     string // the name to go on after
	limit     int
}

// A page is a part of a list of parameters.
type page struct {
	parameters []parameter
	more       bool
}

// list returns the parameters below a path that satisfy all conditions. What lies deeper than is asked for is passed over at once.
func list(c *service.Call, r identity.Reader, w walk, wanted []condition) (out page, err error) {
	all := parameterPrefix(c.Environment.Region)
	prefix, after := all+w.path, ""
	if w.path == "/" {
		prefix = all // the root has names without a slash as well
	}
	if w.after != "" {
		after = all + w.after
	}
	for more := true; more; {
		var pairs []store.Pair
		pairs, more = r.Store().Scan(prefix, after, 32)
		for _, pair := range pairs {
			after = pair.Key
			name := pair.Key[len(all):]
			if deeper, level := w.passes(name); deeper {
				after, more = all+level+"/\xff", true // behind all that lies below the level
				break
			}
			var p parameter
			if err := json.Unmarshal(pair.Value, &p); err != nil {
				return page{}, fmt.Errorf("parameter %s: %w", name, err)
			}
			switch {
			case !holds(wanted, &p):
			case len(out.parameters) == w.limit:
				out.more = true
				return out, nil
			default:
				out.parameters = append(out.parameters, p)
			}
		}
	}
	return out, nil
}

// passes reports whether a name lies deeper below the path than is asked for, and the name of the level that it lies below.
func (w walk) passes(name string) (deeper bool, level string) {
	if w.path == "" || w.recursive {
		return false, ""
	}
	rest, isBelow := strings.CutPrefix(name, w.path)
	if !isBelow {
		return false, "" // at the root, a name without a slash
	}
	first, _, deeper := strings.Cut(rest, "/")
	return deeper, w.path + first
}

// token is that of the next page.
func (p page) token(c *service.Call, call string) *string {
	if !p.more {
		return nil
	}
	return sealToken(c, call, p.parameters[len(p.parameters)-1].Name)
}
