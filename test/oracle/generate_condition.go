package oracle

import (
	"encoding/json"
	"strconv"
	"strings"
)

// A vocabulary holds the condition keys of one type, values a request may carry
// in them, and values a policy may ask for.
type vocabulary struct {
	family      string
	keys        []string // set by the request, not by the caller
	callerKeys  []string // set by addCallerKeys
	request     []string
	policy      []string
	multivalued bool
}

func vocabularies() []vocabulary {
	texts := []string{"blue", "Blue", "BLUE", "red", "home/ana/", "ana", "", "größe", "GRÖßE", "st*r", "what?", "日本"}
	asked := []string{"blue", "Blue", "b*", "b?ue", "*", "?*", "", "ana", "*/ana/*", "GRÖßE", "gr?ße", "st*r", "what?", "re*d"}
	return []vocabulary{
		{family: "String", keys: []string{"s3:prefix", "aws:RequestTag/Env", "aws:ResourceTag/Größe"},
			callerKeys: []string{"aws:username", "aws:userid", "aws:PrincipalType", "aws:PrincipalTag/team", "aws:PrincipalAccount"},
			request:    texts, policy: asked},
		{family: "String", keys: []string{"aws:TagKeys", "dynamodb:LeadingKeys"},
			callerKeys: []string{"aws:PrincipalServiceNamesList"}, request: texts, policy: asked, multivalued: true},
		{family: "Numeric", keys: []string{"s3:max-keys", "svc:Sizes"},
			request: []string{"10", "10.0", "1e1", "+10", "-5", "0.1", "1E-1", "9007199254740993", "9007199254740992", "ten", "", "0x10", "10 ", "1/2"},
			policy:  []string{"10", "10.00", "100e-1", "-5", "0.10", "9007199254740993", "9007199254740992", "ten", "", "11", "1/2", "0", "-6", "1E+3"}},
		{family: "Date", keys: []string{"aws:CurrentTime", "aws:EpochTime"}, callerKeys: []string{"aws:TokenIssueTime"},
			request: []string{"2026-11-22T10:00:00Z", "2026-11-22T11:00:00+01:00", "2026-11-22T10:00Z", "2026-11-22", "1795341600",
				"2026-11-22T10:00:00.5Z", "2027-01-01T00:00:00Z", "2026-13-01", "yesterday", "", "2026-11-22T10:00:00", "2026-11"},
			policy: []string{"2026-11-22T10:00:00Z", "2026-11-22T12:00:00+02:00", "2026-11-22", "1795341600", "1795341601",
				"2026-11-22T10:00:00.500Z", "2026-02-30", "never", "2020-01-01", "2026-01-01T00:00Z", "1600000000", "2030-01-01T00:00:00Z", "2027-06-01", "2000000000"}},
		{family: "Bool", keys: []string{"aws:SecureTransport", "aws:ViaAWSService"},
			callerKeys: []string{"aws:MultiFactorAuthPresent", "aws:PrincipalIsAWSService"},
			request:    []string{"true", "false", "true", "False", "yes", ""}, policy: []string{"true", "false", "TRUE", "false", "yes"}},
		{family: "Binary", keys: []string{"svc:blob"},
			request: []string{"QUJD", "QUJE", "QQ==", "!!!"}, policy: []string{"QUJD", "QUJE", "QQ==", "!!!"}},
		{family: "IpAddress", keys: []string{"aws:SourceIp", "aws:VpcSourceIp"},
			request: []string{"10.1.2.3", "::ffff:10.1.2.3", "10.1.3.3", "192.0.2.7", "2001:db8::1", "2001:DB8:0:0::1", "10.1.2", "300.1.1.1", ""},
			policy: []string{"10.1.2.0/24", "10.1.2.9/24", "10.1.2.3", "10.1.2.3/32", "0.0.0.0/0", "::/0", "2001:db8::/32",
				"2001:0db8::1", "192.0.2.0/29", "10.1.2.0/33", "10.1.2", "::ffff:10.1.2.3"}},
		{family: "Arn", keys: []string{"aws:SourceArn", "iam:PermissionsBoundary"}, callerKeys: []string{"aws:PrincipalArn"},
			request: []string{"arn:aws:sns:eu-west-1:" + accountA + ":t", "arn:aws:s3:::data", "arn:aws:iam::" + accountA + ":policy/Cap",
				"arn:aws:logs:eu-west-1:" + accountA + ":log-group:/app:x", "not-an-arn", "arn:aws:s3", ""},
			policy: []string{"*", "arn:aws:*", "arn:aws:sns:*:" + accountA + ":t", "arn:aws:sns:*:t", "arn:*:s3:*:*:data", "arn:aws:s3:::d?ta",
				"arn:aws:iam::*:policy/*", "arn:aws:iam::" + accountA + ":*", "arn:aws:logs:*:*:*:x", "arn:aws:s3:::DATA", "*:*:*:*:*:*", "**", "arn:aws:s3"}},
	}
}

// vocabularyOf returns the first vocabulary of a family.
func (g *Generator) vocabularyOf(family string) vocabulary {
	for _, v := range g.vocabularies {
		if v.family == family {
			return v
		}
	}
	panic("no vocabulary of family " + family)
}

// operators lists the base operators with the family of keys they suit.
func operators() [][2]string {
	list := [][2]string{
		{"StringEquals", "String"}, {"StringNotEquals", "String"},
		{"StringEqualsIgnoreCase", "String"}, {"StringNotEqualsIgnoreCase", "String"},
		{"StringLike", "String"}, {"StringNotLike", "String"},
		{"Bool", "Bool"}, {"BinaryEquals", "Binary"},
		{"IpAddress", "IpAddress"}, {"NotIpAddress", "IpAddress"},
		{"ArnEquals", "Arn"}, {"ArnLike", "Arn"}, {"ArnNotEquals", "Arn"}, {"ArnNotLike", "Arn"},
		{"Null", "Null"},
	}
	for _, family := range []string{"Numeric", "Date"} {
		for _, relation := range []string{"Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"} {
			list = append(list, [2]string{family + relation, family})
		}
	}
	return list
}

// condition makes a Condition block of one or two operators, each over one or two
// keys.
func (g *Generator) condition(s scene) object {
	var block object
	for range 1 + g.either(15, 1, 0) {
		base := pick(g, g.operators)
		name := g.operatorName(base[0])
		if block.has(name) {
			continue
		}
		var entry object
		for range 1 + g.either(12, 1, 0) {
			key, values := g.keyAndValues(s, base[1])
			if !entry.has(key) {
				entry = append(entry, member{key, values})
			}
		}
		if g.chance(1) {
			entry = object{}
		}
		block = append(block, member{name, entry})
	}
	return block
}

// operatorName adds a qualifier and IfExists. Null takes neither.
func (g *Generator) operatorName(base string) string {
	if base == "Null" {
		return base
	}
	if g.chance(25) {
		base += "IfExists"
	}
	return pick(g, []string{"", "", "", "ForAllValues:", "ForAnyValue:"}) + base
}

// keyAndValues chooses a key and what is asked of it: mostly a key the operator
// suits, and often a value near the one in the request.
func (g *Generator) keyAndValues(s scene, family string) (string, any) {
	var fitting []vocabulary
	for _, v := range g.vocabularies {
		if v.family == family || family == "Null" || g.chance(1) {
			fitting = append(fitting, v)
		}
	}
	v := pick(g, fitting)
	key := pick(g, append(append([]string{}, v.keys...), v.callerKeys...))
	if g.chance(4) {
		key = "svc:NeverThere"
	}
	if family == "Null" {
		return g.casedKey(key), g.spelled([]string{pick(g, []string{"true", "false", "true", "false", "maybe"})})
	}
	var wanted []string
	for range max(1, g.random.IntN(4)) {
		wanted = append(wanted, g.wantedValue(s, key, v))
	}
	return g.casedKey(key), g.spelled(wanted)
}

// wantedValue makes one value of a policy for a key.
func (g *Generator) wantedValue(s scene, key string, v vocabulary) string {
	actual := s.context[key].Strings
	switch n := g.random.IntN(100); {
	case n < 12:
		return g.variableText(s, pick(g, v.policy))
	case n < 55 && len(actual) > 0:
		value := pick(g, actual)
		if strings.ContainsFunc(value, func(char rune) bool { return char > 0xFF }) {
			break // policy documents are limited to Latin-1
		}
		if v.family == "String" || v.family == "Arn" {
			return g.near(value)
		}
		return value
	}
	return pick(g, v.policy)
}

// near makes a text that covers a value, or just fails to.
func (g *Generator) near(value string) string {
	chars := []rune(value)
	if len(chars) == 0 {
		return value
	}
	at := g.random.IntN(len(chars))
	switch g.random.IntN(8) {
	case 0:
		return string(chars[:at]) + "*"
	case 1:
		return "*" + string(chars[at:])
	case 2:
		end := at + g.random.IntN(len(chars)-at)
		return string(chars[:at]) + "*" + string(chars[end:])
	case 3:
		return string(chars[:at]) + "?" + string(chars[at+1:])
	case 4:
		return flipCase(value)
	case 5:
		return string(chars[:at]) + "?" + string(chars[at:])
	}
	return value
}

func flipCase(text string) string {
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

// casedKey writes a key in a case of its own now and then.
func (g *Generator) casedKey(key string) string {
	switch {
	case g.chance(10):
		return strings.ToUpper(key)
	case g.chance(10):
		return strings.ToLower(key)
	}
	return key
}

// spelled chooses how a list of condition values is written: a single one alone
// or in a list, and a number or boolean with or without quotes.
func (g *Generator) spelled(values []string) any {
	if g.chance(1) {
		return []any{}
	}
	var list []any
	for _, value := range values {
		list = append(list, g.bare(value))
	}
	if len(list) == 1 && g.chance(70) {
		return list[0]
	}
	return list
}

func (g *Generator) bare(value string) any {
	if !g.chance(40) {
		return value
	}
	if value == "true" || value == "false" {
		return value == "true"
	}
	if _, err := strconv.ParseFloat(value, 64); err == nil && json.Valid([]byte(value)) {
		return json.RawMessage(value)
	}
	return value
}
