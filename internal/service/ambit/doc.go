// Package ambit decides what Ambit's own service answers: why a request was answered as it was, which accounts there are, and where in
// an organization they stand.
//
// Served: ExplainDecision, AddAccount and ApplyOrganization. They are calls as any others: signed, and authorised by
// the action of the same name on the resource *. The first is about the caller's account; the last two are the first account's
// root user's alone. They speak the query protocol, version 2026-11-01.
package ambit
