package conformance_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestItemsAgainstMoto asks the same of the endpoint and of moto, another implementation, and wants a reason for every difference.
// Needing none are those in which moto fails within itself, and those in which both refuse with one code and moto has words of its
// own: DynamoDB's words are held elsewhere.
func TestItemsAgainstMoto(t *testing.T) {
	t.Parallel()
	interpreter, err := python("boto3, moto.dynamodb; assert moto.__version__ == '5.2.1', moto.__version__")
	if err != nil {
		t.Skipf("SKIPPED: no python with boto3 and moto 5.2.1: %v", err)
	}
	p := start(t)
	if p.foreign {
		t.Skip("SKIPPED: it makes a table of a fixed name, which a foreign endpoint may have")
	}
	text, err := os.ReadFile("testdata/moto_differences.json")
	if err != nil {
		t.Fatal(err)
	}
	var reasons map[string]string
	if err := json.Unmarshal(text, &reasons); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(interpreter, "testdata/items.py", p.url, p.region)
	c.Env = append(quiet(), "HOME="+t.TempDir(), "AWS_ACCESS_KEY_ID="+p.credentials.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+p.credentials.SecretAccessKey)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d difference
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		switch asked += d.Asked; {
		case d.Ask == "":
		case reasons[d.Ask] != "":
			delete(reasons, d.Ask)
		case d.needsReason():
			t.Errorf("%s: here %s, moto %s", d.Ask, d.Here, d.Moto)
		}
	}
	if asked < 400 {
		t.Errorf("only %d calls", asked)
	}
	for _, ask := range slices.Sorted(maps.Keys(reasons)) {
		t.Errorf("no difference any more: %s", ask)
	}
}

// A difference is what items.py tells.
type difference struct {
	Ask        string
	Here, Moto json.RawMessage
	Asked      int
}

func (d *difference) needsReason() bool {
	var here, moto struct{ Error string }
	if json.Unmarshal(d.Here, &here) != nil || json.Unmarshal(d.Moto, &moto) != nil {
		return true
	}
	return moto.Error == "" || strings.HasSuffix(moto.Error, "Exception") && here.Error != moto.Error
}
