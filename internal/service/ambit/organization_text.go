package ambit

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// organizationOf reads an Organization, and tells an empty object, which takes all accounts out of theirs. Nothing else does: whoever
// writes null, two documents, or a member twice, of which encoding/json drops one without a word, would lose control policies.
func organizationOf(text string) (o *Organization, empty bool, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return nil, false, invalid("not an organization: %v", err)
	}
	if o == nil {
		return nil, false, invalid("not an organization: null; {} takes all accounts out of theirs")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, false, invalid("not an organization: there is more behind it")
	}
	again := json.NewDecoder(strings.NewReader(text))
	if err := membersOnce(again); err != nil {
		return nil, false, err
	}
	var members map[string]json.RawMessage
	err = json.Unmarshal([]byte(text), &members)
	return o, len(members) == 0, err
}

// membersOnce reads a value, and refuses an object in it that has a member twice: names are told apart by no case when they are read.
// Documents of policies are looked at where policies are read.
func membersOnce(d *json.Decoder) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		var document bool
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			text, _ := name.(string)                      // as all names are
			text = strings.ToLower(strings.ToUpper(text)) // as encoding/json folds, ſ included
			if seen[text] {
				return invalid("not an organization: a member is there twice: %s", text)
			}
			seen[text], document = true, text == "document"
		}
		if document {
			err = d.Decode(new(json.RawMessage))
		} else {
			err = membersOnce(d)
		}
		if err != nil {
			return err
		}
	}
	_, err = d.Token() // what closes it
	return err
}
