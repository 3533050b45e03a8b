package lambda

import (
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// A place is a function, a version or an alias, whether there is one or not.
type place struct {
	partition, account, region string
	name, qualifier            string // the qualifier is empty, a version or an alias
}

const latest = "$LATEST"

// arn is that of the place, with its qualifier.
func (p place) arn() string {
	if p.qualifier == "" {
		return p.function()
	}
	return p.function() + ":" + p.qualifier
}

// function is the ARN without the qualifier.
func (p place) function() string {
	return "arn:" + p.partition + ":lambda:" + p.region + ":" + p.account + ":function:" + p.name
}

// at is the same function with a qualifier.
func (p place) at(qualifier string) place {
	p.qualifier = qualifier
	return p
}

// The forms of names as the API model has them, and as it prints them.
var (
	namePattern      = service.NewPattern(`^(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?$`)
	aliasPattern     = service.NewPattern(`^[a-zA-Z0-9-_]*[a-zA-Z-_][a-zA-Z0-9-_]*$`)
	qualifierPattern = service.NewPattern(`^[a-zA-Z0-9$_-]*$`)
	versionPattern   = service.NewPattern(`^(\$LATEST|[0-9]+)$`)
)

const (
	shownName      = `(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`
	shownAlias     = `(?!^[0-9]+$)([a-zA-Z0-9-_]+)`
	shownQualifier = `(|[a-zA-Z0-9$_-]+)`
	shownVersion   = `(\$LATEST|[0-9]+)`
)

// placeOf reads what FunctionName may be: a name, a part of an ARN or a whole one, each with or without a qualifier. ok is false for
// what names nothing.
func placeOf(c *service.Call, text string) (p place, ok bool) {
	p = place{partition: c.Identities.Partition(), account: c.Account(), region: c.Environment.Region}
	if !namePattern.MatchString(text) {
		return p, false
	}
	rest := text
	if whole, isARN := strings.CutPrefix(rest, "arn:"); isARN {
		p.partition, rest, _ = strings.Cut(whole, ":")
		rest = strings.TrimPrefix(rest, "lambda:")
	}
	parts := strings.Split(rest, ":")
	if len(parts) > 1 && isRegion(parts[0]) {
		p.region, parts = parts[0], parts[1:]
	}
	if len(parts) > 1 && isAccount(parts[0]) {
		p.account, parts = parts[0], parts[1:]
	}
	if len(parts) > 1 && parts[0] == "function" {
		parts = parts[1:]
	}
	p.name = parts[0]
	if len(parts) > 1 {
		p.qualifier = parts[1]
	}
	return p, len(parts) <= 2
}

var regionPattern = service.NewPattern(`^[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d$`)

func isRegion(text string) bool { return regionPattern.MatchString(text) }

func isAccount(text string) bool { return len(text) == 12 && strings.Trim(text, "0123456789") == "" }

// isVersion reports whether a qualifier is the number of a version, or $LATEST.
func isVersion(qualifier string) bool { return versionPattern.MatchString(qualifier) }

// numberOf is the number of a published version; 0 for what is none. Versions are judged as they are spelled, so that each has one
// spelling only: not 01, nor +1.
func numberOf(version string) int64 {
	n, err := strconv.ParseInt(version, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != version {
		return 0
	}
	return n
}

// named reads FunctionName and Qualifier together.
func named(c *service.Call, name string, qualifier *string) (place, error) {
	p, ok := placeOf(c, name)
	switch {
	case !ok:
		return p, validation("1 validation error detected: Value '" + clip(name) + "' at 'functionName' failed to satisfy constraint: " +
			"Member must satisfy regular expression pattern: " + shownName)
	case p.partition != c.Identities.Partition():
		return p, functionNotFound(p)
	case p.region != c.Environment.Region:
		return p, notFound("Functions from '" + p.region + "' are not reachable in this region ('" + c.Environment.Region + "')")
	}
	if qualifier != nil && *qualifier != "" {
		if p.qualifier != "" && p.qualifier != *qualifier {
			return p, invalid("The derived qualifier from the function name does not match the specified qualifier.")
		}
		p.qualifier = *qualifier
	}
	return p, nil
}

// wholeFunction reads the name of a function with all its versions and aliases, and so of none of them: who is permitted one of them, and was
// judged by its ARN, must not be told of the others.
func wholeFunction(c *service.Call, name string) (place, error) {
	p, err := named(c, name, nil)
	if err == nil && p.qualifier != "" {
		err = onlyFunctions()
	}
	return p, err
}

// ownFunction reads the name of a function that a call changes: one of the caller's account, and none of its versions or aliases.
func ownFunction(c *service.Call, name string) (place, error) {
	p, err := named(c, name, nil)
	switch {
	case err != nil:
		return p, err
	case p.account != c.Account():
		return p, elsewhere()
	case p.qualifier != "":
		return p, onlyFunctions()
	}
	return p, nil
}

func clip(s string) string {
	const most = 256
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
