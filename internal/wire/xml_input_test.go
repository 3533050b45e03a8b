package wire_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/wire"
)

type bucketConfiguration struct {
	LocationConstraint string
	Bucket             *struct {
		Type  string
		Count *int32
	}
	Tags    []wire.Pair `wire:"Tags,item=Tag"`
	Objects []string    `wire:"Object,flat"`
	Words   []string
}

func TestDecodeXML(t *testing.T) {
	t.Parallel()
	var got bucketConfiguration
	err := wire.NewCodec().DecodeXML([]byte(`<?xml version="1.0"?>
		<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
			<LocationConstraint>eu-central-1</LocationConstraint> <!-- here -->
			<Unknown><LocationConstraint>inner</LocationConstraint></Unknown>
			<Bucket><Type> a &amp; b<!-- c --></Type><Count>7</Count></Bucket>
			<Tags><Tag><Key>k</Key><Value/></Tag><Tag><Key>l</Key><Value>m</Value></Tag></Tags>
			<Object>1</Object><Object>2</Object>
			<Words><member>x</member></Words>
		</CreateBucketConfiguration>
	`), "CreateBucketConfiguration", &got)
	if err != nil {
		t.Fatal(err)
	}
	seven := int32(7)
	want := bucketConfiguration{LocationConstraint: "eu-central-1", Tags: []wire.Pair{{Key: "k"}, {Key: "l", Value: "m"}},
		Objects: []string{"1", "2"}, Words: []string{"x"}}
	want.Bucket = &struct {
		Type  string
		Count *int32
	}{" a & b", &seven}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	untouched := bucketConfiguration{LocationConstraint: "x"}
	if err := wire.NewCodec().DecodeXML([]byte(" \n"), "CreateBucketConfiguration", &untouched); err != nil || untouched.LocationConstraint != "x" {
		t.Errorf("empty body: %v, %+v", err, untouched)
	}
}

func TestXMLThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"not XML":                  `{}`,
		"cut off":                  `<C><LocationConstraint>eu`,
		"cut off after an element": `<C><LocationConstraint>eu</LocationConstraint>`,
		"another root":             `<D></D>`,
		"wrong end":                `<C></D>`,
		"two roots":                `<C/><C/>`,
		"text after the root":      `<C/>x`,
		"document type":            `<!DOCTYPE C [<!ENTITY a "b">]><C/>`,
		"own entity":               `<C><LocationConstraint>&a;</LocationConstraint></C>`,
		"element twice":            `<C><LocationConstraint>a</LocationConstraint><LocationConstraint>b</LocationConstraint></C>`,
		"text among elements":      `<C>x</C>`,
		"text in a list":           `<C><Tags>x</Tags></C>`,
		"another item":             `<C><Tags><member/></Tags></C>`,
		"elements in text":         `<C><LocationConstraint><a/></LocationConstraint></C>`,
		"not a number":             `<C><Bucket><Count>x</Count></Bucket></C>`,
		"unknown and cut off":      `<C><Unknown><a>`,
		"too many items":           `<C>` + strings.Repeat(`<Object/>`, 10_001) + `</C>`,
		"too large":                `<C><LocationConstraint>` + strings.Repeat("a", 8<<20) + `</LocationConstraint></C>`,
	} {
		err := wire.NewCodec().DecodeXML([]byte(body), "C", &bucketConfiguration{})
		if f := faultOf(t, err); f.Code != "MalformedXML" || f.Status != 400 || f.Place == "" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	type tree struct{ Node []tree }
	deep := strings.Repeat("<Node><member>", 50) + strings.Repeat("</member></Node>", 50)
	if err := wire.NewCodec().DecodeXML([]byte("<C>"+deep+"</C>"), "C", &tree{}); faultOf(t, err).Place != "nested too deeply" {
		t.Errorf("deep: %v", err)
	}
}

func FuzzDecodeXML(f *testing.F) {
	f.Add([]byte(`<C><LocationConstraint>eu</LocationConstraint><Tags><Tag><Key>k</Key></Tag></Tags><Object/></C>`))
	f.Add([]byte(`<!DOCTYPE C><C/>`))
	f.Add([]byte(`<C>&#0;</C>`))
	codec := wire.NewCodec()
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := codec.DecodeXML(body, "C", &bucketConfiguration{}); err != nil {
			faultOf(t, err)
		}
	})
}
