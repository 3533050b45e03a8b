package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// Limits on an XML body. The longest of S3, DeleteObjects, has a thousand keys of a kilobyte, any byte of which may be spelled in six.
const (
	maxXMLBytes = 8 << 20
	maxXMLDepth = 32
)

// DecodeXML fills the struct that into points to from an XML document whose root element is root. Namespaces are not compared,
// and elements that no member is for are skipped, as S3 does. A document type, an element given twice that is no list, and text
// where elements belong are refused. An empty body leaves into as it is. The error is a *Fault with the code MalformedXML.
func (c *Codec) DecodeXML(body []byte, root string, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		panic("wire: DecodeXML into " + v.Kind().String())
	}
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil
	case len(body) > maxXMLBytes:
		return malformedXML("too large")
	}
	d := xmlDecoder{codec: c, tokens: xml.NewDecoder(bytes.NewReader(body))}
	start, err := d.next()
	if err != nil {
		return malformedXML(err.Error())
	}
	element, ok := start.(xml.StartElement)
	if !ok || element.Name.Local != root {
		return malformedXML("the root element is not " + root)
	}
	if err := d.structure(v.Elem(), 1); err != nil {
		return malformedXML(err.Error())
	}
	if _, err := d.next(); !errors.Is(err, io.EOF) {
		return malformedXML("text after the root element")
	}
	return nil
}

func malformedXML(why string) *Fault {
	return &Fault{
		Status: http.StatusBadRequest, Code: "MalformedXML", Place: why,
		Message: "The XML you provided was not well-formed or did not validate against our published schema",
	}
}

type xmlDecoder struct {
	codec  *Codec
	tokens *xml.Decoder
}

// next returns the next start, end or text that is not white space.
func (d *xmlDecoder) next() (xml.Token, error) {
	for {
		token, err := d.tokens.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errors.New("a document type")
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return t, nil
			}
		case xml.StartElement, xml.EndElement:
			return t, nil
		}
	}
}

// structure fills v from the elements up to the end of the one that has been opened.
func (d *xmlDecoder) structure(v reflect.Value, depth int) error {
	if depth > maxXMLDepth {
		return errors.New("nested too deeply")
	}
	s := d.codec.shapeOf(v.Type())
	met := make([]bool, len(s.members))
	for {
		token, err := d.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			return errors.New("text among elements")
		case xml.StartElement:
			i, ok := s.byName[t.Name.Local]
			if !ok {
				if err := d.tokens.Skip(); err != nil {
					return err
				}
				continue
			}
			m := s.members[i]
			if met[i] && !m.flat {
				return errors.New("a second " + t.Name.Local)
			}
			met[i] = true
			if err := d.member(m.of(v), m, depth); err != nil {
				return err
			}
		}
	}
}

// member fills a field from the element that has been opened for it.
func (d *xmlDecoder) member(v reflect.Value, m member, depth int) error {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Slice && !isBlob(t) && m.flat:
		return d.appended(v, depth)
	case t.Kind() == reflect.Slice && !isBlob(t):
		return d.list(v, m, depth)
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		return d.member(v.Elem(), m, depth)
	case t.Kind() == reflect.Struct && t != timeType:
		return d.structure(v, depth+1)
	}
	text, err := d.text()
	if err != nil {
		return err
	}
	if fault := setScalar(v, param{name: m.name, value: text}); fault != nil {
		return fault
	}
	return nil
}

// appended adds the element that has been opened to a list.
func (d *xmlDecoder) appended(v reflect.Value, depth int) error {
	if v.Len() >= maxListLength {
		return errors.New("too long a list")
	}
	element := reflect.New(v.Type().Elem()).Elem()
	if err := d.member(element, member{}, depth+1); err != nil {
		return err
	}
	v.Set(reflect.Append(v, element))
	return nil
}

// list fills a slice from the elements inside the one that has been opened.
func (d *xmlDecoder) list(v reflect.Value, m member, depth int) error {
	if depth > maxXMLDepth {
		return errors.New("nested too deeply")
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	item := m.item
	if item == "" {
		item = restSpelling.item
	}
	for {
		token, err := d.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			return errors.New("text among elements")
		case xml.StartElement:
			if t.Name.Local != item {
				return errors.New("an element " + t.Name.Local + " in a list of " + item)
			}
			if err := d.appended(v, depth); err != nil {
				return err
			}
		}
	}
}

// text returns the text of the element that has been opened, which must have no elements in it.
func (d *xmlDecoder) text() (string, error) {
	var b strings.Builder
	for {
		token, err := d.tokens.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			return b.String(), nil
		case xml.Comment:
		default:
			return "", errors.New("an element where text belongs")
		}
	}
}
