package server_test

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// by is a request that is signed, as it should be, with credentials that are not in order.
func by(which func(*scene) aws.Credentials) func(*scene, *family) *http.Request {
	return func(s *scene, f *family) *http.Request { return s.by(f, which(s)) }
}

// credentialAttacks sign with what is unknown, taken away, expired or somebody else's.
func credentialAttacks() []attack {
	return append(keyAttacks(), tokenAttacks()...)
}

func keyAttacks() []attack {
	admin := func(change func(*aws.Credentials)) func(*scene, *family) *http.Request {
		return by(func(s *scene) aws.Credentials {
			c := s.admin()
			change(&c)
			return c
		})
	}
	return []attack{
		{name: "wrong secret", want: mismatch, forge: admin(func(c *aws.Credentials) { c.SecretAccessKey = strings.Repeat("x", 40) })},
		{name: "no secret", want: mismatch, forge: admin(func(c *aws.Credentials) { c.SecretAccessKey = "" })},
		{name: "another user's secret", want: mismatch, forge: by(func(s *scene) aws.Credentials {
			return aws.Credentials{AccessKeyID: s.admin().AccessKeyID, SecretAccessKey: s.ada.SecretAccessKey}
		})},
		{name: "unknown key", want: unknownKey, forge: admin(func(c *aws.Credentials) { c.AccessKeyID = "AKIAIOSFODNN7EXAMPLE" })},
		{name: "a key in another spelling", want: unknownKey, forge: admin(func(c *aws.Credentials) { c.AccessKeyID = strings.ToLower(c.AccessKeyID) })},
		{name: "a key with a slash", want: unknownKey, forge: admin(func(c *aws.Credentials) { c.AccessKeyID += "/x" })},
		{name: "inactive key", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.inactive })},
		{name: "deleted key", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.deleted })},
		{name: "key of a deleted user", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.goneUser })},
		{name: "key of a user who was made again", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.remadeUser })},
		{name: "key of another server", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.foreignKey })},
		{name: "presigned with a deleted key", want: unknownKey, forge: func(s *scene, f *family) *http.Request { return s.presign(f, s.deleted) }},
	}
}

func tokenAttacks() []attack {
	swapped := func(key, token func(*scene) aws.Credentials) func(*scene, *family) *http.Request {
		return by(func(s *scene) aws.Credentials {
			c := key(s)
			c.SessionToken = token(s).SessionToken
			return c
		})
	}
	session := func(s *scene) aws.Credentials { return s.session }
	return []attack{
		{name: "session without its token", want: unknownKey, forge: swapped(session, func(*scene) aws.Credentials { return aws.Credentials{} })},
		{name: "token of another session", want: badToken, forge: swapped(session, func(s *scene) aws.Credentials { return s.otherSession })},
		{name: "token of another user's session", want: badToken, forge: swapped(session, func(s *scene) aws.Credentials { return s.userSession })},
		{name: "long-term key with a token", want: badToken, forge: swapped(func(s *scene) aws.Credentials { return s.ada }, session)},
		{name: "token of another server", want: badToken, forge: by(func(s *scene) aws.Credentials { return s.foreignSession })},
		{name: "token of a deleted role", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.goneRole })},
		{name: "token of a role that was made again", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.remadeRole })},
		{name: "token of a deleted user", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.goneUserSession })},
		{name: "token of a user who was made again", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.remadeSession })},
		{name: "expired token", want: expiredToken, forge: by(func(s *scene) aws.Credentials { return s.expired })},
		{name: "expired token, wrong secret", want: mismatch, forge: by(func(s *scene) aws.Credentials {
			c := s.expired
			c.SecretAccessKey = s.ada.SecretAccessKey
			return c
		})},
		{name: "truncated token", want: badToken, forge: by(func(s *scene) aws.Credentials {
			c := s.session
			c.SessionToken = c.SessionToken[:len(c.SessionToken)-4]
			return c
		})},
		{name: "changed token", want: badToken, forge: by(func(s *scene) aws.Credentials {
			c := s.session
			middle := len(c.SessionToken) / 2
			flipped := map[bool]string{true: "B", false: "A"}[c.SessionToken[middle] == 'A']
			c.SessionToken = c.SessionToken[:middle] + flipped + c.SessionToken[middle+1:]
			return c
		})},
		{name: "an endless token", want: badToken, forge: by(func(s *scene) aws.Credentials {
			c := s.session
			c.SessionToken = strings.Repeat("A", 32<<10)
			return c
		})},
		{name: "sessions that IAM takes from nobody", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.userSession }), only: []*family{&query}},
		{name: "federated sessions at IAM", want: unknownKey, forge: by(func(s *scene) aws.Credentials { return s.federated }), only: []*family{&query}},
		{name: "presigned with the token of a deleted role", want: unknownKey, forge: func(s *scene, f *family) *http.Request { return s.presign(f, s.goneRole) }},
		{name: "presigned, token taken away", want: unknownKey, forge: func(s *scene, f *family) *http.Request {
			r := s.presign(f, s.session)
			q := r.URL.Query()
			q.Del("X-Amz-Security-Token")
			r.URL.RawQuery = q.Encode()
			return r
		}},
	}
}
