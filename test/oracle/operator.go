package oracle

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An operator is the name of a condition operator, taken apart.
type operator struct {
	qualifier string // ForAllValues, ForAnyValue or none
	family    string // how values are read: String, StringLike, Numeric, Date, …
	relation  string // how read values are compared, in Numeric and Date
	negated   bool
	ifExists  bool
}

// readOperator takes an operator name apart. Names are case-sensitive, and one
// that is not known is refused: skipping it would widen an Allow.
func readOperator(name string) (operator, bool) {
	var op operator
	if qualifier, rest, found := strings.Cut(name, ":"); found {
		if qualifier != "ForAllValues" && qualifier != "ForAnyValue" {
			return operator{}, false
		}
		op.qualifier, name = qualifier, rest
	}
	if name == "Null" {
		op.family = "Null"
		return op, op.qualifier == ""
	}
	name, op.ifExists = strings.CutSuffix(name, "IfExists")
	switch name {
	case "StringEquals", "StringEqualsIgnoreCase", "StringLike", "Bool", "BinaryEquals", "IpAddress":
		op.family = name
	case "StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "NotIpAddress":
		op.family, op.negated = strings.Replace(name, "Not", "", 1), true
	case "ArnEquals", "ArnLike":
		op.family = "Arn"
	case "ArnNotEquals", "ArnNotLike":
		op.family, op.negated = "Arn", true
	default:
		return op.ordered(name)
	}
	return op, true
}

// ordered completes an operator over values that have an order.
func (op operator) ordered(name string) (operator, bool) {
	for _, family := range []string{"Numeric", "Date"} {
		relation, found := strings.CutPrefix(name, family)
		if !found {
			continue
		}
		op.family, op.relation = family, relation
		switch relation {
		case "NotEquals":
			op.relation, op.negated = "Equals", true
			return op, true
		case "Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals":
			return op, true
		}
	}
	return operator{}, false
}

// takesVariables says where ${…} is replaced.
func (op operator) takesVariables() bool {
	switch op.family {
	case "StringEquals", "StringEqualsIgnoreCase", "StringLike", "Arn", "Bool":
		return true
	}
	return false
}

// compare tests one request value against one value of the policy, leaving aside
// whether the operator is negated. A value that cannot be read matches nothing.
func (op operator) compare(actual string, wanted pattern) bool {
	switch op.family {
	case "StringEquals":
		return actual == wanted.text()
	case "StringEqualsIgnoreCase":
		return strings.EqualFold(actual, wanted.text())
	case "StringLike":
		return wanted.matches(actual)
	case "Arn":
		return wanted.matchesARN(actual)
	case "Bool":
		return strings.EqualFold(actual, wanted.text()) && (strings.EqualFold(actual, "true") || strings.EqualFold(actual, "false"))
	case "BinaryEquals":
		return sameBytes(actual, wanted.text())
	case "IpAddress":
		return inRange(actual, wanted.text())
	case "Numeric":
		a, ok := number(actual)
		b, okWanted := number(wanted.text())
		return ok && okWanted && op.inOrder(a.Cmp(b))
	case "Date":
		a, ok := instant(actual)
		b, okWanted := instant(wanted.text())
		return ok && okWanted && op.inOrder(a.Compare(b))
	}
	return false
}

// inOrder reads the sign of a comparison.
func (op operator) inOrder(sign int) bool {
	switch op.relation {
	case "Equals":
		return sign == 0
	case "LessThan":
		return sign < 0
	case "LessThanEquals":
		return sign <= 0
	case "GreaterThan":
		return sign > 0
	case "GreaterThanEquals":
		return sign >= 0
	}
	return false
}

var (
	numberShape  = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?$`)
	epochShape   = regexp.MustCompile(`^[+-]?[0-9]{1,12}$`)
	instantShape = regexp.MustCompile(
		`^\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?$`)
)

// number reads a decimal number exactly.
func number(text string) (*big.Rat, bool) {
	if !numberShape.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// instant reads the W3C forms of a date, or seconds since 1970. A time without
// a zone is UTC.
func instant(text string) (time.Time, bool) {
	if epochShape.MatchString(text) {
		seconds, err := strconv.ParseInt(text, 10, 64)
		return time.Unix(seconds, 0), err == nil
	}
	if !instantShape.MatchString(text) {
		return time.Time{}, false
	}
	for _, layout := range []string{
		"2006-01", "2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00",
	} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// sameBytes compares what two base64 texts stand for.
func sameBytes(actual, wanted string) bool {
	a, err := base64.StdEncoding.DecodeString(actual)
	b, errWanted := base64.StdEncoding.DecodeString(wanted)
	return err == nil && errWanted == nil && bytes.Equal(a, b)
}

// inRange tests an address against a CIDR block or a single address. IPv4 and
// IPv6 never match across.
func inRange(actual, wanted string) bool {
	address, err := netip.ParseAddr(actual)
	if err != nil || address.Zone() != "" {
		return false
	}
	if single, err := netip.ParseAddr(wanted); err == nil {
		return single == address
	}
	block, err := netip.ParsePrefix(wanted)
	return err == nil && block.Contains(address)
}
