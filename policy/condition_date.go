package policy

import (
	"strconv"
	"strings"
	"time"
)

// An instant is a value of a Date operator: a moment, however it was written.
type instant struct {
	moment
	source string
	ok     bool // source is a date
	pos    uint32
}

type moment struct {
	second int64 // since 1970-01-01T00:00:00Z
	nano   int64
}

func newInstant(source string, pos int) instant {
	m, ok := parseMoment(source)
	return instant{moment: m, source: source, ok: ok, pos: uint32(pos)}
}

func dateMatches(values []instant, r relation, v string) bool {
	got, ok := parseMoment(v)
	if !ok {
		return false
	}
	for i := range values {
		if values[i].ok && r.holds(got.compare(values[i].moment)) {
			return true
		}
	}
	return false
}

func (m moment) compare(n moment) int {
	switch {
	case m.second < n.second || m.second == n.second && m.nano < n.nano:
		return -1
	case m == n:
		return 0
	}
	return 1
}

// parseMoment reads epoch seconds or one of the W3C profiles of ISO 8601:
// 2026-01, 2026-01-31, 2026-01-31T10:00 and 2026-01-31T10:00:00.5, a time
// followed by Z or ±hh:mm. Without a zone the time is UTC.
func parseMoment(s string) (moment, bool) {
	if digits := strings.TrimLeft(s[:min(len(s), 1)], "+-") + s[min(len(s), 1):]; digits != "" && allDigits(digits) {
		n, err := strconv.ParseInt(s, 10, 64)
		return moment{second: n}, err == nil && n >= -maxEpoch && n <= maxEpoch
	}
	p := dateParser{rest: s}
	year := p.digits(4)
	p.require('-')
	month, day := p.digits(2), 1
	var hour, minute, second, nano, offset int
	if p.accept('-') {
		day = p.digits(2)
		if p.accept('T') {
			hour = p.digits(2)
			p.require(':')
			minute = p.digits(2)
			if p.accept(':') {
				second = p.digits(2)
				if p.accept('.') {
					nano = p.fraction()
				}
			}
			offset = p.zone()
		}
	}
	if p.failed || p.rest != "" || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour > 23 || minute > 59 || second > 59 {
		return moment{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return moment{second: t.Unix() - int64(offset), nano: int64(nano)}, true
}

// maxEpoch is the last second of the year 9999.
const maxEpoch = 253402300799

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

type dateParser struct {
	rest   string
	failed bool
}

func (p *dateParser) accept(c byte) bool {
	if p.rest != "" && p.rest[0] == c {
		p.rest = p.rest[1:]
		return true
	}
	return false
}

func (p *dateParser) require(c byte) {
	if !p.accept(c) {
		p.failed = true
	}
}

func (p *dateParser) digits(n int) int {
	if len(p.rest) < n || !allDigits(p.rest[:n]) {
		p.failed = true
		return 0
	}
	v := 0
	for i := range n {
		v = v*10 + int(p.rest[i]-'0')
	}
	p.rest = p.rest[n:]
	return v
}

// fraction reads the digits of a fraction of a second, as nanoseconds.
func (p *dateParser) fraction() int {
	nano, scale, n := 0, int(1e8), 0
	for ; n < len(p.rest) && '0' <= p.rest[n] && p.rest[n] <= '9'; n++ {
		nano += int(p.rest[n]-'0') * scale
		scale /= 10
	}
	if n == 0 {
		p.failed = true
	}
	p.rest = p.rest[n:]
	return nano
}

// zone reads Z, ±hh:mm or nothing, as seconds east of UTC.
func (p *dateParser) zone() int {
	sign := 1
	switch {
	case p.rest == "" || p.accept('Z'):
		return 0
	case p.accept('+'):
	case p.accept('-'):
		sign = -1
	default:
		p.failed = true
		return 0
	}
	hour := p.digits(2)
	p.require(':')
	minute := p.digits(2)
	if hour > 23 || minute > 59 {
		p.failed = true
	}
	return sign * (hour*3600 + minute*60)
}
