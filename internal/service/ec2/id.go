package ec2

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// A kind is a type of resource that has ids.
type kind struct {
	prefix    string // of its ids
	name      string // in ARNs (Service Authorization Reference)
	malformed string // code
	absent    func(id string) error
}

// kinds are the types of resources that there are here. The table is never changed.
var kinds = []kind{
	{"i", "instance", "InvalidInstanceID.Malformed", func(id string) error { return noSuchInstances([]string{id}) }},
	{"vol", "volume", "InvalidVolumeID.Malformed", says("InvalidVolume.NotFound", "The volume '%s' does not exist.")},
	{"eni", "network-interface", "InvalidNetworkInterfaceId.Malformed", says("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '%s' does not exist")},
	{"sg", "security-group", "InvalidGroupId.Malformed", says("InvalidGroup.NotFound", "The security group '%s' does not exist")},
	{"sgr", "security-group-rule", "InvalidSecurityGroupRuleId.Malformed", noSuchRule},
	{"subnet", "subnet", "InvalidSubnetID.Malformed", says("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist")},
	{"vpc", "vpc", "InvalidVpcID.Malformed", says("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist")},
	{"key", "key-pair", "InvalidKeyPair.Malformed", says("InvalidKeyPair.NotFound", "The key pair ID '%s' does not exist")},
	{"ami", "image", "InvalidAMIID.Malformed", func(id string) error { return noSuchImages([]string{id}) }},
}

func says(code, sentence string) func(id string) error {
	return func(id string) error { return service.BadRequest(code, fmt.Sprintf(sentence, id)) }
}

// kindOf returns the type of resource that has an id of that prefix.
func kindOf(prefix string) (kind, bool) {
	for _, k := range kinds {
		if k.prefix == prefix {
			return k, true
		}
	}
	return kind{}, false
}

// kindOfID reads the type off an id.
func kindOfID(id string) (kind, bool) {
	prefix, _, _ := strings.Cut(id, "-")
	k, ok := kindOf(prefix)
	return k, ok && wellFormed.MatchString(id)
}

// wellFormed is an id: eight hexadecimal digits in the old form, seventeen in the new one ("Resource IDs").
var wellFormed = regexp.MustCompile(`^[a-z]+-([0-9a-f]{8}|[0-9a-f]{17})$`)

// checkIDs refuses what cannot be an id of the kind.
func checkIDs(prefix string, ids ...string) error {
	k, _ := kindOf(prefix)
	for _, id := range ids {
		if strings.HasPrefix(id, prefix+"-") && wellFormed.MatchString(id) {
			continue
		}
		if prefix == "i" {
			return service.BadRequest(k.malformed, `Invalid id: "`+id+`"`)
		}
		return service.BadRequest(k.malformed, `Invalid id: "`+id+`" (expecting "`+prefix+`-...")`)
	}
	return nil
}

// draw draws a new id.
func draw(prefix string) string {
	var b [9]byte
	rand.Read(b[:])
	return prefix + "-" + hex.EncodeToString(b[:])[:17]
}

// derived is the id of something that is there without having been made. The same parts always have the same id.
func derived(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(prefix + "\x00" + strings.Join(parts, "\x00")))
	return prefix + "-" + hex.EncodeToString(sum[:])[:17]
}
