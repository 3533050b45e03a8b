package ssm

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// maxLevels is how many names a path may have (User Guide, "Requirements and constraints for parameter names").
const maxLevels = 15

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)

// checkName checks the name of a parameter that is to be written.
func checkName(name string) error {
	const form = "If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
	folded := strings.ToLower(name)
	if bare := strings.TrimLeft(folded, "/"); strings.HasPrefix(bare, "aws") || strings.HasPrefix(bare, "ssm") {
		switch isPath := strings.Count(name, "/") > 1; {
		case isPath && strings.HasPrefix(folded, "/aws"):
			return service.BadRequest("AccessDeniedException", "No access to reserved parameter name: "+clip(name)+".")
		case isPath:
			return invalid(`Parameter name: can't be prefixed with "ssm" (case-insensitive). ` + form)
		}
		return invalid(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`)
	}
	bare, isPath := strings.CutPrefix(name, "/")
	parts := strings.Split(bare, "/")
	if len(parts) > 1 && !isPath {
		return invalid("Parameter name must be a fully qualified name.")
	}
	for _, part := range parts {
		if !namePattern.MatchString(part) {
			return invalid(`Parameter name: can't be prefixed with "ssm" (case-insensitive). ` + form)
		}
	}
	if len(parts) > maxLevels {
		return service.BadRequest("HierarchyLevelLimitExceededException", "A hierarchy can have a maximum of 15 levels. "+
			"For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide.")
	}
	if tooLong(name, 1011) {
		return invalid("Parameter name has more than 1011 characters.")
	}
	return nil
}

// bare is a name as ARNs have it: without the slash that paths begin with.
func bare(name string) string { return strings.TrimPrefix(name, "/") }

func arnOf(c *service.Call, name string) string {
	return "arn:" + c.Identities.Partition() + ":ssm:" + c.Environment.Region + ":" + c.Account() + ":parameter/" + bare(name)
}

// A reference is what a call says to name a parameter, perhaps in one of its versions: name, name:3, name:label, or an ARN of these.
type reference struct {
	name     string
	selector string // ":3", ":label", or nothing
	isARN    bool
	foreign  bool // of another account, region or service
}

// referTo reads a reference.
func referTo(c *service.Call, text string) reference {
	r := reference{name: text}
	if strings.HasPrefix(text, "arn:") {
		r.isARN = true
		a, err := arn.Parse(text)
		rest, isParameter := strings.CutPrefix(a.Resource, "parameter/")
		r.foreign = err != nil || !isParameter || a.Service != "ssm" || a.Partition != c.Identities.Partition() ||
			a.Region != c.Environment.Region || a.Account != c.Account()
		if r.name = rest; strings.Contains(rest, "/") {
			r.name = "/" + rest
		}
	}
	if i := strings.LastIndexByte(r.name, ':'); i >= 0 {
		r.name, r.selector = r.name[:i], r.name[i:]
	}
	return r
}

// find returns the parameter that is referred to.
func (f reference) find(c *service.Call, r identity.Reader) (p parameter, exists bool, err error) {
	if f.foreign || f.name == "" {
		return parameter{}, false, nil
	}
	p, exists, err = readParameter(r, c.Environment.Region, f.name)
	if err == nil && !exists && f.isARN {
		p, exists, err = readParameter(r, c.Environment.Region, "/"+f.name) // ARNs do not tell a path of one name from a name
	}
	return p, exists, err
}

// findWhole is find for calls that are about a parameter and all its versions, and take its name only: who deletes name:3 does not mean
// all of them.
func findWhole(c *service.Call, r identity.Reader, name string) (p parameter, exists bool, err error) {
	f := referTo(c, name)
	if f.isARN || f.selector != "" {
		return parameter{}, false, nil
	}
	return f.find(c, r)
}

// version returns which version of a parameter is meant, or why none is.
func (f reference) version(p *parameter) (int64, error) {
	selector := strings.TrimPrefix(f.selector, ":")
	if f.selector == "" {
		return p.Latest.Version, nil
	}
	if n, err := strconv.ParseInt(selector, 10, 64); err == nil {
		if n < p.Oldest || n > p.Latest.Version {
			return 0, versionNotFound(n, p.Name)
		}
		return n, nil
	}
	if n, ok := p.Labels[selector]; ok {
		return n, nil
	}
	return 0, labelNotFound(selector, p.Name)
}
