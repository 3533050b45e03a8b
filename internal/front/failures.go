package front

import (
	"log/slog"
	"sync"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
)

// failures are what anybody can cause again and again: they are logged with at most one line a second, which has the number of those that
// it stands for.
type failures struct {
	mu      sync.Mutex
	last    time.Time
	skipped int
}

// next counts a failure, and reports whether it is to be logged, and for how many others.
func (f *failures) next(now time.Time) (others int, log bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.last) < time.Second {
		f.skipped++
		return 0, false
	}
	others, f.last, f.skipped = f.skipped, now, 0
	return others, true
}

// note is for requests that nobody stands for.
func (f *failures) note(logger *slog.Logger, now time.Time, remote, code string) {
	if others, log := f.next(now); log {
		logger.Info("request refused before it was authorised", "code", code, "from", remote, "others", others)
	}
}

// undecided logs a question that was refused because it could not be answered.
func (d *Door) undecided(c *service.Call, what string, err error) {
	if others, log := d.undecidable.next(c.Now()); log {
		d.Logger.Warn(what, "operation", c.Operation.Row.FullName(), "error", err, "requestID", c.RequestID, "others", others)
	}
}
