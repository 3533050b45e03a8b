package oracle

import (
	"slices"
	"strings"
)

// principalElement makes Principal or, for a Deny on a resource, NotPrincipal.
func (g *Generator) principalElement(s scene, policyType, effect string, aimed bool) member {
	if policyType == "rcp" || policyType == "vpce" && g.chance(80) {
		return member{"Principal", g.everyoneElement()}
	}
	if policyType == "resource" && effect == "Deny" && g.chance(30) {
		return member{"NotPrincipal", g.written(g.sparedList(s.caller))}
	}
	var list []principalValue
	if aimed && !g.chance(6) {
		if g.chance(18) {
			return member{"Principal", g.everyoneElement()}
		}
		list = append(list, pick(g, g.forms(s.caller)))
	}
	for len(list) == 0 || g.chance(25) {
		list = append(list, g.stranger(s.caller))
	}
	return member{"Principal", g.written(list)}
}

func (g *Generator) everyoneElement() any {
	if g.chance(50) {
		return "*"
	}
	return object{{"AWS", g.oneOrMany([]any{"*"})}}
}

// forms lists the ways to name a caller. Those that decide more are listed once
// each, so that all rows of the table of principals are drawn.
func (g *Generator) forms(p Principal) []principalValue {
	forms := append(append(append([]principalValue{}, p.self()...), p.behind()...), p.owner()...)
	if len(forms) == 0 {
		return everyone(p)
	}
	return forms
}

// sparedList makes a NotPrincipal list: the whole of the caller, or all but one
// form of it, or somebody else.
func (g *Generator) sparedList(p Principal) []principalValue {
	var list []principalValue
	for _, forms := range [][]principalValue{p.self(), p.behind(), p.owner()} {
		if len(forms) > 0 && !g.chance(20) {
			list = append(list, pick(g, forms))
		}
	}
	if g.chance(8) {
		list = append(list, pick(g, everyone(p)))
	}
	if len(list) == 0 || g.chance(25) {
		list = append(list, g.stranger(p))
	}
	g.random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// stranger is a principal that is not the caller, though it may look like it.
func (g *Generator) stranger(p Principal) principalValue {
	others := []principalValue{
		{"AWS", accountB},
		{"AWS", "arn:aws:iam::" + accountB + ":root"},
		{"AWS", "arn:aws:iam::" + accountA + ":user/bob"},
		{"AWS", "arn:aws:iam::" + accountA + ":role/Web"},
		{"AWS", "arn:aws:sts::" + accountA + ":assumed-role/Web/s2"},
		{"AWS", "AIDABOBBOBBOBBOBBOB"},
		{"Service", "ec2.amazonaws.com"},
		{"Federated", "cognito-identity.amazonaws.com"},
		{"CanonicalUser", strings.Repeat("0a", 32)},
	}
	if head, name, found := cutLast(string(p.ARN), "/"); found {
		others = append(others, principalValue{"AWS", head + "/" + flipCase(name)})
	}
	if p.Type == Service {
		others = append(others, principalValue{"Service", p.Service + ".cn"})
	}
	return pick(g, others)
}

func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// written groups principals by their kind.
func (g *Generator) written(list []principalValue) object {
	var o object
	for _, kind := range []string{"Service", "AWS", "Federated", "CanonicalUser"} {
		var values []any
		for _, p := range list {
			if p.kind == kind && !slices.Contains(values, any(p.value)) {
				values = append(values, p.value)
			}
		}
		if len(values) > 0 {
			o = append(o, member{kind, g.oneOrMany(values)})
		}
	}
	return o
}
