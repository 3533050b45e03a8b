package server_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"image/png"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// codeOf is what an authenticator app shows at a time, from the seed as the API tells it.
func codeOf(t *testing.T, seed []byte, at time.Time) *string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(string(seed))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	return aws.String(fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[sum[19]&15:])&(1<<31-1))%1e6))
}

// secondFactor is a session of the user who holds the key, with a code of his device.
func (r *running) secondFactor(t *testing.T, key aws.Credentials, d *iamtypes.VirtualMFADevice) aws.Credentials {
	t.Helper()
	out := must[*sts.GetSessionTokenOutput](t)(r.sts(key).GetSessionToken(context.Background(), &sts.GetSessionTokenInput{
		SerialNumber: d.SerialNumber, TokenCode: codeOf(t, d.Base32StringSeed, time.Now())}))
	return aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}
}

// newDevice makes a virtual device and enables it for a user.
func newDevice(t *testing.T, c *iam.Client, name, user string) *iamtypes.VirtualMFADevice {
	t.Helper()
	ctx := context.Background()
	d := must[*iam.CreateVirtualMFADeviceOutput](t)(c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: &name})).VirtualMFADevice
	now := time.Now()
	must[*iam.EnableMFADeviceOutput](t)(c.EnableMFADevice(ctx, &iam.EnableMFADeviceInput{UserName: &user, SerialNumber: d.SerialNumber,
		AuthenticationCode1: codeOf(t, d.Base32StringSeed, now.Add(-time.Minute)), AuthenticationCode2: codeOf(t, d.Base32StringSeed, now.Add(-30*time.Second))}))
	return d
}

func TestTheLifeOfAVirtualMFADevice(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	u := aws.String("u")
	newUser(t, c, "u", "/")
	newUser(t, c, "other", "/")
	made := must[*iam.CreateVirtualMFADeviceOutput](t)(c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("phone"), Path: aws.String("/p/"),
		Tags: []iamtypes.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})).VirtualMFADevice
	serial := made.SerialNumber
	if *serial != "arn:aws:iam::123456789012:mfa/p/phone" || len(made.Base32StringSeed) != 64 {
		t.Errorf("CreateVirtualMFADevice answers %+v", made)
	}
	if _, err := png.Decode(bytes.NewReader(made.QRCodePNG)); err != nil {
		t.Errorf("the QR code: %v", err)
	}
	_, err := c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("PHONE"), Path: aws.String("/p/")})
	refused(t, err, 409, "EntityAlreadyExists", "MFA device already exists.")

	now := time.Now()
	enable := func(user string, serial, first, second *string) error {
		_, err := c.EnableMFADevice(ctx, &iam.EnableMFADeviceInput{UserName: &user, SerialNumber: serial, AuthenticationCode1: first, AuthenticationCode2: second})
		return err
	}
	before, present, after := codeOf(t, made.Base32StringSeed, now.Add(-30*time.Second)), codeOf(t, made.Base32StringSeed, now), codeOf(t, made.Base32StringSeed, now.Add(30*time.Second))
	refused(t, enable("u", serial, present, before), 403, "InvalidAuthenticationCode", "Authentication code for device is not valid")
	refused(t, enable("u", aws.String(someDevice), before, present), 404, "NoSuchEntity", "MFA Device with serial number "+someDevice+" does not exist.")
	refused(t, enable("u", serial, aws.String("12345x"), present), 400, "ValidationError",
		`1 validation error detected: Value at 'authenticationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\d]+`)
	if err := enable("u", serial, before, present); err != nil {
		t.Fatal(err)
	}
	refused(t, enable("other", serial, present, after), 409, "EntityAlreadyExists", "MFA Device is already in use.")

	devices := must[*iam.ListMFADevicesOutput](t)(c.ListMFADevices(ctx, &iam.ListMFADevicesInput{UserName: u})).MFADevices
	if len(devices) != 1 || *devices[0].SerialNumber != *serial || *devices[0].UserName != "u" || devices[0].EnableDate == nil {
		t.Errorf("ListMFADevices answers %+v", devices)
	}
	must[*iam.CreateVirtualMFADeviceOutput](t)(c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("spare")}))
	for status, want := range map[iamtypes.AssignmentStatusType]int{"": 2, "Any": 2, "Assigned": 1, "Unassigned": 1} {
		got := must[*iam.ListVirtualMFADevicesOutput](t)(c.ListVirtualMFADevices(ctx, &iam.ListVirtualMFADevicesInput{AssignmentStatus: status})).VirtualMFADevices
		if len(got) != want || status == "Assigned" && (*got[0].User.UserName != "u" || got[0].Base32StringSeed != nil) {
			t.Errorf("%q devices: %+v", status, got)
		}
	}
	one := must[*iam.GetMFADeviceOutput](t)(c.GetMFADevice(ctx, &iam.GetMFADeviceInput{SerialNumber: serial, UserName: u}))
	if *one.SerialNumber != *serial || *one.UserName != "u" {
		t.Errorf("GetMFADevice answers %+v", one)
	}
	must[*iam.ResyncMFADeviceOutput](t)(c.ResyncMFADevice(ctx, &iam.ResyncMFADeviceInput{UserName: u, SerialNumber: serial,
		AuthenticationCode1: after, AuthenticationCode2: codeOf(t, made.Base32StringSeed, now.Add(time.Minute))}))

	must[*iam.TagMFADeviceOutput](t)(c.TagMFADevice(ctx, &iam.TagMFADeviceInput{SerialNumber: serial, Tags: []iamtypes.Tag{{Key: aws.String("l"), Value: aws.String("w")}}}))
	must[*iam.UntagMFADeviceOutput](t)(c.UntagMFADevice(ctx, &iam.UntagMFADeviceInput{SerialNumber: serial, TagKeys: []string{"k"}}))
	tags := must[*iam.ListMFADeviceTagsOutput](t)(c.ListMFADeviceTags(ctx, &iam.ListMFADeviceTagsInput{SerialNumber: serial})).Tags
	if len(tags) != 1 || *tags[0].Key != "l" {
		t.Errorf("tags %+v", tags)
	}

	_, err = c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u})
	refused(t, err, 409, "DeleteConflict", "Cannot delete entity, must delete MFA device first.")
	_, err = c.DeleteVirtualMFADevice(ctx, &iam.DeleteVirtualMFADeviceInput{SerialNumber: serial})
	refused(t, err, 409, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.")
	_, err = c.DeactivateMFADevice(ctx, &iam.DeactivateMFADeviceInput{UserName: aws.String("other"), SerialNumber: serial})
	refused(t, err, 404, "NoSuchEntity", "MFA Device with serial number "+*serial+" does not exist.")
	must[*iam.DeactivateMFADeviceOutput](t)(c.DeactivateMFADevice(ctx, &iam.DeactivateMFADeviceInput{UserName: u, SerialNumber: serial}))
	must[*iam.DeleteVirtualMFADeviceOutput](t)(c.DeleteVirtualMFADevice(ctx, &iam.DeleteVirtualMFADeviceInput{SerialNumber: serial}))
	_, err = c.DeleteVirtualMFADevice(ctx, &iam.DeleteVirtualMFADeviceInput{SerialNumber: serial})
	refused(t, err, 404, "NoSuchEntity", "MFA Device with serial number "+*serial+" does not exist.")
	must[*iam.DeleteUserOutput](t)(c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: u}))
}

// TestASecondFactorIsASessionsOwn follows a code into a session: what is denied without MFA is allowed with it, and a code counts once.
func TestASecondFactorIsASessionsOwn(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := r.nobody(t, "u")
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("u"), PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListAllMyBuckets","iam:ListUsers","sts:AssumeRole"],"Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`)}))
	d := newDevice(t, c, "phone", "u")
	foreign := newDevice(t, c, "other", "admin")
	if status, _ := r.call(t, listBuckets, key); status != 403 {
		t.Errorf("without a second factor: %d", status)
	}
	token := func(serial, code *string) (aws.Credentials, error) {
		out, err := r.sts(key).GetSessionToken(ctx, &sts.GetSessionTokenInput{SerialNumber: serial, TokenCode: code})
		if err != nil {
			return aws.Credentials{}, err
		}
		return aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}, nil
	}
	code := codeOf(t, d.Base32StringSeed, time.Now())
	const wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
	_, err := token(d.SerialNumber, codeOf(t, d.Base32StringSeed, time.Now().Add(-10*time.Minute)))
	refused(t, err, 403, "AccessDenied", wrong)
	_, err = token(foreign.SerialNumber, codeOf(t, foreign.Base32StringSeed, time.Now()))
	refused(t, err, 403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	session, err := token(d.SerialNumber, code)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := r.call(t, listBuckets, session); status != 200 {
		t.Errorf("with a second factor: %d %s", status, body)
	}
	must[*iam.ListUsersOutput](t)(r.iam(session).ListUsers(ctx, nil))
	_, err = token(d.SerialNumber, code)
	refused(t, err, 403, "AccessDenied", wrong)

	// A role whose trust policy demands a second factor can be assumed by that session, and not with the key alone.
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/u"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`)}))
	in := &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/r"), RoleSessionName: aws.String("s1")}
	if _, err := r.sts(key).AssumeRole(ctx, in); err == nil {
		t.Error("the role was assumed without a second factor")
	}
	// Its session has the second factor of the caller's, and one that is made with that has none.
	allow := func(role, action string) {
		must[*iam.PutRolePolicyOutput](t)(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &role, PolicyName: aws.String("p"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}}]}`)}))
	}
	assumed := func(as aws.Credentials, role string) aws.Credentials {
		return sessionOf(must[*sts.AssumeRoleOutput](t)(r.sts(as).AssumeRole(ctx, &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::123456789012:role/" + role), RoleSessionName: aws.String("s1"),
		})))
	}
	allow("r", "*")
	role := assumed(session, "r")
	must[*iam.ListUsersOutput](t)(r.iam(role).ListUsers(ctx, nil))
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("further"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/r"},"Action":"sts:AssumeRole"}]}`)}))
	allow("further", "*")
	_, err = r.iam(assumed(role, "further")).ListUsers(ctx, nil)
	refused(t, err, 403, "AccessDenied", "User: arn:aws:sts::123456789012:assumed-role/further/s1 is not authorized to perform: iam:ListUsers on resource: "+
		"arn:aws:iam::123456789012:user/ because no identity-based policy allows the iam:ListUsers action")
}

// TestACodeThatComesWithAssumeRole holds that the call which brings the code along is judged with it, and its session is not.
func TestACodeThatComesWithAssumeRole(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key, other := r.nobody(t, "u"), r.nobody(t, "v")
	present := `"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}}`
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:user/u","arn:aws:iam::123456789012:user/v"]},"Action":"sts:AssumeRole",` + present + `}]}`)}))
	must[*iam.PutRolePolicyOutput](t)(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*",` + present + `}]}`)}))
	d := newDevice(t, c, "phone", "u")
	assume := func(as aws.Credentials, serial, code *string) (*sts.AssumeRoleOutput, error) {
		return r.sts(as).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/r"), RoleSessionName: aws.String("s1"), SerialNumber: serial, TokenCode: code})
	}
	_, err := assume(key, nil, nil)
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/u is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/r")
	_, err = assume(key, d.SerialNumber, codeOf(t, d.Base32StringSeed, time.Now().Add(-10*time.Minute)))
	refused(t, err, 403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	code := codeOf(t, d.Base32StringSeed, time.Now())
	_, err = assume(other, d.SerialNumber, code)
	refused(t, err, 403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	_, err = assume(key, d.SerialNumber, nil)
	refused(t, err, 403, "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ")
	out, err := assume(key, d.SerialNumber, code)
	if err != nil {
		t.Fatal(err)
	}
	session := aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}
	_, err = r.iam(session).ListUsers(ctx, nil)
	refused(t, err, 403, "AccessDenied", "User: arn:aws:sts::123456789012:assumed-role/r/s1 is not authorized to perform: iam:ListUsers on resource: "+
		"arn:aws:iam::123456789012:user/ because no identity-based policy allows the iam:ListUsers action")
	_, err = assume(key, d.SerialNumber, code)
	refused(t, err, 403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")

	// The code counts for a session, too, that was made without one.
	second := newDevice(t, c, "tablet", "u")
	plain := must[*sts.GetSessionTokenOutput](t)(r.sts(key).GetSessionToken(ctx, nil)).Credentials
	_, err = assume(aws.Credentials{AccessKeyID: *plain.AccessKeyId, SecretAccessKey: *plain.SecretAccessKey, SessionToken: *plain.SessionToken},
		second.SerialNumber, codeOf(t, second.Base32StringSeed, time.Now()))
	if err != nil {
		t.Errorf("a session without a second factor that brings one along: %v", err)
	}
}

// TestASessionFollowsItsUser holds that a session of a renamed user is that user's, under the new name, and not of whoever gets the
// old one.
func TestASessionFollowsItsUser(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ctx, c := context.Background(), r.iam(r.admin())
	key := r.nobody(t, "old")
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("old"), PolicyName: aws.String("own"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ListAccessKeys","iam:CreateAccessKey"],"Resource":"arn:aws:iam::*:user/${aws:username}"}]}`)}))
	session := r.secondFactor(t, key, newDevice(t, c, "phone", "old"))
	mine := func(when string) {
		t.Helper()
		keys := must[*iam.ListAccessKeysOutput](t)(r.iam(session).ListAccessKeys(ctx, nil)).AccessKeyMetadata
		if len(keys) != 1 || *keys[0].AccessKeyId != key.AccessKeyID {
			t.Errorf("%s: %+v", when, keys)
		}
	}
	mine("before")
	must[*iam.UpdateUserOutput](t)(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: aws.String("old"), NewUserName: aws.String("new")}))
	mine("renamed")
	r.nobody(t, "old")
	mine("while another has the old name")
	_, err := r.iam(session).CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("old")})
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/new is not authorized to perform: iam:CreateAccessKey on resource: "+
		"user old because no identity-based policy allows the iam:CreateAccessKey action")
	who := must[*sts.GetCallerIdentityOutput](t)(r.sts(session).GetCallerIdentity(ctx, nil))
	if *who.Arn != "arn:aws:iam::123456789012:user/new" {
		t.Errorf("the session is %s", *who.Arn)
	}
}

// TestCodesAreNotGuessed: who holds a user's key guesses ten codes, and then is not told even of the right one.
func TestCodesAreNotGuessed(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := r.iam(r.admin())
	key := r.nobody(t, "u")
	d := newDevice(t, c, "phone", "u")
	guess := func(code string) error {
		_, err := r.sts(key).GetSessionToken(context.Background(), &sts.GetSessionTokenInput{SerialNumber: d.SerialNumber, TokenCode: &code},
			func(o *sts.Options) { o.RetryMaxAttempts = 1 })
		return err
	}
	right := codeOf(t, d.Base32StringSeed, time.Now())
	for n := range 10 {
		// A code of an hour ago: as wrong as any, but for one time in 300,000.
		wrong := *codeOf(t, d.Base32StringSeed, time.Now().Add(time.Duration(-n-60)*time.Minute))
		refused(t, guess(wrong), 403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	}
	refused(t, guess(*right), 400, "Throttling", "Rate exceeded")
}
