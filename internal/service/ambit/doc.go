// Package ambit decides what Ambit's own service answers: which requests were written down, and why one was answered as it was.
//
// Served: LookupEvents and ExplainDecision. They are calls as any others: signed, authorised (actions ambit:LookupEvents and
// ambit:ExplainDecision, resource *), and of one account. They speak the query protocol, version 2026-11-01.
package ambit
