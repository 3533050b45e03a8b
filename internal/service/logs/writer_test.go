package logs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/logs"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A door answers calls by their names, and notes them.
type door struct {
	answers map[string][]string // codes of errors, in order; "" and nothing are successes
	calls   []string
}

func (d *door) Invoke(_ context.Context, i service.Invocation) (service.Answer, error) {
	d.calls = append(d.calls, i.Operation)
	left := d.answers[i.Operation]
	if len(left) == 0 {
		return service.Answer{}, nil
	}
	d.answers[i.Operation] = left[1:]
	if left[0] == "" {
		return service.Answer{}, nil
	}
	return service.Answer{}, &wire.Fault{Status: 400, Code: left[0]}
}

// TestWriterMakesWhatIsMissing: a group and a stream are asked for only where they are missing, as the caller, and what is refused is told.
func TestWriterMakesWhatIsMissing(t *testing.T) {
	t.Parallel()
	const missing, there, denied = "ResourceNotFoundException", "ResourceAlreadyExistsException", "AccessDeniedException"
	for _, tt := range []struct {
		name    string
		answers map[string][]string
		calls   string
		fails   string
	}{
		{"all is there", nil, "PutLogEvents", ""},
		{"no stream", map[string][]string{"PutLogEvents": {missing}}, "PutLogEvents CreateLogStream PutLogEvents", ""},
		{"no group", map[string][]string{"PutLogEvents": {missing}, "CreateLogStream": {missing}},
			"PutLogEvents CreateLogStream CreateLogGroup CreateLogStream PutLogEvents", ""},
		{"somebody was faster", map[string][]string{"PutLogEvents": {missing}, "CreateLogStream": {missing, there}, "CreateLogGroup": {there}},
			"PutLogEvents CreateLogStream CreateLogGroup CreateLogStream PutLogEvents", ""},
		{"no permission", map[string][]string{"PutLogEvents": {denied}}, "PutLogEvents", denied},
		{"none to make a group", map[string][]string{"PutLogEvents": {missing}, "CreateLogStream": {missing}, "CreateLogGroup": {denied}},
			"PutLogEvents CreateLogStream CreateLogGroup", denied},
	} {
		d := &door{answers: tt.answers}
		err := logs.Writer{Invoker: d}.Write(t.Context(), nil, "eu-central-1", "/aws/lambda/f", "s", []logs.Line{{Time: time.Now(), Message: "m"}})
		if (err == nil) != (tt.fails == "") || err != nil && !strings.HasPrefix(err.Error(), tt.fails) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.calls, strings.Join(d.calls, " ")); diff != "" {
			t.Errorf("%s (-want +got): %s", tt.name, diff)
		}
	}
}

// TestWriterDividesWhatIsTooMuch: a batch has at most 10,000 lines, a megabyte and a day; an empty line is none.
func TestWriterDividesWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	now := time.Now()
	lines := func(n, size int, each time.Duration) (list []logs.Line) {
		for i := range n {
			list = append(list, logs.Line{Time: now.Add(time.Duration(n-i) * each), Message: strings.Repeat("x", size)})
		}
		return list
	}
	for _, tt := range []struct {
		name  string
		lines []logs.Line
		calls int
	}{
		{"none", nil, 0},
		{"empty ones", lines(3, 0, 0), 0},
		{"ten thousand", lines(10_000, 1, 0), 1},
		{"one more", lines(10_001, 1, 0), 2},
		{"a megabyte", lines(4, 1<<18-26, 0), 1},
		{"more than a megabyte", lines(5, 1<<18-26, 0), 2},
		{"a line that is too long", lines(1, 3<<20, 0), 1},
		{"two days", lines(3, 1, 24*time.Hour), 2},
	} {
		d := &door{}
		if err := (logs.Writer{Invoker: d}).Write(t.Context(), nil, "r", "g", "s", tt.lines); err != nil || len(d.calls) != tt.calls {
			t.Errorf("%s: %d calls, %v; want %d", tt.name, len(d.calls), err, tt.calls)
		}
	}
}
