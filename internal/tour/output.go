package tour

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// printed is a value as the AWS CLI prints it: with four blanks for each level, or as text. Nothing at all is printed of an answer
// without members.
func printed(value any, asText bool) string {
	if o, isObject := value.(object); isObject && len(o) == 0 {
		return ""
	}
	if asText {
		return textOf(value) + "\n"
	}
	var b strings.Builder
	writeJSON(&b, value, "\n")
	return b.String() + "\n"
}

func writeJSON(b *strings.Builder, value any, line string) {
	inner := line + "    "
	switch v := value.(type) {
	case object:
		if len(v) == 0 {
			b.WriteString("{}")
			return
		}
		for i, m := range v {
			b.WriteString(map[bool]string{true: "{", false: ","}[i == 0] + inner)
			writeScalar(b, m.name)
			b.WriteString(": ")
			writeJSON(b, m.value, inner)
		}
		b.WriteString(line + "}")
	case []any:
		if len(v) == 0 {
			b.WriteString("[]")
			return
		}
		for i, element := range v {
			b.WriteString(map[bool]string{true: "[", false: ","}[i == 0] + inner)
			writeJSON(b, element, inner)
		}
		b.WriteString(line + "]")
	default:
		writeScalar(b, v)
	}
}

func writeScalar(b *strings.Builder, value any) {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil { // strings, numbers and booleans can always be written
		text.WriteString(`""`)
	}
	b.WriteString(strings.TrimSuffix(text.String(), "\n"))
}

// textOf is a value as --output text prints it.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "None"
	case []any:
		out := make([]string, 0, len(v))
		for _, element := range v {
			out = append(out, textOf(element))
		}
		return strings.Join(out, "\t")
	}
	return fmt.Sprint(value)
}

var errQuery = errors.New("--query: only members, [*] and [A,B] are known here")

// query takes out of a value what a JMESPath expression names: members, all elements of a list, several members as a list.
func query(value any, expression string) (any, error) {
	switch {
	case expression == "":
		return value, nil
	case strings.HasPrefix(expression, "[*]"):
		list, isList := value.([]any)
		if !isList {
			return nil, nil
		}
		out := []any{}
		for _, element := range list {
			found, err := query(element, strings.TrimPrefix(expression[3:], "."))
			if err != nil {
				return nil, err
			}
			if found != nil {
				out = append(out, found)
			}
		}
		return out, nil
	case strings.HasPrefix(expression, "["):
		names, closed := strings.CutSuffix(expression[1:], "]")
		if !closed || strings.ContainsAny(names, "[]") {
			return nil, errQuery
		}
		out := []any{}
		for name := range strings.SplitSeq(names, ",") {
			found, err := query(value, strings.TrimSpace(name))
			if err != nil {
				return nil, err
			}
			out = append(out, found)
		}
		return out, nil
	}
	end := strings.IndexAny(expression+".", ".[")
	name, rest := expression[:end], expression[min(end, len(expression)):]
	if name == "" || strings.HasPrefix(rest, "[") && !strings.HasPrefix(rest, "[*]") || strings.ContainsAny(name, "*]()|&'` ") {
		return nil, errQuery
	}
	o, _ := value.(object)
	for _, m := range o {
		if m.name == name {
			return query(m.value, strings.TrimPrefix(rest, "."))
		}
	}
	return nil, nil
}
