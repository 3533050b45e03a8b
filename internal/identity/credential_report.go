package identity

import "time"

// A CredentialReport is the list of all users of an account with the state of their credentials, as it was at a time.
type CredentialReport struct {
	Generated time.Time `json:"generated"`
	Content   []byte    `json:"content"`
}

const credentialReportKey = "credential-report"

// CredentialReport returns the report that was made last, and whether one was.
func (r Reader) CredentialReport() (CredentialReport, bool, error) {
	return get[CredentialReport](r.store, credentialReportKey)
}

// SetCredentialReport keeps a report in the place of the one before.
func (t Tx) SetCredentialReport(report CredentialReport) { put(t.tx, credentialReportKey, report) }
