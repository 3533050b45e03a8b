package iam

import (
	"bytes"
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// reportLife is how long a report is handed out before a new one is made ("Generate credential reports for your AWS account", IAM
// User Guide).
const reportLife = 4 * time.Hour

// generateCredentialReport makes the report at once, and says so as AWS does, whose clients ask again until it is COMPLETE.
var generateCredentialReport = service.Writing[iam.GenerateCredentialReportInput, struct{}]{
	Act: func(c *service.Call, _ *iam.GenerateCredentialReportInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		have, found, err := tx.CredentialReport()
		if err != nil {
			return service.Answer{}, err
		}
		if found && c.Now().Sub(have.Generated) < reportLife {
			return service.Body(&iam.GenerateCredentialReportOutput{State: types.ReportStateTypeComplete}), nil
		}
		content, err := credentialReport(c.Identities.Partition(), tx.Reader)
		if err != nil {
			return service.Answer{}, err
		}
		tx.SetCredentialReport(identity.CredentialReport{Generated: c.Now(), Content: content})
		description := "No report exists. Starting a new report generation task"
		return service.Body(&iam.GenerateCredentialReportOutput{State: types.ReportStateTypeStarted, Description: &description}), nil
	},
}

var getCredentialReport = service.Reading[iam.GetCredentialReportInput]{
	Act: func(c *service.Call, _ *iam.GetCredentialReportInput, r identity.Reader) (service.Answer, error) {
		report, found, err := r.CredentialReport()
		switch {
		case err != nil:
			return service.Answer{}, err
		case !found:
			return service.Answer{}, &service.Error{Status: http.StatusGone, Code: "ReportNotPresent",
				Message: "No report was found. Please generate a new report."}
		case c.Now().Sub(report.Generated) >= reportLife:
			return service.Answer{}, &service.Error{Status: http.StatusGone, Code: "ReportExpired",
				Message: "The most recent report has expired. Please generate a new report."}
		}
		return service.Body(&iam.GetCredentialReportOutput{
			Content: report.Content, GeneratedTime: &report.Generated, ReportFormat: types.ReportFormatTypeTextCsv,
		}), nil
	},
}

// What a column says that has no value.
const (
	notApplicable = "N/A"
	noInformation = "no_information"
	notSupported  = "not_supported"
)

var reportColumns = []string{
	"user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed", "password_next_rotation",
	"mfa_active", "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region",
	"access_key_1_last_used_service", "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date",
	"access_key_2_last_used_region", "access_key_2_last_used_service", "cert_1_active", "cert_1_last_rotated", "cert_2_active",
	"cert_2_last_rotated",
}

// credentialReport writes one line for the root user and one for every user.
func credentialReport(partition string, r identity.Reader) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	root, err := rootLine(partition, r)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.Write(reportColumns), w.Write(root)); err != nil {
		return nil, err
	}
	policy, _, err := r.PasswordPolicy()
	if err != nil {
		return nil, err
	}
	for u, err := range r.Users("") {
		if err != nil {
			return nil, err
		}
		line, err := userLine(r, u, policy.MaxAge)
		if err != nil {
			return nil, err
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// rootLine: the root user has keys, and neither password nor MFA devices here.
func rootLine(partition string, r identity.Reader) ([]string, error) {
	account, err := r.AccountRecord()
	if err != nil {
		return nil, err
	}
	line := []string{
		"<root_account>", "arn:" + partition + ":iam::" + account.Number + ":root", reportTime(account.Created), "false", notApplicable, notSupported, notSupported, "false",
	}
	keys, err := keyColumns(r, account.RootKeys)
	if err != nil {
		return nil, err
	}
	return append(append(line, keys...), certificateColumns(nil)...), nil
}

func userLine(r identity.Reader, u identity.User, maxAge int) ([]string, error) {
	line := []string{u.Name, u.ARN, reportTime(u.Created)}
	_, profile, err := r.LoginProfile(u.Name)
	var missing *identity.NotFoundError
	switch {
	case errors.As(err, &missing):
		line = append(line, "false", notApplicable, notApplicable, notApplicable)
	case err != nil:
		return nil, err
	default:
		rotation := notApplicable
		if maxAge > 0 {
			rotation = reportTime(profile.Changed.AddDate(0, 0, maxAge))
		}
		line = append(line, "true", noInformation, reportTime(profile.Changed), rotation)
	}
	line = append(line, strconv.FormatBool(len(u.MFADevices) > 0))
	keys, err := keyColumns(r, u.AccessKeys)
	if err != nil {
		return nil, err
	}
	_, other, err := r.UserCredentials(u.Name)
	if err != nil {
		return nil, err
	}
	return append(append(line, keys...), certificateColumns(other.Certificates)...), nil
}

// keyColumns are those of the first two keys.
func keyColumns(r identity.Reader, ids []identity.AccessKeyID) ([]string, error) {
	var columns []string
	for i := range 2 {
		if i >= len(ids) {
			columns = append(columns, "false", notApplicable, notApplicable, notApplicable, notApplicable)
			continue
		}
		k, err := r.AccessKey(ids[i])
		if err != nil {
			return nil, err
		}
		use, used, err := r.KeyUse(k.ID)
		if err != nil {
			return nil, err
		}
		columns = append(columns, strconv.FormatBool(k.Active), reportTime(k.Created))
		if used {
			columns = append(columns, reportTime(use.Time), use.Region, use.Service)
		} else {
			columns = append(columns, notApplicable, notApplicable, notApplicable)
		}
	}
	return columns, nil
}

func certificateColumns(list []identity.SigningCertificate) []string {
	var columns []string
	for i := range signingCertificates {
		if i < len(list) {
			columns = append(columns, strconv.FormatBool(list[i].Active), reportTime(list[i].Uploaded))
		} else {
			columns = append(columns, "false", notApplicable)
		}
	}
	return columns
}

// reportTime writes a time as reports do: 2026-11-22T12:00:00+00:00.
func reportTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05-07:00") }
