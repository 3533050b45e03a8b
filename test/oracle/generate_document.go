package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// An object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

func (o object) has(name string) bool {
	return slices.ContainsFunc(o, func(m member) bool { return m.name == name })
}

// writeJSON writes what documents are made of.
func writeJSON(b *bytes.Buffer, value any) {
	switch value := value.(type) {
	case object:
		b.WriteByte('{')
		for i, m := range value {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, m.name)
			b.WriteByte(':')
			writeJSON(b, m.value)
		}
		b.WriteByte('}')
	case []object:
		writeList(b, value)
	case []any:
		writeList(b, value)
	default:
		text, err := json.Marshal(value)
		if err != nil {
			panic(fmt.Sprintf("generated document: %v", err)) // strings, booleans and numbers only
		}
		b.Write(text)
	}
}

func writeList[T any](b *bytes.Buffer, list []T) {
	b.WriteByte('[')
	for i, item := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		writeJSON(b, item)
	}
	b.WriteByte(']')
}

// document makes a policy document of a policy type.
func (g *Generator) document(s scene, t temper, policyType string) json.RawMessage {
	var statements []object
	if policyType != "rcp" {
		if g.chance(t.allowPercent(policyType)) {
			statements = append(statements, g.statement(s, policyType, "Allow", true))
		}
		if g.chance(25) {
			statements = append(statements, g.statement(s, policyType, "Allow", false))
		}
	}
	if g.chance(t.denyPercent(policyType)) {
		statements = append(statements, g.statement(s, policyType, "Deny", true))
	}
	if len(statements) == 0 || g.chance(12) {
		statements = append(statements, g.statement(s, policyType, "Deny", false))
	}
	if g.chance(5) {
		statements = append(statements, statements[0])
	}
	g.random.Shuffle(len(statements), func(i, j int) { statements[i], statements[j] = statements[j], statements[i] })
	g.addSids(statements)

	var d object
	switch {
	case policyType == "scp" || policyType == "rcp" || g.chance(76):
		d = append(d, member{"Version", "2012-10-17"})
	case g.chance(50):
		d = append(d, member{"Version", "2008-10-17"})
	}
	if (policyType == "resource" || policyType == "trust") && g.chance(10) {
		d = append(d, member{"Id", "some-id"})
	}
	if len(statements) == 1 && g.chance(30) {
		d = append(d, member{"Statement", statements[0]})
	} else {
		d = append(d, member{"Statement", statements})
	}
	g.random.Shuffle(len(d), func(i, j int) { d[i], d[j] = d[j], d[i] })
	var text bytes.Buffer
	writeJSON(&text, d)
	return text.Bytes()
}

// addSids names some statements; two of one document never alike.
func (g *Generator) addSids(statements []object) {
	for i, s := range statements {
		if g.chance(20) {
			statements[i] = append(object{{"Sid", fmt.Sprintf("S%d", i)}}, s...)
		}
	}
}

// statement makes a statement. An aimed one covers the request, but for its
// condition and a narrow miss now and then; the others are drawn blindly.
func (g *Generator) statement(s scene, policyType, effect string, aimed bool) object {
	o := object{{"Effect", effect}}
	if policyType == "resource" || policyType == "trust" || policyType == "vpce" || policyType == "rcp" {
		o = append(o, g.principalElement(s, policyType, effect, aimed))
	}
	o = append(o, g.actionElement(s, policyType, aimed))
	if policyType != "trust" {
		o = append(o, g.resourceElement(s, aimed))
	}
	if g.chance(26) {
		o = append(o, member{"Condition", g.condition(s)})
	} else if g.chance(2) {
		o = append(o, member{"Condition", object{}})
	}
	g.random.Shuffle(len(o), func(i, j int) { o[i], o[j] = o[j], o[i] })
	return o
}

// actionElement makes Action or, rarely, NotAction.
func (g *Generator) actionElement(s scene, policyType string, aimed bool) member {
	name := "Action"
	negated := policyType != "rcp" && policyType != "trust" && g.chance(8)
	if negated {
		name = "NotAction"
	}
	var list []any
	if aimed != negated {
		list = append(list, g.actionLike(s.action))
	}
	for len(list) == 0 || g.chance(20) {
		other := pick(g, pick(g, g.targets).actions)
		if s.kind == Trust && policyType == "trust" {
			other = pick(g, []string{"sts:TagSession", "sts:AssumeRoleWithSAML"})
		}
		list = append(list, g.actionLike(other))
	}
	if policyType == "rcp" || policyType == "trust" { // neither may hold a bare *
		for i := range list {
			if list[i] == "*" {
				service, _, _ := strings.Cut(s.action, ":")
				list[i] = service + ":*"
			}
		}
	}
	return member{name, g.oneOrMany(list)}
}

// actionLike makes a pattern that covers an action, or just misses it.
func (g *Generator) actionLike(action string) string {
	service, name, _ := strings.Cut(action, ":")
	at := g.random.IntN(len(name))
	switch g.random.IntN(12) {
	case 0:
		return "*"
	case 1, 2:
		return service + ":*"
	case 3:
		return service + ":" + name[:at] + "*"
	case 4:
		return service + ":*" + name[at:]
	case 5:
		return service + ":" + name[:at] + "?" + name[at+1:]
	case 6:
		return strings.ToLower(action)
	case 7:
		return strings.ToUpper(action)
	case 8:
		if g.chance(30) {
			return action + pick(g, []string{"s", "?", "*"})
		}
	}
	return action
}

// resourceElement makes Resource or, rarely, NotResource.
func (g *Generator) resourceElement(s scene, aimed bool) member {
	name := "Resource"
	negated := g.chance(8)
	if negated {
		name = "NotResource"
	}
	var list []any
	if aimed != negated {
		list = append(list, g.resourceLike(s, s.resource))
	}
	for len(list) == 0 || g.chance(20) {
		other := owned(pick(g, pick(g, g.targets).resources), pick(g, []string{accountA, accountB}))
		list = append(list, g.resourceLike(s, other))
	}
	return member{name, g.oneOrMany(list)}
}

// owned fills the owner into a resource.
func owned(resource, account string) string {
	return strings.Replace(resource, "ACCOUNT", account, 1)
}

// resourceLike makes a pattern that covers an ARN, or just misses it.
func (g *Generator) resourceLike(s scene, resource string) string {
	if resource == "*" {
		return pick(g, []string{"*", "*", "*", "**", "arn:aws:s3:::*", "arn:aws:ec2:*"})
	}
	parts := strings.SplitN(resource, ":", 6)
	fixed := len("arn:aws:" + parts[2] + ":")
	at := fixed + g.random.IntN(len(resource)-fixed)
	switch g.random.IntN(16) {
	case 0, 1, 2, 3:
		return "*"
	case 4:
		return clean(resource[:at] + "*")
	case 5:
		return clean(resource[:at] + "*" + resource[at+g.random.IntN(len(resource)-at):])
	case 6:
		return clean(resource[:at] + "?" + resource[at+1:])
	case 7:
		return strings.Join(parts[:3+g.random.IntN(3)], ":")
	case 8:
		return strings.Join(parts[:3+g.random.IntN(3)], ":") + ":*"
	case 9:
		return "arn:" + pick(g, []string{"*", "a*", "aw?", "aws"}) + ":" + parts[2] + pick(g, []string{"", "*"}) + ":" + strings.Join(parts[3:], ":")
	case 10:
		return flipTail(parts)
	case 11, 12, 13:
		return strings.Join(parts[:5], ":") + ":" + g.variableText(s, parts[5])
	}
	return resource
}

// clean drops what cutting through a multi-byte character has left.
func clean(text string) string { return strings.ToValidUTF8(text, "") }

// flipTail changes the case of the last component.
func flipTail(parts []string) string {
	return strings.Join(parts[:5], ":") + ":" + flipCase(parts[5])
}

// variableText puts a policy variable into a text, where possible for a part that
// equals the value of a key.
func (g *Generator) variableText(s scene, text string) string {
	var known []string
	for _, key := range s.keys {
		values := s.context[key].Strings
		if len(values) == 1 && values[0] != "" && strings.Contains(text, values[0]) {
			known = append(known, key)
		}
	}
	if len(known) > 0 && g.chance(75) {
		key := pick(g, known)
		return strings.Replace(text, s.context[key].Strings[0], g.variable(key), 1)
	}
	if i := strings.IndexAny(text, "*?$"); i >= 0 && g.chance(60) {
		return text[:i] + "${" + text[i:i+1] + "}" + text[i+1:]
	}
	return pick(g, []string{text, "", "home/", "*"}) + pick(g, []string{
		"${aws:username}", "${aws:PrincipalTag/team}", "${AWS:PrincipalTag/TEAM}/*", "${svc:NeverThere}",
		"${svc:NeverThere, 'blue'}", "${svc:NeverThere, '*'}", "${aws:TagKeys}", "${aws:username, 'ana'}", "${*}", "${?}", "${$}",
		"${s3:prefix}*", "${unclosed",
	})
}

// variable writes a key as a variable, sometimes in another case or with a default
// text that is not needed.
func (g *Generator) variable(key string) string {
	if g.chance(15) {
		key = flipCase(key)
	}
	if g.chance(15) {
		return "${" + key + ", 'unused'}"
	}
	return "${" + key + "}"
}

// oneOrMany writes a single entry alone or as a list.
func (g *Generator) oneOrMany(list []any) any {
	if len(list) == 1 && g.chance(60) {
		return list[0]
	}
	return list
}
