package logs

import (
	"slices"
	"strings"
)

// batches divides lines into what PutLogEvents takes at once, in the order of their times.
func batches(lines []Line) []Events {
	sorted := slices.Clone(lines)
	slices.SortStableFunc(sorted, func(a, b Line) int { return a.Time.Compare(b.Time) })
	var out []Events
	var batch Events
	bytes := 0
	for _, line := range sorted {
		if line.Message == "" {
			continue
		}
		message := line.Message
		if len(message) > maxBatchBytes-perEvent {
			message = strings.ToValidUTF8(message[:maxBatchBytes-perEvent], "")
		}
		size := len(message) + perEvent
		if n := len(batch.batch); n > 0 &&
			(n == maxBatch || bytes+size > maxBatchBytes || line.Time.UnixMilli()-*batch.batch[0].time > maxBatchSpan) {
			out, batch, bytes = append(out, batch), Events{}, 0
		}
		batch.Add(line.Time, message)
		bytes += size
	}
	if len(batch.batch) > 0 {
		out = append(out, batch)
	}
	return out
}
