package expression_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/item/expression"
)

func num(text string) item.Value {
	n, err := item.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return item.Decimal(n)
}

func list(v ...item.Value) item.Value { return item.Value{Kind: item.L, List: v} }

func set(kind item.Kind, v ...item.Value) item.Value { return item.Value{Kind: kind, List: v} }

// of makes an item of names and values.
func of(pairs ...any) item.Item {
	var out []item.Attribute
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, item.Attribute{Name: pairs[i].(string), Value: pairs[i+1].(item.Value)})
	}
	return item.NewItem(out)
}

func object(pairs ...any) item.Value { return item.Value{Kind: item.M, Map: of(pairs...)} }

// show spells an item so that a person can compare it.
func show(it item.Item) string { return shown(item.Value{Kind: item.M, Map: it}) }

func shown(v item.Value) string {
	switch v.Kind {
	case item.S:
		return fmt.Sprintf("%q", v.Text)
	case item.N:
		return v.Number.String()
	case item.M:
		var parts []string
		for _, a := range v.Map {
			parts = append(parts, a.Name+":"+shown(a.Value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case item.L, item.SS, item.NS, item.BS:
		var parts []string
		for _, e := range v.List {
			parts = append(parts, shown(e))
		}
		mark := ""
		if v.IsSet() {
			mark = "set"
		}
		return mark + "[" + strings.Join(parts, " ") + "]"
	case item.BOOL:
		return fmt.Sprint(v.Bool)
	}
	return v.Kind.String()
}

var film = of("id", item.String("1"), "n", num("5"), "title", item.String("Große Fahrt"), "tags", set(item.SS, item.String("a"), item.String("b")),
	"crew", list(item.String("x"), object("part", item.String("y")), num("7")), "info", object("rating", num("8.5"), "deep", object("er", num("1"))),
	"ok", item.Bool(true), "nil", item.Value{Kind: item.NULL}, "bin", item.Value{Kind: item.B, Text: "\x00\xff"})

var values = map[string]item.Value{
	":five": num("5.0"), ":six": num("6"), ":four": num("4"), ":a": item.String("a"), ":G": item.String("Gro"), ":fahrt": item.String("Fahrt"), ":S": item.String("S"),
	":tags": set(item.SS, item.String("b"), item.String("a")), ":true": item.Bool(true), ":zero": item.Value{Kind: item.B, Text: "\x00"},
	":list": list(num("1")), ":more": set(item.SS, item.String("b"), item.String("c")), ":nums": set(item.NS, num("1")), ":x": item.String("x"),
	":null": {Kind: item.NULL}, ":map": object("k", num("1")), ":Q": item.String("Q"),
}

var names = map[string]string{"#n": "n", "#size": "size", "#dot": "a.b", "#info": "info"}

// scope has the placeholders that an expression uses, so that none is left over.
func scope(t testing.TB, text string) *expression.Scope {
	t.Helper()
	usedNames, usedValues := map[string]string{}, map[string]item.Value{}
	for k, v := range names {
		if strings.Contains(text, k) {
			usedNames[k] = v
		}
	}
	for k, v := range values {
		if strings.Contains(text, k) {
			usedValues[k] = v
		}
	}
	if len(usedNames) == 0 {
		usedNames = nil
	}
	if len(usedValues) == 0 {
		usedValues = nil
	}
	s, err := expression.NewScope(usedNames, usedValues)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"n = :five": true, ":five = n": true, "n <> :five": false, "absent <> :five": true, "absent = :five": false, "NOT absent = :five": true,
		"n < :six": true, "n > :six": false, "n <= :five": true, "n >= :six": false, "title < :five": false, "absent < :five": false,
		"n BETWEEN :four AND :six": true, "n between :four and :five AND n = :five": true, "absent BETWEEN :four AND :six": false,
		"n IN (:four, :five)": true, "n IN (:four)": false, "absent IN (:four)": false, "tags = :tags": true,
		"attribute_exists(info.deep.er)": true, "attribute_exists(info.nothing)": false, "attribute_not_exists(absent)": true,
		"attribute_exists(#dot)": false, "attribute_type(title, :S)": true, "attribute_type(n, :S)": false,
		"begins_with(title, :G)": true, "begins_with(n, :G)": false, "begins_with(bin, :zero)": true, "begins_with(absent, :G)": false,
		"contains(title, :fahrt)": true, "contains(tags, :a)": true, "contains(crew, :six)": false, "contains(crew, :x)": true, "contains(n, :five)": false,
		"contains(bin, :zero)": true, "size(title) > :five": true, "size(crew) < :four": true, "size(tags) = size(bin)": true, "size(n) > :four": false,
		"crew[0] = :x": true, "crew[1].part = :x": false, "crew[9] = :x": false, "info.rating > :five": true, "#info.rating > #n": true,
		"n = :five AND ok = :true OR n = :six": true, "n = :six AND ok = :true OR n = :five": true, "n = :six AND (ok = :true OR n = :five)": false,
		"NOT n = :six AND ok = :true": true, "NOT (n = :six OR ok = :true)": false, "not not n = :five": true, "(n) = (:five)": true, "(info).rating > :five": true,
		"nil = :null": true, "#n\t=\n:five": true, "n=:five": true,
	} {
		s := scope(t, text)
		c, err := s.Condition("ConditionExpression", text)
		if err == nil {
			err = s.Unused()
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := c.Holds(film); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestConditionsAreRefused(t *testing.T) {
	t.Parallel()
	const p = "Invalid ConditionExpression: "
	for text, want := range map[string]string{
		"":                                "The expression can not be empty;",
		"n = ":                            `Syntax error; token: "<EOF>", near: "="`,
		"n = :five extra":                 `Syntax error; token: "extra", near: ":five extra"`,
		"n == :five":                      `Syntax error; token: "=", near: "== :five"`,
		"n":                               `Syntax error; token: "<EOF>", near: "n"`,
		"n = :five AND":                   `Syntax error; token: "<EOF>", near: "AND"`,
		"n ! :five":                       `Syntax error; token: "!", near: "n ! :five"`,
		"(n = :five":                      `Syntax error; token: "<EOF>", near: ":five"`,
		"n IN ()":                         `Syntax error; token: ")", near: "()"`,
		"((n = :five))":                   "The expression has redundant parentheses;",
		"size = :five":                    "Attribute name is a reserved keyword; reserved keyword: size",
		"info.Size = :five":               "Attribute name is a reserved keyword; reserved keyword: Size",
		"#nope = :five":                   "An expression attribute name used in the document path is not defined; attribute name: #nope",
		"n = :nope":                       "An expression attribute value used in expression is not defined; attribute value: :nope",
		"nosuch(n)":                       "Invalid function name; function: nosuch",
		"size(n)":                         "The function is not allowed to be used this way in an expression; function: size",
		"contains(title, :G) = :true":     "The function is not allowed to be used this way in an expression; function: contains",
		"attribute_exists(:five)":         "Operator or function requires a document path; operator or function: attribute_exists",
		"attribute_exists(n, title)":      "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
		"begins_with(title, :five)":       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
		"size(:five) = :five":             "Incorrect operand type for operator or function; operator or function: size, operand type: N",
		"attribute_type(n, :five)":        "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
		"attribute_type(n, :Q)":           "Invalid attribute type name found; type: Q, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
		"n = n":                           "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
		"info.deep < :tags":               "Incorrect operand type for operator or function; operator or function: <, operand type: SS",
		"n BETWEEN :six AND :four":        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:4}",
		"n BETWEEN :a AND :four":          "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {S:a}, upper bound operand: AttributeValue: {N:4}",
		strings.Repeat("n", 4097):         "Expression size has exceeded the maximum allowed size; expression size: 4097",
		"(n = :five AND ok) = :true":      "Syntax error; token: ",
		"crew[x] = :five":                 `Syntax error; token: "x", near: "[x]"`,
		"crew[99999999999999999999] = :x": "Syntax error; token: ",
		"# = :five":                       `Syntax error; token: "#", near: "# ="`,
	} {
		_, err := scope(t, text).Condition("ConditionExpression", text)
		if err == nil || !strings.HasPrefix(err.Error(), p+want) {
			t.Errorf("%.40s: %v\n want %s", text, err, p+want)
		}
	}
}

// TestOperatorsAreCounted: 300 operators and functions are served and 301 refused, in expressions of every kind that has them. What
// is not an operator (parentheses, the = of SET, the AND of BETWEEN, commas, paths) is not counted. That 301 is told of however many,
// and that redundant parentheses and unknown functions are told first, is observed (scylladb/scylladb#14473).
func TestOperatorsAreCounted(t *testing.T) {
	t.Parallel()
	const tooMany = "The expression contains too many operators; operator count: 301"
	of := func(first, more string, n int, last string) string { return first + strings.Repeat(more, n) + last }
	for _, tt := range []struct{ parameter, text, want string }{
		{"ConditionExpression", of("n<:x", " OR n<:x", 149, ""), ""},
		{"ConditionExpression", of("NOT n<:x", " OR n<:x", 149, ""), ""},
		{"ConditionExpression", of("NOT n<:x", " OR n<:x", 149, " OR ok"), tooMany},
		{"ConditionExpression", of("n<:x", " OR n<:x", 150, ""), tooMany},
		{"ConditionExpression", of("n<:x ", "or (n<:x ", 149, strings.Repeat(")", 149)), ""},
		{"ConditionExpression", of("n<:x ", "or (n<:x ", 300, strings.Repeat(")", 300)), tooMany},
		{"ConditionExpression", of("", "NOT ", 299, "n<:x"), ""},
		{"ConditionExpression", of("", "not ", 1000, "n<:x"), tooMany},
		{"ConditionExpression", of("size(n) IN (:x)", " AND n BETWEEN :a AND :x", 149, ""), ""},
		{"ConditionExpression", of("size(n) IN (:x)", " AND n BETWEEN :a AND :x", 150, ""), tooMany},
		{"ConditionExpression", of("contains(n,:x)", "OR contains(n,:x)", 149, ""), ""},
		{"ConditionExpression", of("contains(n,:x)", "OR contains(n,:x)", 150, ""), tooMany},
		{"ConditionExpression", of("n < ", "f(", 1355, "n"+strings.Repeat(")", 1355)), "Invalid function name; function: f"},
		{"ConditionExpression", of("n < ", "size(", 580, "n"+strings.Repeat(")", 580)), tooMany},
		{"ConditionExpression", of("", "(", 2046, "n<:x"+strings.Repeat(")", 2046)), "The expression has redundant parentheses;"},
		{"ConditionExpression", of("", "(", 4096, ""), `Syntax error; token: "<EOF>"`},
		{"FilterExpression", of("n<:x", " OR n<:x", 150, ""), tooMany},
		{"KeyConditionExpression", of("n=:x", " AND n=:x", 150, ""), tooMany},
		{"UpdateExpression", of("SET ", "n[0]=n-:five,", 299, "n[0]=n+:five"), "Two document paths overlap"},
		{"UpdateExpression", of("SET ", "n[0]=n-:five,", 300, "n[0]=n+:five"), tooMany},
		{"UpdateExpression", of("SET ", "a=:five,", 400, "a=:five"), "Two document paths overlap"},
	} {
		s, err := expression.NewScope(nil, values)
		if err != nil {
			t.Fatal(err)
		}
		switch tt.parameter {
		case "KeyConditionExpression":
			_, err = s.KeyCondition(tt.text)
		case "UpdateExpression":
			_, err = s.Update(tt.text)
		default:
			_, err = s.Condition(tt.parameter, tt.text)
		}
		if want := "Invalid " + tt.parameter + ": " + tt.want; err != nil && !strings.HasPrefix(err.Error(), want) || (err == nil) != (tt.want == "") {
			t.Errorf("%s %.40s… of %d bytes: %v, want %q", tt.parameter, tt.text, len(tt.text), err, tt.want)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	one := map[string]item.Value{":v": num("1")}
	for want, make := range map[string]func() error{
		"ExpressionAttributeNames must not be empty":                               func() error { _, err := expression.NewScope(map[string]string{}, nil); return err },
		"ExpressionAttributeValues must not be empty":                              func() error { _, err := expression.NewScope(nil, map[string]item.Value{}); return err },
		`ExpressionAttributeNames contains invalid key: Syntax error; key: "n"`:    func() error { _, err := expression.NewScope(map[string]string{"n": "n"}, nil); return err },
		`ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"`: func() error { _, err := expression.NewScope(map[string]string{"#a-b": "n"}, nil); return err },
		`ExpressionAttributeValues contains invalid key: Syntax error; key: "#v"`:  func() error { _, err := expression.NewScope(nil, map[string]item.Value{"#v": num("1")}); return err },
		"Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}": func() error {
			s, err := expression.NewScope(nil, one)
			if err != nil {
				return err
			}
			return s.Unused()
		},
		"Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}": func() error {
			s, err := expression.NewScope(map[string]string{"#b": "x", "#a": "y"}, one)
			if err != nil {
				return err
			}
			return s.Unused()
		},
	} {
		if err := make(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	start := func() item.Item {
		return of("n", num("5"), "l", list(num("0"), num("1"), num("2"), num("3")), "m", object("a", num("1")), "s", set(item.SS, item.String("a"), item.String("b")))
	}
	for text, want := range map[string]string{
		"SET n = :six":                              `{l:[0 1 2 3] m:{a:1} n:6 s:set["a" "b"]}`,
		"SET n = n + :six":                          `{l:[0 1 2 3] m:{a:1} n:11 s:set["a" "b"]}`,
		"SET n = :six - n, x = n":                   `{l:[0 1 2 3] m:{a:1} n:1 s:set["a" "b"] x:5}`,
		"set #size = if_not_exists(x, :four) + m.a": `{l:[0 1 2 3] m:{a:1} n:5 s:set["a" "b"] size:5}`,
		"SET n = if_not_exists(n, :six)":            `{l:[0 1 2 3] m:{a:1} n:5 s:set["a" "b"]}`,
		"SET l = list_append(:list, l)":             `{l:[1 0 1 2 3] m:{a:1} n:5 s:set["a" "b"]}`,
		"SET l[1] = :x, l[9] = :a, l[7] = :six":     `{l:[0 "x" 2 3 6 "a"] m:{a:1} n:5 s:set["a" "b"]}`,
		"SET m.b = :map REMOVE m.a":                 `{l:[0 1 2 3] m:{b:{k:1}} n:5 s:set["a" "b"]}`,
		"REMOVE l[0], l[2], l[8], absent":           `{l:[1 3] m:{a:1} n:5 s:set["a" "b"]}`,
		"REMOVE n SET x = n":                        `{l:[0 1 2 3] m:{a:1} s:set["a" "b"] x:5}`,
		"ADD n :six, x :four, s :more":              `{l:[0 1 2 3] m:{a:1} n:11 s:set["a" "b" "c"] x:4}`,
		"ADD y :tags":                               `{l:[0 1 2 3] m:{a:1} n:5 s:set["a" "b"] y:set["b" "a"]}`,
		"DELETE s :more":                            `{l:[0 1 2 3] m:{a:1} n:5 s:set["a"]}`,
		"DELETE s :tags, absent :more":              `{l:[0 1 2 3] m:{a:1} n:5}`,
		"ADD m.a :six":                              `{l:[0 1 2 3] m:{a:7} n:5 s:set["a" "b"]}`,
		"SET x = (n)":                               `{l:[0 1 2 3] m:{a:1} n:5 s:set["a" "b"] x:5}`,
	} {
		u, err := scope(t, text).Update(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		old := start()
		got, err := u.Apply(old)
		if err != nil || show(got) != want {
			t.Errorf("%s: %s, %v\n want %s", text, show(got), err, want)
		}
		if show(old) != show(start()) {
			t.Errorf("%s changed what it was applied to: %s", text, show(old))
		}
	}
}

func TestUpdatesAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"n = :six":                        `Invalid UpdateExpression: Syntax error; token: "n", near: "n ="`,
		"SET n :six":                      `Invalid UpdateExpression: Syntax error; token: ":six", near: "n :six"`,
		"SET n = :six SET x = :six":       `Invalid UpdateExpression: The "SET" section can only be used once in an update expression;`,
		"SET n = :six REMOVE n":           "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]",
		"SET info.x = :six, info = :map":  "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [info, x], path two: [info]",
		"SET info.x = :six, info[1] = :a": "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [info, x], path two: [info, [1]]",
		"SET n = size(title)":             "Invalid UpdateExpression: Invalid function name; function: size",
		"SET n = if_not_exists(n)":        "Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1",
		"SET n = if_not_exists(:six, n)":  "Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists",
		"SET n = list_append(:six, n)":    "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: N",
		"SET n = n + :a":                  "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S",
		"ADD n :a":                        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING",
		"DELETE n :six":                   "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER",
		"ADD n title":                     `Invalid UpdateExpression: Syntax error; token: "title", near: "n title"`,
		"REMOVE status":                   "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status",
		"SET n = n = :six":                "Invalid UpdateExpression: Syntax error; token: ",
		"SET n = absent":                  "The provided expression refers to an attribute that does not exist in the item",
		"SET n = title + :six":            "An operand in the update expression has an incorrect data type",
		"SET n = list_append(n, :list)":   "An operand in the update expression has an incorrect data type",
		"SET absent.x = :six":             "The document path provided in the update expression is invalid for update",
		"SET title.x = :six":              "The document path provided in the update expression is invalid for update",
		"REMOVE absent.x":                 "The document path provided in the update expression is invalid for update",
		"ADD title :six":                  "An operand in the update expression has an incorrect data type",
		"DELETE tags :nums":               "An operand in the update expression has an incorrect data type",
	} {
		u, err := scope(t, text).Update(text)
		if err == nil {
			_, err = u.Apply(film)
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v\n want %s", text, err, want)
		}
	}
}

func TestProjections(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"id, n":                     `{id:"1" n:5}`,
		"crew[2], crew[0]":          `{crew:["x" 7]}`,
		"crew[1].part, info.deep":   `{crew:[{part:"y"}] info:{deep:{er:1}}}`,
		"info.rating, info.absent":  `{info:{rating:8.5}}`,
		"absent, id.x, crew[7]":     `{}`,
		"#info.deep.er":             `{info:{deep:{er:1}}}`,
		"info.rating, info.deep.er": `{info:{deep:{er:1} rating:8.5}}`,
		"info, info.deep":           "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [info], path two: [info, deep]",
		"id,":                       `Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","`,
		"id n":                      `Invalid ProjectionExpression: Syntax error; token: "n", near: "id n"`,
		"name":                      "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name",
	} {
		p, err := scope(t, text).Projection(text)
		got := fmt.Sprint(err)
		if err == nil {
			got = show(p.Of(film))
		}
		if got != want {
			t.Errorf("%s: %s\n want %s", text, got, want)
		}
	}
}

func TestKeyConditions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"id = :a":                              "id =",
		":a = id AND n >= :five":               "id = n >=",
		"id = :a AND :five < n":                "id = n >",
		"n BETWEEN :four AND :six AND id = :a": "n BETWEEN id =",
		"id = :a and begins_with(n, :a)":       "id = n begins_with",
		"id <> :a":                             "Invalid operator used in KeyConditionExpression: <>",
		"id = :a OR n = :five":                 "Invalid operator used in KeyConditionExpression: OR",
		"NOT id = :a":                          "Invalid operator used in KeyConditionExpression: NOT",
		"id IN (:a)":                           "Invalid operator used in KeyConditionExpression: IN",
		"contains(id, :a)":                     "Invalid operator used in KeyConditionExpression: contains",
		"id = :a AND id = :x":                  "KeyConditionExpressions must only contain one condition per key",
		"info.x = :a":                          "KeyConditionExpressions cannot have conditions on nested attributes",
		"id = n":                               "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
		"size(id) = :five":                     "KeyConditionExpressions cannot contain nested operations",
		":a = :x":                              "Invalid condition in KeyConditionExpression: No key attribute specified",
		"begins_with(:a, id)":                  "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand",
	} {
		tests, err := scope(t, text).KeyCondition(text)
		got := fmt.Sprint(err)
		if err == nil {
			got = ""
			for _, k := range tests {
				got += " " + k.Name + " " + k.Operator
			}
		}
		if strings.TrimSpace(got) != want {
			t.Errorf("%s: %s\n want %s", text, got, want)
		}
	}
}

// FuzzExpressions holds that no expression of any kind ends in a panic, and that what compiles can be used.
func FuzzExpressions(f *testing.F) {
	for _, seed := range []string{
		"n = :five AND (size(title) > :six OR NOT begins_with(#n, :a))", "SET a.b[1] = if_not_exists(n, :five) + :six REMOVE x ADD s :more DELETE t :more",
		"a, b[0].c, #info.x", "id = :a AND n BETWEEN :four AND :six", "n IN (:a, :x)", "((((", "a[", "#", ":", "a.b.c.d = :five",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := expression.NewScope(names, values)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := s.Condition("FilterExpression", text); err == nil {
			if first, second := c.Holds(film), c.Holds(film); first != second {
				t.Error("one item, two answers")
			}
			c.Names()
		}
		if u, err := s.Update(text); err == nil {
			before := show(film)
			if it, err := u.Apply(film); err == nil {
				u.Touched(it)
			}
			if show(film) != before {
				t.Errorf("%s changed the item", text)
			}
		}
		if p, err := s.Projection(text); err == nil {
			p.Of(film)
		}
		if _, err := s.KeyCondition(text); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
	})
}
