package ambit

import (
	"strings"

	"github.com/ambit-iam/ambit/policy"
)

// matching says why a statement that denies matches, as far as it is not plain from its action and resource: what of it must be
// otherwise so that it does not.
func (s *Statement) matching() string {
	var why []string
	if s.NotSpared != nil {
		why = append(why, notSpared(s.NotSpared))
	}
	var met []string
	for i := range s.Conditions {
		met = append(met, condition(&s.Conditions[i]))
	}
	switch len(met) {
	case 0:
	case 1:
		why = append(why, "its condition "+met[0]+" must not be met")
	default:
		why = append(why, "one of its conditions must not be met: "+strings.Join(met, ", "))
	}
	if len(why) == 0 {
		return ""
	}
	return ": " + strings.Join(why, "; or ")
}

// condition says what a condition wants and that it gets it.
func condition(c *policy.MetCondition) string {
	has := "the request has " + both(c.Got)
	if c.Absent {
		has = "the request does not have the key"
	}
	return c.Operator + " " + c.Key + " " + list(c.Want) + " (" + has + ")"
}

// notSpared says why a NotPrincipal element does not leave the caller out, and how it would be left out.
func notSpared(n *policy.NotSpared) string {
	switch {
	case n.Bounded:
		return "its NotPrincipal lists " + both(n.Listed) + ", but leaves out no caller that has a permissions boundary, whatever it lists; " +
			"a condition on aws:PrincipalArn can"
	case len(n.Missing) == 0:
		return "its NotPrincipal lists " + both(n.Listed)
	}
	return "its NotPrincipal lists " + both(n.Listed) + " and, to leave the caller out, must list " + both(n.Missing) + " as well"
}

// both lists values that count together.
func both(values []string) string { return quoted(values, " and ") }
