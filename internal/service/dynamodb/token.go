package dynamodb

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A token makes a transaction idempotent for ten minutes (API reference, TransactWriteItems, ClientRequestToken). Tokens stand
// among the items, so that a transaction and its token are one update; no table has their id.
type token struct {
	name    string // digest of the caller's account and the token; empty: no token
	request string // digest of what is asked
	now     time.Time
}

const tokenLife = 10 * time.Minute

// tokenID stands before tokens as a table's id before its items. It is no UUID.
var tokenID = strings.Repeat("\xff", idLength)

func (in *transactWriteItemsInput) token(c *service.Call) (token, error) {
	if in.ClientRequestToken == nil {
		return token{}, nil
	}
	name := sha256.Sum256([]byte(c.Account() + "\x00" + *in.ClientRequestToken))
	text, err := wire.NewCodec().AppendJSON(nil, in)
	request := sha256.Sum256(text)
	return token{string(name[:]), string(request[:]), c.Now()}, err
}

// begin reports whether the transaction was done before, and notes otherwise that it is done now.
func (t token) begin(tx store.Tx) (done bool, err error) {
	if t.name == "" {
		return false, nil
	}
	t.forget(tx)
	key := tokenID + "k" + t.name
	if value, ok := tx.Get(key); ok && len(value) == 8+len(t.request) && t.now.Before(expiry(string(value[:8]))) {
		if string(value[8:]) != t.request {
			return false, service.BadRequest("IdempotentParameterMismatchException",
				"DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.")
		}
		return true, nil
	}
	ends := binary.BigEndian.AppendUint64(nil, uint64(t.now.Add(tokenLife).UnixMilli()))
	tx.Put(key, append(ends, t.request...))
	tx.Put(tokenID+"t"+string(ends)+t.name, nil)
	return false, nil
}

func expiry(b string) time.Time { return time.UnixMilli(int64(binary.BigEndian.Uint64([]byte(b)))) }

// forget removes some tokens that have ended.
func (t token) forget(tx store.Tx) {
	const some = 16
	prefix := tokenID + "t"
	pairs, _ := tx.Scan(prefix, "", some)
	for _, p := range pairs {
		rest := p.Key[len(prefix):]
		if t.now.Before(expiry(rest[:8])) {
			return
		}
		tx.Delete(p.Key)
		key := tokenID + "k" + rest[8:]
		if value, ok := tx.Get(key); ok && string(value[:8]) == rest[:8] { // it may have been used anew since
			tx.Delete(key)
		}
	}
}
