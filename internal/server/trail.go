package server

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/identity"
)

// trailLimit is how many records of each kind are looked at.
const trailLimit = 10_000

// A trail reads what the server's present world wrote down. A table that only describes operations has one without a server.
type trail struct{ server *Server }

// first is the number of the first account.
func (t trail) first() string {
	if t.server == nil {
		return ""
	}
	return t.server.options.Account
}

// OfRequest implements the trail of our own service: the record of a request may be one of very many.
func (t trail) OfRequest(r identity.Reader, id string) ([]json.RawMessage, error) {
	records := audit.JournalOfRequest(r.Store(), id)
	if len(records) > 0 || t.server == nil {
		return records, nil
	}
	logged, err := t.server.world.Load().log.OfRequest(id)
	return slices.DeleteFunc(logged, func(text json.RawMessage) bool {
		var d dated
		return json.Unmarshal(text, &d) != nil || d.Recipient != r.Account()
	}), err
}

// A dated is what is read of a record to put it in its place.
type dated struct {
	Time      time.Time `json:"eventTime"`
	ID        string    `json:"eventID"`
	Recipient string    `json:"recipientAccountId"`
	text      json.RawMessage
}

// Records implements the trail of CloudTrail: the management writes, which stand in the account itself, and all else from the log, by
// time.
func (t trail) Records(r identity.Reader) ([]json.RawMessage, error) {
	records := audit.Journal(r.Store(), trailLimit)
	if t.server != nil {
		logged, err := t.server.world.Load().log.Latest(trailLimit)
		if err != nil {
			return nil, err
		}
		records = append(records, logged...)
	}
	all, seen := make([]dated, 0, len(records)), map[string]bool{}
	for _, text := range records {
		d := dated{text: text}
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, err
		}
		if d.Recipient == r.Account() && !seen[d.ID] { // what was just being written to disk may be met twice
			seen[d.ID] = true
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return a.Time.Compare(b.Time) })
	out := make([]json.RawMessage, 0, len(all))
	for _, d := range all {
		out = append(out, d.text)
	}
	return out, nil
}
