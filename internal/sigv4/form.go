package sigv4

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// ParseForm reads the signature of a form that a browser sends to S3 ("Authenticating Requests in Browser-Based Uploads Using POST",
// S3 API Reference). fields are what stands before the file, by name in lower case. Like Parse it believes nothing, and its error of
// kind Missing says that nobody signed.
func ParseForm(fields map[string]string) (Signed, error) {
	const (
		nameAlgorithm, nameCredential, nameDate, nameSignature = "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"
		namePolicy                                             = "policy"
	)
	given := 0
	named := [...][2]string{
		{namePolicy, "policy"}, {nameAlgorithm, "X-Amz-Algorithm"}, {nameCredential, "X-Amz-Credential"}, {nameDate, "X-Amz-Date"},
		{nameSignature, "X-Amz-Signature"},
	} // as S3 names them, whatever the form does
	for _, n := range named {
		if _, ok := fields[n[0]]; ok {
			given++
		}
	}
	_, second := fields["awsaccesskeyid"]
	switch {
	case second:
		return Signed{}, unsupported("AWS")
	case given == 0:
		return Signed{}, &Error{Kind: Missing, Detail: "Request is missing Authentication Token"}
	}
	for _, n := range named {
		if fields[n[0]] == "" {
			return Signed{}, inForm(n[1], "", incomplete(n[1], "Bucket POST must contain a field named '"+n[1]+
				"'.  If it is specified, please check the order of the fields."))
		}
	}
	if a := fields[nameAlgorithm]; a != algorithm {
		return Signed{}, inForm("X-Amz-Algorithm", a, unsupported(a).inQuery(`X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"`))
	}
	s := Signed{Form: true, signature: fields[nameSignature], SecurityToken: fields["x-amz-security-token"], policy: fields[namePolicy]}
	var err error
	if s.Time, s.stamp, err = signingTime(fields[nameDate]); err != nil {
		return s, inForm("X-Amz-Date", fields[nameDate], err)
	}
	return s, inForm("X-Amz-Credential", fields[nameCredential], s.readScope(fields[nameCredential]))
}

// VerifyForm decides whether the holder of key signed the policy of a form, which says what else may be in the form; it vouches for
// nothing but the policy. The error is an *Error.
//
// A signature does not say how long it lives; its policy does. Like the key that made it, it lives no longer than a presigned request.
func (s *Signed) VerifyForm(key SigningKey, now time.Time, rules Rules) error {
	if !s.Form || !rules.S3 {
		return notAllowed("POST")
	}
	if err := s.checkScope(rules); err != nil {
		return inForm("X-Amz-Credential", s.AccessKeyID+"/"+s.Day+"/"+s.Region+"/"+s.Service+"/aws4_request", err)
	}
	now = now.UTC()
	if newest := now.Add(rules.Skew); s.Time.After(newest) {
		return &Error{Kind: TooNew, Subject: s.stamp, Signed: s.Time, Limit: newest,
			Detail: fmt.Sprintf("Signature not yet current: %s is still later than %s", s.stamp, newest.Format(isoBasic))}
	}
	if end := s.Time.Add(MaxPresigned); now.After(end) {
		return &Error{Kind: Expired, Subject: s.stamp, Signed: s.Time, Limit: end,
			Detail: fmt.Sprintf("Signature expired: %s is now earlier than %s", end.Format(isoBasic), now.Format(isoBasic))}
	}
	block := append(make([]byte, sha256.BlockSize, sha256.BlockSize+len(s.policy)), s.policy...) // room for the key before the message
	if !same(s.signature, hexOf(key.sign(block))) || !key.valid {
		return &Error{Kind: Mismatch, Detail: "The request signature we calculated does not match the signature you provided. " +
			"Check your key and signing method."}
	}
	return nil
}
