package lambda

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A configurationInput has the members that functions are configured with.
type configurationInput struct {
	Description, Handler, KMSKeyArn, Role, Runtime *string
	MemorySize, Timeout                            *int32
	Environment                                    *environmentInput
	EphemeralStorage                               *ephemeralStorage
	Layers                                         []string
	LoggingConfig                                  *loggingConfig
	TracingConfig                                  *tracingConfig
	VpcConfig                                      *vpcConfig
	DeadLetterConfig                               *deadLetterConfig
	FileSystemConfigs                              []fileSystemConfig
	ImageConfig                                    *imageConfig
	SnapStart                                      *snapStart
}

type environmentInput struct{ Variables map[string]string }

type ephemeralStorage struct{ Size *int32 }

type loggingConfig struct{ LogFormat, LogGroup, ApplicationLogLevel, SystemLogLevel *string }

type tracingConfig struct{ Mode *string }

type vpcConfig struct {
	SubnetIds, SecurityGroupIds []string
	Ipv6AllowedForDualStack     *bool
}

type deadLetterConfig struct{ TargetArn *string }

type fileSystemConfig struct{ Arn, LocalMountPath *string }

type imageConfig struct {
	Command, EntryPoint []string
	WorkingDirectory    *string
}

type snapStart struct{ ApplyOn *string }

// Limits of a configuration (API reference, CreateFunction).
const (
	leastMemory, mostMemory       = 128, 10240
	leastTimeout, mostTimeout     = 1, 900
	leastEphemeral, mostEphemeral = 512, 10240
	mostLayers                    = 5
)

var (
	rolePattern    = service.NewPattern(`^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$`)
	handlerPattern = service.NewPattern(`^\S+$`)
	groupPattern   = service.NewPattern(`^[\.\-_/#A-Za-z0-9]+$`)
)

const shownRole = `arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`

// check checks the shape of a configuration.
func (in *configurationInput) check(c *constraints) error {
	c.Pattern("role", in.Role, rolePattern, shownRole)
	c.Length("description", in.Description, 0, 256)
	c.Length("handler", in.Handler, 0, 128)
	c.Pattern("handler", in.Handler, handlerPattern, `[^\s]+`)
	c.Between("memorySize", in.MemorySize, leastMemory, mostMemory)
	c.Between("timeout", in.Timeout, leastTimeout, mostTimeout)
	if e := in.EphemeralStorage; e != nil {
		c.Present("ephemeralStorage.size", e.Size != nil)
		c.Between("ephemeralStorage.size", e.Size, leastEphemeral, mostEphemeral)
	}
	if t := in.TracingConfig; t != nil {
		c.Enum("tracingConfig.mode", t.Mode, "Active", "PassThrough")
	}
	if l := in.LoggingConfig; l != nil {
		c.Enum("loggingConfig.logFormat", l.LogFormat, "JSON", "Text")
		c.Length("loggingConfig.logGroup", l.LogGroup, 1, 512)
		c.Pattern("loggingConfig.logGroup", l.LogGroup, groupPattern, `[\.\-_/#A-Za-z0-9]+`)
	}
	if s := in.SnapStart; s != nil {
		c.Enum("snapStart.applyOn", s.ApplyOn, "PublishedVersions", "None")
	}
	// Conditions on lambda:Layer see the ARNs as they are given, so that no other text may find a layer.
	c.Each("layers", in.Layers, 1, 140, layerARNPattern, shownLayerARN)
	if err := c.err(); err != nil {
		return err
	}
	return checkVariables(c, in.Environment)
}

// unserved refuses settings that nothing here would carry out. It is asked after authorisation, which may depend on them.
func (in *configurationInput) unserved() error {
	switch {
	case in.VpcConfig != nil && len(in.VpcConfig.SubnetIds)+len(in.VpcConfig.SecurityGroupIds) > 0:
		return unserved("VpcConfig", "functions run on this machine, in no VPC")
	case in.DeadLetterConfig != nil && text(in.DeadLetterConfig.TargetArn) != "":
		return unserved("DeadLetterConfig", "there is neither SQS nor SNS to deliver to")
	case len(in.FileSystemConfigs) > 0:
		return unserved("FileSystemConfigs", "there is no EFS")
	case in.ImageConfig != nil:
		return unserved("ImageConfig", "functions run from zip archives only")
	case text(in.KMSKeyArn) != "":
		return unserved("KMSKeyArn", "there is no KMS; variables are encrypted with the key of the data directory")
	case in.SnapStart != nil && text(in.SnapStart.ApplyOn) == "PublishedVersions":
		return unserved("SnapStart", "no snapshots are taken")
	case in.LoggingConfig != nil && (text(in.LoggingConfig.LogFormat) == "JSON" || in.LoggingConfig.ApplicationLogLevel != nil || in.LoggingConfig.SystemLogLevel != nil):
		return unserved("LoggingConfig.LogFormat JSON", "logs are text")
	case len(in.Layers) > mostLayers:
		return invalid("Cannot reference more than 5 layers.")
	}
	return nil
}

// apply changes a revision as the input says; what it does not say stays. Layers were looked up.
func (in *configurationInput) apply(v *revision) {
	for _, m := range []struct {
		to   *string
		from *string
	}{{&v.Description, in.Description}, {&v.Handler, in.Handler}, {&v.Role, in.Role}, {&v.Runtime, in.Runtime}} {
		if m.from != nil {
			*m.to = *m.from
		}
	}
	if in.MemorySize != nil {
		v.Memory = *in.MemorySize
	}
	if in.Timeout != nil {
		v.Timeout = *in.Timeout
	}
	if in.EphemeralStorage != nil {
		v.Ephemeral = *in.EphemeralStorage.Size
	}
	if in.TracingConfig != nil && in.TracingConfig.Mode != nil {
		v.Tracing = *in.TracingConfig.Mode
	}
	if in.LoggingConfig != nil && in.LoggingConfig.LogGroup != nil {
		v.LogGroup = *in.LoggingConfig.LogGroup
	}
}

// A configuration is what is told of a version.
type configuration struct {
	Architectures              []string
	CodeSha256                 string
	CodeSize                   int64
	Description                *string
	Environment                *environmentOutput
	EphemeralStorage           ephemeralStorageOutput
	FunctionArn                string
	FunctionName               string
	Handler                    string
	LastModified               string
	LastUpdateStatus           *string
	LastUpdateStatusReason     *string
	LastUpdateStatusReasonCode *string
	Layers                     []layerReference
	LoggingConfig              loggingOutput
	MemorySize                 int32
	PackageType                string
	RevisionId                 string
	Role                       string
	Runtime                    string
	SnapStart                  snapStartOutput
	State                      *string
	StateReason                *string
	StateReasonCode            *string
	Timeout                    int32
	TracingConfig              tracingOutput
	Version                    string
}

type environmentOutput struct{ Variables map[string]string }

type ephemeralStorageOutput struct{ Size int32 }

type layerReference struct {
	Arn      string
	CodeSize int64
}

type loggingOutput struct{ LogFormat, LogGroup string }

type snapStartOutput struct{ ApplyOn, OptimizationStatus string }

type tracingOutput struct{ Mode string }

// modified spells a time as Lambda does.
const modified = "2006-01-02T15:04:05.000-0700"

// describe tells of a version, without its state: as lists do.
func (v *revision) describe(r identity.Reader, p place) (*configuration, error) {
	variables, err := v.variables(r.In(p.account))
	if err != nil {
		return nil, err
	}
	d := &configuration{
		Architectures: []string{v.Architecture}, CodeSha256: v.Code.base64(), CodeSize: v.Code.Size, Description: &v.Description,
		EphemeralStorage: ephemeralStorageOutput{v.Ephemeral}, FunctionArn: p.arn(), FunctionName: p.name, Handler: v.Handler,
		LastModified: v.Modified.UTC().Format(modified), LoggingConfig: loggingOutput{"Text", v.LogGroup}, MemorySize: v.Memory,
		PackageType: "Zip", RevisionId: v.RevisionID, Role: v.Role, Runtime: v.Runtime,
		SnapStart: snapStartOutput{"None", "Off"}, Timeout: v.Timeout, TracingConfig: tracingOutput{v.Tracing}, Version: v.Version,
	}
	if variables != nil {
		d.Environment = &environmentOutput{variables}
	}
	for _, l := range v.Layers {
		d.Layers = append(d.Layers, layerReference{l.ARN, l.Code.Size})
	}
	return d, nil
}

// base64 is the hash of the archive as Lambda spells it.
func (p pack) base64() string {
	raw, err := hex.DecodeString(p.SHA256)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// inState adds in which state a version is.
func (d *configuration) inState(s state) *configuration {
	d.State, d.StateReason, d.StateReasonCode = &s.name, s.reason, s.code
	if s.name == active {
		successful := "Successful"
		d.LastUpdateStatus = &successful
	}
	return d
}

// beingCreated and beingUpdated are told of what was just done: it takes effect with the answer, and clients wait for it.
func (d *configuration) beingCreated() *configuration {
	d.State, d.StateReason, d.StateReasonCode = strings3("Pending", "The function is being created.", "Creating")
	return d
}

func (d *configuration) beingUpdated() *configuration {
	name := active
	d.State = &name
	d.LastUpdateStatus, d.LastUpdateStatusReason, d.LastUpdateStatusReasonCode = strings3("InProgress", "The function is being created.", "Creating")
	return d
}

func strings3(a, b, c string) (*string, *string, *string) { return &a, &b, &c }

// A state is that of a version: whether it can be invoked.
type state struct {
	name         string
	reason, code *string
}

const active = "Active"

// stateOf is the state of everything that runs with a runtime.
func (l *lambda) stateOf(runtime string) state {
	readiness, reason := l.plane().runner.Prepare(runtime)
	switch readiness {
	case Ready:
		return state{name: active}
	case Installing:
		code := "Creating"
		return state{"Pending", &reason, &code}
	}
	code := "InvalidRuntime"
	return state{"Failed", &reason, &code}
}

// trusted asks whether the role can be assumed by Lambda, by assuming it.
func (l *lambda) trusted(ctx context.Context, c *service.Call, role, name string) error {
	account := strings.Split(role, ":")[4]
	if account != c.Account() {
		return service.Forbidden("AccessDeniedException", "Cross-account pass role is not allowed.")
	}
	_, _, err := l.plane().sessions.Issue(ctx, service.RoleSession{
		Service: servicePrincipal, RoleARN: role, Name: sessionName(name), Region: c.Environment.Region,
	})
	if isFault(err) {
		return invalid("The role defined for the function cannot be assumed by Lambda.")
	}
	return err
}
