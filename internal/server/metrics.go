package server

import (
	"net/http"
	"strconv"

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
}

var _ front.Observer = (*metrics)(nil)

func newMetrics(dropped func() uint64) *metrics {
	m := &metrics{
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
		}, func() float64 { return float64(dropped()) }))
	return m
}

// Observe implements front.Observer.
func (m *metrics) Observe(r front.Result) {
	m.requests.WithLabelValues(r.Service, r.Operation, strconv.Itoa(r.Status)).Inc()
	m.seconds.WithLabelValues(r.Service).Observe(r.Took.Seconds())
	if r.Verdict != "" {
		m.decisions.WithLabelValues(r.Verdict).Inc()
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
