package dynamodb

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/wire"
)

const benchItem = `{"p":{"S":"p1"},"s":{"N":"17"},"title":{"S":"The Sound of Things Falling"},"year":{"N":"2011"},"tags":{"SS":["a","b"]},` +
	`"info":{"M":{"rating":{"N":"8.5"},"read":{"BOOL":true}}},"bin":{"B":"AP8="},"nil":{"NULL":true},"none":{"L":[]},"text":{"S":"`

func readItem(tb testing.TB, text string) item.Item {
	tb.Helper()
	r, err := wire.NewJSONReader([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	var a attributes
	if err := a.ReadJSON(r); err != nil || a.flaw != "" {
		tb.Fatal(err, a.flaw)
	}
	return a.item
}

func BenchmarkReadStored(b *testing.B) {
	data := readItem(b, benchItem+strings.Repeat("x", 80)+`"}}`).Append(nil)
	for b.Loop() {
		if _, err := item.ReadItem(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSpellStored(b *testing.B) {
	data := readItem(b, benchItem+strings.Repeat("x", 80)+`"}}`).Append(nil)
	var dst []byte
	for b.Loop() {
		var err error
		if dst, err = appendRecord(dst[:0], data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSpellItem(b *testing.B) {
	it := readItem(b, benchItem+strings.Repeat("x", 80)+`"}}`)
	var dst []byte
	for b.Loop() {
		dst = appendItem(dst[:0], it)
	}
}

// TestItemsAreSpelledAsTheyWereRead: whatever an item has, it is answered as it was given, numbers in their plain form.
func TestItemsAreSpelledAsTheyWereRead(t *testing.T) {
	t.Parallel()
	const text = `{"bin":{"B":"AP8="},"big":{"N":"-0.12345678901234567890123456789012345678"},"bs":{"BS":["AA==","/w=="]},"e":{"S":""},` +
		`"l":{"L":[{"S":"a\"b\\\n\u0001é"},{"L":[]},{"M":{}}]},"no":{"BOOL":false},"ns":{"NS":["1","-2.5"]},"nil":{"NULL":true},"o":{"M":{"a":{"N":"1000"}}},"yes":{"BOOL":true}}`
	it := readItem(t, text)
	spelled := string(appendItem(nil, it))
	if again := readItem(t, spelled); !again.Equal(it) || len(it) != 10 {
		t.Errorf("%s became %s", text, spelled)
	}
	for _, part := range []string{`"bin":{"B":"AP8="}`, `"ns":{"NS":["1","-2.5"]}`, `{"L":[]},{"M":{}}`, `"nil":{"NULL":true}`, `"a\"b\\\n\u0001é"`, `"no":{"BOOL":false}`} {
		if !strings.Contains(spelled, part) {
			t.Errorf("%s has no %s", spelled, part)
		}
	}
	record := it.Append(nil)
	stored, err := item.ReadItem(record)
	if err != nil || !stored.Equal(it) {
		t.Errorf("%v, %v", stored, err)
	}
	if direct, err := appendRecord(nil, record); err != nil || string(direct) != spelled {
		t.Errorf("as it is stored it is spelled %s, %v; made, %s", direct, err, spelled)
	}
	for end := range record {
		if direct, err := appendRecord(nil, record[:end]); err == nil {
			t.Errorf("the first %d bytes are an item: %s", end, direct)
		}
	}
}

func FuzzSpellRecord(f *testing.F) {
	f.Add(readItem(f, benchItem+`"}}`).Append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		direct, err := appendRecord(nil, data)
		it, err2 := item.ReadItem(data)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("one reading says %v, the other %v", err, err2)
		}
		if err != nil {
			return
		}
		if made := appendItem(nil, it); string(direct) != string(made) {
			t.Errorf("spelled %s and %s", direct, made)
		}
	})
}
