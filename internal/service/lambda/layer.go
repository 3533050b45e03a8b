package lambda

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A layerVersion is a version of a layer, which never changes.
type layerVersion struct {
	Name          string    `json:"name"`
	Number        int64     `json:"number"`
	Created       time.Time `json:"created"`
	Description   string    `json:"description,omitempty"`
	License       string    `json:"license,omitempty"`
	Runtimes      []string  `json:"runtimes,omitempty"`
	Architectures []string  `json:"architectures,omitempty"`
	Code          pack      `json:"code"`
}

func layerPrefix(region, name string) string { return "lambda:layer/" + region + "/" + name + "/" }

// The number of the next version stands beside the versions: a number is never given twice.
func layerNumberKey(region, name string) string { return "lambda:layerNumber/" + region + "/" + name }

func layerKey(region, name string, number int64) string {
	return fmt.Sprintf("%s%012d", layerPrefix(region, name), number)
}

type publishLayerInput struct {
	LayerName                                   *string `from:"path"`
	Content                                     *codeInput
	Description, LicenseInfo                    *string
	CompatibleArchitectures, CompatibleRuntimes []string
}

type layerVersionInput struct {
	LayerName     *string `from:"path"`
	VersionNumber *string `from:"path"`
}

type layerByARNInput struct {
	Arn *string `from:"query Arn"`
}

type listLayersInput struct {
	CompatibleArchitecture *string `from:"query CompatibleArchitecture"`
	CompatibleRuntime      *string `from:"query CompatibleRuntime"`
	Marker                 *string `from:"query Marker"`
	MaxItems               *int32  `from:"query MaxItems"`
}

type listLayerVersionsInput struct {
	LayerName *string `from:"path"`
	listLayersInput
}

type layerOutput struct {
	CompatibleArchitectures, CompatibleRuntimes []string
	Content                                     *layerContent
	CreatedDate                                 string
	Description                                 string
	LayerArn                                    string
	LayerVersionArn                             string
	LicenseInfo                                 *string
	Version                                     int64
}

type layerContent struct {
	CodeSha256 string
	CodeSize   int64
	Location   string
}

type listLayerVersionsOutput struct {
	LayerVersions []*listedLayer
	NextMarker    *string
}

// A listedLayer is a version without its content.
type listedLayer struct {
	CompatibleArchitectures, CompatibleRuntimes []string
	CreatedDate, Description, LayerVersionArn   string
	LicenseInfo                                 *string
	Version                                     int64
}

type listLayersOutput struct {
	Layers     []*latestLayer
	NextMarker *string
}

type latestLayer struct {
	LatestMatchingVersion *listedLayer
	LayerArn, LayerName   string
}

var (
	layerNamePattern = service.NewPattern(`^((arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+)$`)
	layerARNPattern  = service.NewPattern(`^arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+$`)
)

const shownLayerARN = `arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+`

// layerPlace reads the name or the ARN of a layer; version is that of an ARN of a version.
func layerPlace(c *service.Call, name string) (p place, version string) {
	p = place{partition: c.Identities.Partition(), account: c.Account(), region: c.Environment.Region, name: name}
	if parts := strings.Split(name, ":"); len(parts) >= 7 && parts[0] == "arn" {
		p.partition, p.region, p.account, p.name = parts[1], parts[3], parts[4], parts[6]
		if len(parts) > 7 {
			version = parts[7]
		}
	}
	return p, version
}

func (p place) layer() string {
	return "arn:" + p.partition + ":lambda:" + p.region + ":" + p.account + ":layer:" + p.name
}

// findLayer is a layer, or one of its versions, as it is judged.
func findLayer(c *service.Call, t operation.Target, value string) service.Stored {
	p, version := layerPlace(c, value)
	if t.Kind == operation.Layer {
		return service.Stored{ARN: p.layer(), Account: p.account}
	}
	if number, given := c.Input.Members.String(t.In); t.In != "" && given {
		version = number
	}
	return service.Stored{ARN: p.layer() + ":" + version, Account: p.account}
}

// own reports whether a layer is one that this call can find: in its account and region.
func (p place) own(c *service.Call) bool {
	return p.partition == c.Identities.Partition() && p.account == c.Account() && p.region == c.Environment.Region
}

func (v *layerVersion) list(p place) *listedLayer {
	d := &listedLayer{
		CompatibleArchitectures: v.Architectures, CompatibleRuntimes: v.Runtimes, CreatedDate: v.Created.UTC().Format(modified),
		Description: v.Description, LayerVersionArn: p.layer() + ":" + strconv.FormatInt(v.Number, 10), Version: v.Number,
	}
	if v.License != "" {
		d.LicenseInfo = &v.License
	}
	return d
}

func (v *layerVersion) describe(c *service.Call, plane *Plane, p place) *layerOutput {
	d := v.list(p)
	return &layerOutput{
		CompatibleArchitectures: d.CompatibleArchitectures, CompatibleRuntimes: d.CompatibleRuntimes, CreatedDate: d.CreatedDate,
		Description: d.Description, LayerArn: p.layer(), LayerVersionArn: d.LayerVersionArn, LicenseInfo: d.LicenseInfo, Version: d.Version,
		Content: &layerContent{v.Code.base64(), v.Code.Size, plane.locationOf(c, p, v.Code)},
	}
}

// layers are the handlers of calls about layers.
func (l *lambda) layers() []service.Handler {
	remove := service.Writing[layerVersionInput, struct{}]{
		Check: (*layerVersionInput).check,
		Act: func(c *service.Call, in *layerVersionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
			p, _ := layerPlace(c, *in.LayerName)
			if !p.own(c) {
				return service.Answer{}, elsewhere()
			}
			tx.Store().Delete(layerKey(p.region, p.name, numberOf(*in.VersionNumber)))
			plane := l.plane()
			return service.Answer{Status: 204, Committed: func() { plane.packages.sweepAfter(c) }}, nil
		},
	}
	get := service.Reading[layerVersionInput]{
		Check: (*layerVersionInput).check,
		Act: func(c *service.Call, in *layerVersionInput, r identity.Reader) (service.Answer, error) {
			p, _ := layerPlace(c, *in.LayerName)
			return l.getLayer(c, r, p, *in.VersionNumber)
		},
	}
	getByARN := service.Reading[layerByARNInput]{
		Check: func(in *layerByARNInput) error {
			var c constraints
			c.Required("arn", in.Arn)
			c.Length("arn", in.Arn, 1, 140)
			c.Pattern("arn", in.Arn, layerARNPattern, shownLayerARN)
			if err := c.err(); err != nil {
				return err
			}
			return checkLayerVersion((*in.Arn)[strings.LastIndexByte(*in.Arn, ':')+1:])
		},
		Act: func(c *service.Call, in *layerByARNInput, r identity.Reader) (service.Answer, error) {
			p, version := layerPlace(c, *in.Arn)
			return l.getLayer(c, r, p, version)
		},
	}
	return []service.Handler{
		l.publishLayer().Named("PublishLayerVersion"), get.Named("GetLayerVersion"), getByARN.Named("GetLayerVersionByArn"),
		remove.Named("DeleteLayerVersion"), listLayers.Named("ListLayers"), listLayerVersions.Named("ListLayerVersions"),
	}
}

func (l *lambda) getLayer(c *service.Call, r identity.Reader, p place, version string) (service.Answer, error) {
	if !p.own(c) {
		return service.Answer{}, noResource()
	}
	v, exists, err := read[layerVersion](r, layerKey(p.region, p.name, numberOf(version)))
	if err != nil || !exists {
		return service.Answer{}, orElse(err, noResource())
	}
	return service.Body(v.describe(c, l.plane(), p)), nil
}

func (in *layerVersionInput) check() error {
	var c constraints
	c.layer(in.LayerName)
	if err := c.err(); err != nil {
		return err
	}
	return checkLayerVersion(text(in.VersionNumber))
}

func checkLayerVersion(version string) error {
	if numberOf(version) == 0 {
		return invalid("Layer Version Cannot be less than 1")
	}
	return nil
}

func (c *constraints) layer(name *string) {
	c.Required("layerName", name)
	c.Length("layerName", name, 1, 140)
	c.Pattern("layerName", name, layerNamePattern, `(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+`)
}

func (l *lambda) publishLayer() service.Writing[publishLayerInput, pack] {
	return service.Writing[publishLayerInput, pack]{
		Check: func(in *publishLayerInput) error {
			var c constraints
			c.layer(in.LayerName)
			c.Present("content", in.Content != nil)
			c.Length("description", in.Description, 0, 256)
			c.Length("licenseInfo", in.LicenseInfo, 0, 512)
			for _, a := range in.CompatibleArchitectures {
				c.Enum("compatibleArchitectures", &a, "x86_64", "arm64")
			}
			for _, runtime := range in.CompatibleRuntimes {
				c.Enum("compatibleRuntimes", &runtime, slices.Concat(supported, retired)...)
			}
			if err := c.err(); err != nil {
				return err
			}
			return in.Content.check()
		},
		Prepare: func(ctx context.Context, c *service.Call, in *publishLayerInput, _ pack) (pack, error) {
			if p, _ := layerPlace(c, *in.LayerName); !p.own(c) {
				return pack{}, elsewhere()
			}
			archive, err := l.fetch(ctx, c, in.Content)
			if err != nil {
				return pack{}, err
			}
			return l.plane().packages.keep(c, archive)
		},
		Act: func(c *service.Call, in *publishLayerInput, code pack, tx identity.Tx) (service.Answer, error) {
			p, _ := layerPlace(c, *in.LayerName)
			last, _, err := read[int64](tx.Reader, layerNumberKey(p.region, p.name))
			if err != nil {
				return service.Answer{}, err
			}
			v := layerVersion{
				Name: p.name, Number: last + 1, Created: c.Now(), Description: text(in.Description), License: text(in.LicenseInfo),
				Runtimes: in.CompatibleRuntimes, Architectures: in.CompatibleArchitectures, Code: code,
			}
			if err := write(tx, layerNumberKey(p.region, p.name), v.Number); err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Status: 201, Body: v.describe(c, l.plane(), p)}, write(tx, layerKey(p.region, p.name, v.Number), &v)
		},
	}
}

// matches reports whether a version is one that a list asks for.
func (in *listLayersInput) matches(v *layerVersion) bool {
	return (in.CompatibleRuntime == nil || slices.Contains(v.Runtimes, *in.CompatibleRuntime)) &&
		(in.CompatibleArchitecture == nil || slices.Contains(v.Architectures, *in.CompatibleArchitecture))
}

func (in *listLayersInput) check(c *constraints) error {
	c.Enum("compatibleRuntime", in.CompatibleRuntime, slices.Concat(supported, retired)...)
	c.Enum("compatibleArchitecture", in.CompatibleArchitecture, "x86_64", "arm64")
	c.page(in.MaxItems, 50)
	return c.err()
}

var listLayerVersions = service.Reading[listLayerVersionsInput]{
	Check: func(in *listLayerVersionsInput) error {
		var c constraints
		c.layer(in.LayerName)
		return in.listLayersInput.check(&c)
	},
	Act: func(c *service.Call, in *listLayerVersionsInput, r identity.Reader) (service.Answer, error) {
		page, err := pageOf(c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		p, _ := layerPlace(c, *in.LayerName)
		out := listLayerVersionsOutput{LayerVersions: []*listedLayer{}}
		var versions []layerVersion
		if p.own(c) {
			versions, err = all[layerVersion](r, layerPrefix(p.region, p.name))
		}
		slices.Reverse(versions) // the newest first
		for i := range versions {
			if in.matches(&versions[i]) && page.takes(fmt.Sprintf("%012d", 1_000_000_000_000-versions[i].Number)) {
				out.LayerVersions = append(out.LayerVersions, versions[i].list(p))
			}
		}
		out.NextMarker = page.marker()
		return service.Body(&out), err
	},
}

var listLayers = service.Reading[listLayersInput]{
	Check: func(in *listLayersInput) error { return in.check(&constraints{}) },
	Act: func(c *service.Call, in *listLayersInput, r identity.Reader) (service.Answer, error) {
		page, err := pageOf(c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		versions, err := all[layerVersion](r, "lambda:layer/"+c.Environment.Region+"/")
		newest := map[string]*layerVersion{}
		for i := range versions {
			if in.matches(&versions[i]) {
				newest[versions[i].Name] = &versions[i] // of one layer, in the order of their numbers
			}
		}
		out := listLayersOutput{Layers: []*latestLayer{}}
		for _, name := range sortedKeys(newest) {
			if page.takes(name) {
				p, _ := layerPlace(c, name)
				out.Layers = append(out.Layers, &latestLayer{newest[name].list(p), p.layer(), name})
			}
		}
		out.NextMarker = page.marker()
		return service.Body(&out), err
	},
}

// layersOf looks up the layers of a configuration, as the caller: whoever uses a layer must be allowed lambda:GetLayerVersion.
func (l *lambda) layersOf(ctx context.Context, c *service.Call, arns []string) ([]layerOf, error) {
	var layers []layerOf
	for _, arn := range arns {
		_, err := l.plane().invoker.Invoke(ctx, service.Invocation{
			Service: "lambda", Operation: "GetLayerVersionByArn", Caller: c.Caller, Region: c.Environment.Region,
			Input: &layerByARNInput{&arn},
		})
		if err != nil {
			if isFault(err) && strings.Contains(err.Error(), noResource().Message) {
				err = invalid("Layer version " + clip(arn) + " does not exist.")
			}
			return nil, err
		}
		p, version := layerPlace(c, arn)
		err = c.Identities.View(ctx, c.Account(), func(r identity.Reader) error {
			v, exists, err := read[layerVersion](r, layerKey(p.region, p.name, numberOf(version)))
			if err == nil && !exists {
				err = invalid("Layer version " + clip(arn) + " does not exist.")
			}
			layers = append(layers, layerOf{arn, v.Code})
			return err
		})
		if err == nil {
			err = l.plane().packages.hold(c, layers[len(layers)-1].Code)
		}
		if err != nil {
			return nil, err
		}
	}
	return layers, nil
}
