package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/ambit-iam/ambit/policy"
)

// A Recorder makes what is written down of inputs, outputs and documents. It remembers what it worked out about their types and texts,
// never about requests. It is safe for concurrent use; the zero Recorder is ready.
type Recorder struct {
	shapes sync.Map // reflect.Type → []member; as many as operations have inputs and outputs

	mu      sync.RWMutex
	digests map[*policy.Document]string
}

// maxDigests bounds how many documents are remembered with their digests.
const maxDigests = 1024

// digestOf is the SHA-256 of the document's text, in hex. Documents never change, and most are judged more than once.
func (r *Recorder) digestOf(d *policy.Document) string {
	if d == nil {
		return ""
	}
	r.mu.RLock()
	known, ok := r.digests[d]
	r.mu.RUnlock()
	if ok {
		return known
	}
	sum := sha256.Sum256([]byte(d.Text()))
	made := hex.EncodeToString(sum[:])
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.digests) >= maxDigests || r.digests == nil {
		r.digests = make(map[*policy.Document]string)
	}
	r.digests[d] = made
	return made
}

// Documents appends the documents of a layer that served as policyType; a nil layer has none.
func (r *Recorder) Documents(dst []Document, policyType string, l *policy.Layer) []Document {
	for _, p := range l.Policies() {
		name := p.ARN
		if name == "" {
			name = p.Name
		}
		dst = append(dst, Document{PolicyType: policyType, Name: name, SHA256: r.digestOf(p.Document)})
	}
	return dst
}
