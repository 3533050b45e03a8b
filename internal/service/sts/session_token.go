package sts

import (
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// Durations of the sessions that users and root users make of themselves (API reference, GetSessionToken and GetFederationToken,
// DurationSeconds).
const (
	ownDefault  = 12 * time.Hour
	ownLongest  = 129600 // seconds
	ownShortest = 900
	rootLongest = time.Hour
)

var (
	serialNumber = service.NewPattern(`^[\w+=/:,.@-]*$`)
	tokenCode    = service.NewPattern(`^\d*$`)
)

var getSessionToken = service.Reading[sts.GetSessionTokenInput]{
	Check: func(in *sts.GetSessionTokenInput) error {
		var c service.Constraints
		c.Between("durationSeconds", in.DurationSeconds, ownShortest, ownLongest)
		checkFactor(&c, in.SerialNumber, in.TokenCode)
		return c.Err()
	},
	Act: actGetSessionToken,
}

// actGetSessionToken issues a session in which the caller is the same user, or the same root user.
func actGetSessionToken(c *service.Call, in *sts.GetSessionTokenInput, r identity.Reader) (service.Answer, error) {
	if err := longTerm(c); err != nil {
		return service.Answer{}, err
	}
	s, err := ownSession(c, identity.SessionToken, in.DurationSeconds, r)
	if err != nil {
		return service.Answer{}, err
	}
	s.MFA = c.Environment.SecondFactor
	credentials, _, err := issue(c, s)
	if err != nil {
		return service.Answer{}, err
	}
	return service.Body(&sts.GetSessionTokenOutput{Credentials: credentials}), nil
}

// ownSession is a session of the calling user or root user.
func ownSession(c *service.Call, kind identity.SessionKind, seconds *int32, r identity.Reader) (identity.Session, error) {
	duration := ownDefault
	if seconds != nil {
		duration = time.Duration(*seconds) * time.Second
	}
	root := c.Caller.Principal.Type == policy.RootUser
	if root {
		duration = min(duration, rootLongest) // shortened, not refused
	}
	s := identity.Session{
		Kind: kind, Account: c.Account(), PrincipalARN: c.Caller.Principal.ARN, Issued: c.Now(), Expires: c.Now().Add(duration),
	}
	if root {
		return s, nil
	}
	// By his id: who has his name by now may be another one than who has called.
	ref, err := r.Principal(identity.UniqueID(c.Caller.Principal.ID))
	if err != nil {
		return identity.Session{}, err
	}
	user, err := r.User(ref.Name)
	if err != nil {
		return identity.Session{}, err
	}
	s.PrincipalName, s.PrincipalARN, s.PrincipalID = user.Name, user.ARN, user.ID
	return s, nil
}

// checkFactor decides about the shape of a second factor.
func checkFactor(c *service.Constraints, serial, code *string) {
	c.Length("serialNumber", serial, 9, 256)
	c.Pattern("serialNumber", serial, serialNumber, `[\w+=/:,.@-]*`)
	c.Length("tokenCode", code, 6, 6)
	c.Pattern("tokenCode", code, tokenCode, `[\d]*`)
}

// gather decides about the second factor that a call brings along before anything is asked, because trust policies and others look
// at it. What is wrong with it is told at once: it concerns the caller and his own devices only.
func gather(c *service.Call, r identity.Reader) (service.Gathered, error) {
	var serial, code *string
	switch in := c.Input.Value.(type) {
	case *sts.AssumeRoleInput:
		if err := checkSessionName(in, c.Caller.Principal.Type); err != nil {
			return service.Gathered{}, err
		}
		serial, code = in.SerialNumber, in.TokenCode
	case *sts.GetSessionTokenInput:
		if err := longTerm(c); err != nil {
			return service.Gathered{}, err
		}
		serial, code = in.SerialNumber, in.TokenCode
	}
	return service.Gathered{}, c.SecondFactor(func() (time.Time, error) { return factor(c, r, serial, code) })
}

// factor decides about a second factor and returns when it was given, the zero time if it was not. The device must be one of the
// calling user's.
func factor(c *service.Call, r identity.Reader, serial, code *string) (given time.Time, err error) {
	switch {
	case serial == nil && code == nil:
		return time.Time{}, nil
	case serial == nil || code == nil:
		return time.Time{}, service.Forbidden("AccessDenied",
			"MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ")
	}
	var user identity.UniqueID
	if c.Caller.Principal.Type == policy.User {
		user = identity.UniqueID(c.Caller.Principal.ID)
	}
	d, err := r.MFADevice(*serial)
	var missing *identity.NotFoundError
	switch {
	case errors.As(err, &missing) || err == nil && (user == "" || d.User != user):
		return time.Time{}, service.Forbidden("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  "+
			"Please verify your MFA serial number is valid and associated with this user.")
	case err != nil:
		return time.Time{}, err
	}
	ok, err := r.SecondFactor(user, d.Serial, *code, c.Now())
	if errors.Is(err, identity.ErrTooManyCodes) {
		return time.Time{}, service.BadRequest("Throttling", "Rate exceeded")
	}
	if err != nil {
		return time.Time{}, err
	}
	if !ok {
		return time.Time{}, service.Forbidden("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	}
	return c.Now(), nil
}

// issue makes the credentials of a session, in the shape in which all operations of STS tell them.
func issue(c *service.Call, s identity.Session) (shown *types.Credentials, packed *int32, err error) {
	credentials, percent, err := c.Identities.Issue(s)
	if err != nil {
		return nil, nil, issueFault(err, &s, percent)
	}
	if percent > 0 {
		size := int32(percent)
		packed = &size
	}
	secret := credentials.Secret.Reveal() // the only time that anybody is told
	return &types.Credentials{
		AccessKeyId: (*string)(&credentials.AccessKeyID), SecretAccessKey: &secret,
		SessionToken: &credentials.SessionToken, Expiration: &credentials.Expires,
	}, packed, nil
}
