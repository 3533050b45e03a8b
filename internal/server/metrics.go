package server

import (
	"net/http"
	"runtime"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ambit-iam/ambit/internal/front"
)

// metrics counts requests. No label names a principal or holds what a client chose: operations are those of the table.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	decisions *prometheus.CounterVec
	seconds   *prometheus.HistogramVec

	mu    sync.RWMutex
	found map[outcome]*counters
}

// An outcome is what is counted of a request, and counters are where: finding them by their labels takes longer than counting.
type outcome struct {
	service, operation, verdict string
	status                      int
}

type counters struct {
	requests, decisions prometheus.Counter // decisions is nil if nothing was decided
	seconds             prometheus.Observer
}

var _ front.Observer = (*metrics)(nil)

func newMetrics(dropped func() uint64) *metrics {
	m := &metrics{
		found:    map[outcome]*counters{},
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ambit_requests_total", Help: "Requests answered, by service, operation and HTTP status.",
		}, []string{"service", "operation", "status"}),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ambit_decisions_total", Help: "Calls by how they were decided: allow, implicit-deny, explicit-deny, unauthenticated.",
		}, []string{"verdict"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ambit_request_duration_seconds", Help: "Time from a request's head to its answer.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .5, 1, 5},
		}, []string{"service"}),
	}
	m.registry.MustRegister(m.requests, m.decisions, m.seconds,
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "ambit_audit_records_dropped_total", Help: "Audit records that the log could not keep.",
		}, func() float64 { return float64(dropped()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "go_goroutines", Help: "Number of goroutines that currently exist.", // as everywhere in Go
		}, func() float64 { return float64(runtime.NumGoroutine()) }))
	return m
}

// Observe implements front.Observer.
func (m *metrics) Observe(r front.Result) {
	c := m.countersOf(outcome{r.Service, r.Operation, r.Verdict, r.Status})
	c.requests.Inc()
	c.seconds.Observe(r.Took.Seconds())
	if c.decisions != nil {
		c.decisions.Inc()
	}
}

func (m *metrics) countersOf(o outcome) *counters {
	m.mu.RLock()
	c := m.found[o]
	m.mu.RUnlock()
	if c != nil {
		return c
	}
	c = &counters{
		requests: m.requests.WithLabelValues(o.service, o.operation, strconv.Itoa(o.status)),
		seconds:  m.seconds.WithLabelValues(o.service),
	}
	if o.verdict != "" {
		c.decisions = m.decisions.WithLabelValues(o.verdict)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.found[o] = c
	return c
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
