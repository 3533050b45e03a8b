package main

import "fmt"

// A goal is a workload, the benchmark that measures it, and what is demanded
// of it.
type goal struct {
	name      string
	workload  string
	pkg       string // below the module's root
	benchmark string // name without "Benchmark" and without the processors' suffix
	limits    []limit
}

// A limit is on one metric of a benchmark: at most, or at least, that much.
type limit struct {
	unit    string // as go test prints it
	bound   float64
	atLeast bool
}

func atMost(bound float64, unit string) limit  { return limit{unit: unit, bound: bound} }
func atLeast(bound float64, unit string) limit { return limit{unit: unit, bound: bound, atLeast: true} }

func (l limit) met(v float64) bool {
	if l.atLeast {
		return v >= l.bound
	}
	return v <= l.bound
}

// judged is the unit of the figure that counts.
func (l limit) judged() string {
	if l.unit == "ns/op" {
		return cpuTime
	}
	return l.unit
}

func (l limit) String() string {
	sign := "≤"
	if l.atLeast {
		sign = "≥"
	}
	return sign + " " + quantity(l.bound, l.unit)
}

// quantity writes a figure with its unit as a person reads it.
func quantity(v float64, unit string) string {
	switch unit {
	case "ns/op":
		switch {
		case v >= 1e6:
			return fmt.Sprintf("%.3g ms", v/1e6)
		case v >= 1e3:
			return fmt.Sprintf("%.3g µs", v/1e3)
		}
		return fmt.Sprintf("%.3g ns", v)
	case "allocs/op":
		return fmt.Sprintf("%.0f allocs", v)
	case "writes/s", "calls/s", "items/s":
		return fmt.Sprintf("%.3g k/s", v/1e3)
	case "%store":
		return fmt.Sprintf("%.3g %% of the store's", v)
	case "%raw":
		return fmt.Sprintf("%.3g %% of raw", v)
	case "%yardstick":
		return fmt.Sprintf("%.3g %% of its rate", v)
	case "stale/op":
		return fmt.Sprintf("%.3g stale", v)
	case "×cpu":
		return fmt.Sprintf("%.3g× its CPU", v)
	}
	return fmt.Sprintf("%.3g %s", v, unit)
}

// decision is the demand on a decision: so fast, and without allocating.
func decision(ns float64) []limit { return []limit{atMost(ns, "ns/op"), atMost(0, "allocs/op")} }

// throughAuthz is the demand of W3 on a decision with everything around it; W1 has one for the engine only.
var throughAuthz = decision(300)

// besideYardstick is the demand on a request: how much slower, and how much dearer, than the least that it can be.
var besideYardstick = []limit{atLeast(80, "%yardstick"), atMost(1.25, "×cpu")}

// goals are the workloads that have a goal and can be measured by go test.
var goals = []goal{
	{"W1a", "the blog's employee creates a role with the boundary: allow", "policy", "W1a", decision(60)},
	{"W1b", "the same with the boundary on the caller: implicit deny", "policy", "W1b", decision(60)},
	{"W1c", "the created role under the boundary: allow", "policy", "W1c", decision(60)},
	{"W1r plain", "W1b and which layer and statement decided", "policy", "W1rPlain", decision(120)},
	{"W1r text", "W1b and AWS's message", "policy", "W1rText", []limit{atMost(500, "ns/op"), atMost(1, "allocs/op")}},
	{"W2", "20 × 20 statements of one service: allowed by the last", "policy", "W2/OneServiceAllowed", decision(350)},
	{"W2", "20 × 20 statements of one service: denied by default", "policy", "W2/OneServiceDenied", decision(350)},
	{"W2", "20 × 20 statements over 25 services: allowed by the last", "policy", "W2/Spread25Allowed", decision(350)},
	{"W2", "20 × 20 statements over 25 services: denied by default", "policy", "W2/Spread25Denied", decision(350)},
	{"W2g first", "a never-seen action at 400 statements", "policy", "W2gFirst", []limit{atMost(20e3, "ns/op")}},
	{"W3 engine", "a random role of 100,000, whose layer is known", "policy", "W3", decision(300)},
	{"authz W1a", "W1a through authz, its context filled each time", "internal/authz", "W1/a", throughAuthz},
	{"authz W1b", "W1b through authz, with AWS's message", "internal/authz", "W1/b", []limit{atMost(500, "ns/op"), atMost(1, "allocs/op")}},
	{"authz W1c", "W1c through authz", "internal/authz", "W1/c", throughAuthz},
	{"authz W2", "20 × 20 statements of one service, through authz", "internal/authz", "W2/OneService", decision(350)},
	{"authz W2", "20 × 20 statements over 25 services, through authz", "internal/authz", "W2/Spread25", decision(350)},
	{"W3 cold", "a random role of 100 accounts × 1,000, through authz, whose caller nobody has looked at", "internal/authz", "W3/Cold", decision(300)},
	{"W3", "the same together with the look-up when its caller is authenticated", "internal/authz", "W3/Authenticated", decision(300)},
	{"W4 scan", "who can: 100,000 roles, 100 answers", "policy", "W4", []limit{atMost(5e6, "ns/op")}},
	{"W5", "parse, validate and compile 6 KB", "policy", "W5", []limit{atMost(30e3, "ns/op"), atMost(60, "allocs/op")}},
	{"H1", "a signed GetRole, and the bare server that does the same work", "test/load", "H1/GetRole", besideYardstick},
	{"H1", "a signed GetCallerIdentity, and the bare server", "test/load", "H1/GetCallerIdentity", besideYardstick},
	{"H2", "verify a header signature, signing key cached", "internal/sigv4", "Verify", []limit{atMost(1.5e3, "ns/op"), atMost(0, "allocs/op")}},
	{"S1 alone", "a durable write by one client", "internal/store/bolt", "OneClient", []limit{atLeast(40, "%raw")}},
	{"S1 crowd", "durable writes by 64 clients", "internal/store/bolt", "64Clients", []limit{atLeast(20e3, "writes/s")}},
	{"S1 door", "durable writes by 64 clients through the signed door", "test/load", "S1", []limit{atLeast(8e3, "writes/s")}},
	{"S2", "a change, read over another connection once it is acknowledged", "test/load", "S2", []limit{atMost(0, "stale/op")}},
	{"S3", "from the start to the first authorised answer, 100,000 roles", "test/load", "S3/Roles", []limit{atMost(15, "ms")}},
	{"D1", "signed GetItems by 8 clients", "test/load", "GetItem", []limit{atLeast(25e3, "calls/s")}},
	{"D2", "signed PutItems by 64 clients, durable, beside as many writers in a store of their own", "test/load", "PutItem",
		[]limit{atLeast(8e3, "calls/s"), atLeast(30, "%store")}},
	{"D3", "signed Queries of 100 items", "test/load", "Query", []limit{atMost(300, "cpu-µs/call")}},
	{"D4", "a Scan of a million items in two segments", "test/load", "Scan", []limit{atLeast(300e3, "items/s"), atMost(64, "MB-more")}},
	{"O1", "signed reads of objects of 1 MB by 2 clients", "test/load", "GetObject", []limit{atLeast(500, "MB/s")}},
	{"O2", "signed writes of objects of 1 MB by 2 clients, each in the place of another, to a file system in memory", "test/load", "PutObject/Memory", []limit{atLeast(250, "MB/s"), atMost(4e3, "cpu-µs/MB")}},
	{"O2 disk", "the same to the disk, beside files of that size made durable without a server", "test/load", "PutObject/Disk", []limit{atLeast(30, "%raw")}},
	{"O3", "5 GB sent in parts by 4 clients and read: the most that was resident", "test/load", "Multipart", []limit{atMost(100, "MB")}},
	{"S4", "resident memory of an idle server, empty account", "test/load", "S4", []limit{atMost(30, "MB")}},
}

// A growth is a goal on how much slower a workload becomes when it grows.
type growth struct {
	name        string
	workload    string
	pkg         string
	small, big  string // benchmarks
	atMostTimes float64
}

var growths = []growth{
	{"W2g", "20 to 4,000 statements of one service", "policy", "W2g/OneService20", "W2g/OneService4000", 6},
	{"W2g", "20 to 4,000 statements over 25 services", "policy", "W2g/Spread2520", "W2g/Spread254000", 6},
}
