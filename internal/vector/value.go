package vector

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Value is a string or a list of strings. Numbers and booleans are their text,
// digit for digit: an account number or an epoch must not be rounded.
type Value struct {
	One  string
	List []string
	Many bool
}

func readValue(text []byte) (Value, error) {
	if kind(text) != "an array" {
		one, err := readScalar(text)
		return Value{One: one}, err
	}
	elements := elementsOf(text)
	v := Value{Many: true, List: make([]string, 0, len(elements))}
	for i, e := range elements {
		one, err := readScalar(e)
		if err != nil {
			return v, within(fmt.Sprintf("[%d]", i), err)
		}
		v.List = append(v.List, one)
	}
	return v, nil
}

func readScalar(text []byte) (string, error) {
	switch kind(text) {
	case "a string":
		var s string
		err := json.Unmarshal(text, &s)
		return s, err
	case "a number", "a boolean":
		return string(text), nil
	}
	return "", expected("a string or a list of strings", text)
}

// contextInto reads condition keys. Their names ignore case (IAM User Guide,
// "AWS global condition context keys"), so two spellings of one key would be
// two values of which one wins.
func contextInto(dst *map[string]Value) func([]byte) error {
	return func(text []byte) error {
		if kind(text) != "an object" {
			return expected("an object of condition keys", text)
		}
		members := membersOf(text)
		if again := duplicate(members, strings.ToLower); again != "" {
			return within(again, errors.New("given twice, names of condition keys ignore case; leave one out"))
		}
		*dst = make(map[string]Value, len(members))
		for _, m := range members {
			v, err := readValue(m.value)
			if err != nil {
				return within(m.name, err)
			}
			(*dst)[m.name] = v
		}
		return nil
	}
}

func textInto(dst *string) func([]byte) error {
	return func(text []byte) error {
		if kind(text) != "a string" {
			return expected("a string", text)
		}
		return json.Unmarshal(text, dst)
	}
}

func optionalInto(dst **string) func([]byte) error {
	return func(text []byte) error {
		*dst = new(string)
		return textInto(*dst)(text)
	}
}

func textsInto(dst *[]string) func([]byte) error {
	return func(text []byte) error {
		if kind(text) != "an array" {
			return expected("an array of strings", text)
		}
		for i, e := range elementsOf(text) {
			var s string
			if err := textInto(&s)(e); err != nil {
				return within(fmt.Sprintf("[%d]", i), err)
			}
			*dst = append(*dst, s)
		}
		return nil
	}
}

func booleanInto(dst *bool) func([]byte) error {
	return func(text []byte) error {
		if kind(text) != "a boolean" {
			return expected("true or false", text)
		}
		*dst = text[0] == 't'
		return nil
	}
}

func documentInto(dst **Document) func([]byte) error {
	return func(text []byte) error {
		d, err := readDocument(text)
		*dst = &d
		return err
	}
}

func readDocument(text []byte) (Document, error) {
	switch kind(text) {
	case "an object":
		return Document(text), nil
	case "a string":
		return nil, errors.New("expected a policy document, found a string; write the document as JSON, not as a string that holds it")
	}
	return nil, expected("a policy document", text)
}

func documentsInto(dst *[]Document) func([]byte) error {
	return func(text []byte) error {
		switch kind(text) {
		case "an array":
		case "an object":
			return errors.New("expected an array of policy documents, found an object; put it into [ ]")
		default:
			return expected("an array of policy documents", text)
		}
		*dst = make([]Document, 0, 1)
		for i, e := range elementsOf(text) {
			d, err := readDocument(e)
			if err != nil {
				return within(fmt.Sprintf("[%d]", i), err)
			}
			*dst = append(*dst, d)
		}
		return nil
	}
}

// levelsInto reads the levels of an organization, each an array of documents.
func levelsInto(dst *[][]Document) func([]byte) error {
	return func(text []byte) error {
		if kind(text) != "an array" {
			return expected("an array of levels, each an array of policy documents", text)
		}
		for i, e := range elementsOf(text) {
			var level []Document
			if err := documentsInto(&level)(e); err != nil {
				return within(fmt.Sprintf("[%d]", i), err)
			}
			*dst = append(*dst, level)
		}
		return nil
	}
}
