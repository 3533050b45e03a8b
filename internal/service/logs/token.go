package logs

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// sealToken makes the token of the next page of a call out of where that begins.
func sealToken(c *service.Call, call, place string) *string {
	token := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte("logs:"+call+"\x00"+place))
	return &token
}

// openToken returns where the page begins that a token of the call is for.
func openToken(c *service.Call, call, token string) (string, error) {
	text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), token)
	place, found := strings.CutPrefix(string(text), "logs:"+call+"\x00")
	if err != nil || !found {
		return "", badToken()
	}
	return place, nil
}
