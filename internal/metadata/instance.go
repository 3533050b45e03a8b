package metadata

import (
	"context"
	"errors"
	"time"
)

// An Instance is what the service tells of one. It runs.
type Instance struct {
	ID, Account, Region, Partition string
	Zone, ZoneID                   string
	Image, Type, Architecture      string
	Reservation                    string
	LaunchIndex                    int
	Launched                       time.Time
	RootDevice                     string
	KeyName, PublicKey             string // of the key pair; PublicKey in OpenSSH's form, empty if the key pair is gone
	UserData                       []byte // nil: none
	Tags                           []Tag
	Network                        Network
	Profile                        *Profile // nil: no instance profile is associated
	Options                        Options
}

// A Tag is a tag of the instance.
type Tag struct{ Key, Value string }

// A Network is the instance's one network interface and where it is.
type Network struct {
	Interface, MAC    string
	Address, Name     string
	Subnet, VPC       string
	SubnetBlock       string
	VPCBlock          string
	Groups, GroupName []string // ids of the security groups, and their names
}

// A Profile is an associated instance profile.
type Profile struct {
	ARN, ID string
	Gone    bool // it was deleted, or another was made of the same name
	Since   time.Time
	Role    string // name; empty: it holds none
}

// Options are those of the instance ("Configure the Instance Metadata Service options"). The zero Options let nobody in.
type Options struct {
	Enabled      bool // HttpEndpoint
	WithoutToken bool // HttpTokens is optional
	ShowTags     bool // InstanceMetadataTags
}

// A Version is the version of the service by which something was asked for: the value of ec2:RoleDelivery.
type Version string

// The versions.
const (
	V1 Version = "1.0"
	V2 Version = "2.0"
)

// Credentials are those of a session of the instance's role.
type Credentials struct {
	AccessKeyID, SecretAccessKey, Token string
	Issued, Expires                     time.Time
}

// ErrNotTrusted says that the role does not let EC2 assume it.
var ErrNotTrusted = errors.New("the role does not trust EC2")

// A Source knows one instance. It is asked with every request, because all of it may change while the instance runs.
type Source interface {
	// Instance returns the instance as it is, and whether it runs.
	Instance(ctx context.Context) (i Instance, runs bool, err error)
	// Credentials returns credentials of the role in the instance's profile, which are replaced well before they expire, or
	// ErrNotTrusted.
	Credentials(ctx context.Context, by Version) (Credentials, error)
}
