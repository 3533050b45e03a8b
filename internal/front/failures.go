package front

import (
	"log/slog"
	"sync"
	"time"
)

// failures logs requests that nobody stands for: at most one line a second, with the number of those it stands for.
type failures struct {
	mu      sync.Mutex
	last    time.Time
	skipped int
}

func (f *failures) note(logger *slog.Logger, now time.Time, remote, code string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.last) < time.Second {
		f.skipped++
		return
	}
	logger.Info("request refused before it was authorised", "code", code, "from", remote, "others", f.skipped)
	f.last, f.skipped = now, 0
}
