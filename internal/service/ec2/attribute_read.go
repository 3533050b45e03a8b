package ec2

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeAttributeInput struct {
	InstanceId *string
	Attribute  *string
	DryRun     *bool
}

// An attributeOutput has the one attribute that was asked for.
type attributeOutput struct {
	InstanceID         string           `wire:"instanceId"`
	Groups             []groupName      `wire:"groupSet"`
	BlockDevices       []instanceDevice `wire:"blockDeviceMapping"`
	ProductCodes       []struct{}       `wire:"productCodes"`
	ShutdownBehavior   *shownText       `wire:"instanceInitiatedShutdownBehavior"`
	InstanceType       *shownText       `wire:"instanceType"`
	KernelID           *shownText       `wire:"kernel"`
	RamdiskID          *shownText       `wire:"ramdisk"`
	RootDeviceName     *shownText       `wire:"rootDeviceName"`
	SriovNetSupport    *shownText       `wire:"sriovNetSupport"`
	UserData           *shownText       `wire:"userData"`
	DisableStop        *shownFlag       `wire:"disableApiStop"`
	DisableTermination *shownFlag       `wire:"disableApiTermination"`
	EbsOptimized       *shownFlag       `wire:"ebsOptimized"`
	EnaSupport         *shownFlag       `wire:"enaSupport"`
	SourceDestCheck    *shownFlag       `wire:"sourceDestCheck"`
	EnclaveOptions     *enabledOption   `wire:"enclaveOptions"`
}

// A shownText is a text in answers. What has none is an empty element.
type shownText struct {
	Value string `wire:"value"`
}

type shownFlag struct {
	Value *bool `wire:"value"` // written even if it is false
}

func shownValue(b bool) *shownFlag { return &shownFlag{&b} }

// told are what becomes of an answer by each attribute (API Reference, DescribeInstanceAttribute).
var told = map[string]func(o *attributeOutput, i *instance, shown instanceInfo){
	"blockDeviceMapping": func(o *attributeOutput, _ *instance, shown instanceInfo) { o.BlockDevices = shown.BlockDevices },
	"disableApiStop":     func(o *attributeOutput, i *instance, _ instanceInfo) { o.DisableStop = shownValue(i.KeepsRunning) },
	"disableApiTermination": func(o *attributeOutput, i *instance, _ instanceInfo) {
		o.DisableTermination = shownValue(i.KeepsLiving)
	},
	"ebsOptimized":                      func(o *attributeOutput, i *instance, _ instanceInfo) { o.EbsOptimized = shownValue(i.EbsOptimized) },
	"enaSupport":                        func(o *attributeOutput, _ *instance, shown instanceInfo) { o.EnaSupport = shownValue(shown.EnaSupport) },
	"enclaveOptions":                    func(o *attributeOutput, _ *instance, shown instanceInfo) { o.EnclaveOptions = &shown.EnclaveOptions },
	"instanceInitiatedShutdownBehavior": func(o *attributeOutput, i *instance, _ instanceInfo) { o.ShutdownBehavior = &shownText{i.onShutdown()} },
	"instanceType":                      func(o *attributeOutput, i *instance, _ instanceInfo) { o.InstanceType = &shownText{i.Type} },
	"kernel":                            func(o *attributeOutput, _ *instance, _ instanceInfo) { o.KernelID = &shownText{} },
	"productCodes":                      func(o *attributeOutput, _ *instance, shown instanceInfo) { o.ProductCodes = shown.ProductCodes },
	"ramdisk":                           func(o *attributeOutput, _ *instance, _ instanceInfo) { o.RamdiskID = &shownText{} },
	"rootDeviceName":                    func(o *attributeOutput, i *instance, _ instanceInfo) { o.RootDeviceName = &shownText{i.RootDevice} },
	"sourceDestCheck":                   func(o *attributeOutput, _ *instance, _ instanceInfo) { o.SourceDestCheck = shownValue(true) },
	"sriovNetSupport":                   func(o *attributeOutput, _ *instance, _ instanceInfo) { o.SriovNetSupport = &shownText{sriovSupport} },
	"userData":                          func(o *attributeOutput, i *instance, _ instanceInfo) { o.UserData = &shownText{i.UserData} },
	groupSet: func(o *attributeOutput, _ *instance, shown instanceInfo) {
		o.Groups = []groupName{}
		for _, g := range shown.SecurityGroups {
			o.Groups = append(o.Groups, groupName{GroupID: g.GroupID})
		}
	},
}

func (i *instance) onShutdown() string {
	if i.ShutdownTerminates {
		return "terminate"
	}
	return "stop"
}

var describeInstanceAttribute = service.Reading[describeAttributeInput]{
	Check: func(in *describeAttributeInput) error {
		switch {
		case in.InstanceId == nil:
			return missing("InstanceId")
		case in.Attribute == nil:
			return missing("Attribute")
		case told[*in.Attribute] == nil:
			return invalid(*in.Attribute, "attribute", "Unknown attribute.")
		}
		return checkIDs("i", *in.InstanceId)
	},
	Act: func(c *service.Call, in *describeAttributeInput, r identity.Reader) (service.Answer, error) {
		i, exists, err := readInstance(r, c.Environment.Region, *in.InstanceId)
		if err != nil {
			return service.Answer{}, err
		}
		if !exists || i.gone(c.Now()) {
			return service.Answer{}, noSuchInstances([]string{*in.InstanceId})
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out := &attributeOutput{InstanceID: i.ID}
		told[*in.Attribute](out, &i, i.shown(networkOf(c), nil, c.Now()))
		return service.Body(out), nil
	},
}
