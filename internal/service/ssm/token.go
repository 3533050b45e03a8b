package ssm

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// sealToken makes the token of the next page of a call out of what that comes after.
func sealToken(c *service.Call, call, after string) *string {
	token := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte("ssm:"+call+"\x00"+after))
	return &token
}

// openToken returns what the page comes after that a token of the call is for; nothing for no token.
func openToken(c *service.Call, call string, token *string) (string, error) {
	if token == nil || *token == "" {
		return "", nil
	}
	text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *token)
	after, found := strings.CutPrefix(string(text), "ssm:"+call+"\x00")
	if err != nil || !found {
		return "", badToken()
	}
	return after, nil
}
