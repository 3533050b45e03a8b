package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
)

// Latest returns the newest records, at most limit of them, oldest first, as JSON.
func (r *Ring) Latest(limit int) ([]json.RawMessage, error) {
	records := r.Records()
	return marshalled(records[len(records)-min(len(records), max(limit, 0)):])
}

// Latest returns the newest records, at most limit of them, oldest first, as JSON: those that wait for the disk included.
func (s *Segments) Latest(limit int) ([]json.RawMessage, error) {
	s.mu.Lock()
	out := lines(slices.Concat(s.writing, s.waiting))
	s.mu.Unlock()
	segments, err := s.list()
	if err != nil {
		return nil, err
	}
	for _, g := range slices.Backward(segments) {
		if len(out) >= limit {
			break
		}
		text, err := os.ReadFile(g.path)
		if os.IsNotExist(err) {
			break // it made room meanwhile, and so did all before it
		}
		if err != nil {
			return nil, err
		}
		out = append(lines(text), out...)
	}
	return out[len(out)-min(len(out), max(limit, 0)):], nil
}

// OfRequest implements Log.
func (r *Ring) OfRequest(id string) ([]json.RawMessage, error) {
	return marshalled(slices.DeleteFunc(r.Records(), func(rec *Record) bool { return rec.RequestID != id }))
}

// OfRequest implements Log. A request is written down once: the newest segment that has it is the only one.
func (s *Segments) OfRequest(id string) ([]json.RawMessage, error) {
	s.mu.Lock()
	out := linesOfRequest(slices.Concat(s.writing, s.waiting), id)
	s.mu.Unlock()
	segments, err := s.list()
	for n := len(segments) - 1; n >= 0 && len(out) == 0 && err == nil; n-- {
		var text []byte
		if text, err = os.ReadFile(segments[n].path); os.IsNotExist(err) {
			return nil, nil // it made room meanwhile, and so did all before it
		}
		out = linesOfRequest(text, id)
	}
	return out, err
}

// lines returns the whole lines of a segment: the last one may be half written.
func lines(text []byte) []json.RawMessage {
	var out []json.RawMessage
	for line := range bytes.Lines(text) {
		if json.Valid(line) {
			out = append(out, json.RawMessage(bytes.TrimSpace(line)))
		}
	}
	return out
}

// linesOfRequest returns those whole lines of a segment that are about a request. It parses no others: there are very many.
func linesOfRequest(text []byte, id string) []json.RawMessage {
	var out []json.RawMessage
	member := []byte(`"requestID":"` + id + `"`)
	for at := bytes.Index(text, member); at >= 0; at = bytes.Index(text, member) {
		end := len(text)
		if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
			end = at + n + 1
		}
		out = append(out, lines(bytes.Clone(text[bytes.LastIndexByte(text[:at], '\n')+1:end]))...)
		text = text[end:]
	}
	return out
}

func marshalled(records []*Record) ([]json.RawMessage, error) {
	out := make([]json.RawMessage, 0, len(records))
	for _, r := range records {
		line, err := r.AppendJSON(nil)
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}
