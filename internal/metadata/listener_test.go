package metadata_test

import (
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ambit-iam/ambit/internal/metadata"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestAListenerKeepsItsPort: the port that was had last is had again, unless somebody else has it by then.
func TestAListenerKeepsItsPort(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "here") })
	first, err := metadata.Listen(0, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	other, err := metadata.Listen(first.Port(), h, nil) // which is taken
	if err != nil {
		t.Fatal(err)
	}
	if other.Port() == first.Port() || other.Port() == 0 {
		t.Errorf("both have port %d", other.Port())
	}
	another := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "another") })
	client := &http.Client{Timeout: 20 * time.Second}
	read := func(l *metadata.Listener) string {
		r, err := client.Get("http://127.0.0.1:" + strconv.Itoa(l.Port()) + "/")
		if err != nil {
			return err.Error()
		}
		defer r.Body.Close()
		text, _ := io.ReadAll(r.Body)
		if !r.Close {
			t.Error("the connection stays")
		}
		return string(text)
	}
	for _, l := range []*metadata.Listener{first, other} {
		if got := read(l); got != "here" {
			t.Error(got)
		}
		l.Answer(another)
		if got := read(l); got != "another" {
			t.Error(got)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if got := read(l); got == "another" {
			t.Error("after its end it answers")
		}
	}
}
