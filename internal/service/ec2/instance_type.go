package ec2

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// An instanceType is a size of instances.
type instanceType struct {
	name      string
	cores     int32 // virtual processors
	memory    int64 // MiB
	arch      string
	burstable bool
	current   bool
}

// instanceTypes are those that examples and small applications use ("Amazon EC2 instance types"). The table is never changed.
var instanceTypes = slices.Concat(
	[]instanceType{{"m1.small", 1, 1740, "x86_64", false, false}},
	burstable("t2", "x86_64", [...]int32{1, 1, 1, 2, 2, 4, 8}),
	burstable("t3", "x86_64", [...]int32{2, 2, 2, 2, 2, 4, 8}),
	burstable("t3a", "x86_64", [...]int32{2, 2, 2, 2, 2, 4, 8}),
	burstable("t4g", "arm64", [...]int32{2, 2, 2, 2, 2, 4, 8}),
	family("c5", "x86_64", 2), family("c6g", "arm64", 2), family("c6i", "x86_64", 2), family("c7g", "arm64", 2),
	family("m5", "x86_64", 4), family("m6g", "arm64", 4), family("m6i", "x86_64", 4), family("m7g", "arm64", 4), family("m7i", "x86_64", 4),
	family("r5", "x86_64", 8), family("r6g", "arm64", 8), family("r6i", "x86_64", 8), family("r7g", "arm64", 8),
)

// burstable are the sizes nano to 2xlarge of a family, 512 MiB doubling to 32 GiB.
func burstable(family, arch string, cores [7]int32) []instanceType {
	var out []instanceType
	for i, size := range [...]string{"nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"} {
		out = append(out, instanceType{family + "." + size, cores[i], 512 << i, arch, true, true})
	}
	return out
}

// family are the sizes large to 4xlarge of a family with so many GiB for each processor.
func family(name, arch string, perCore int64) []instanceType {
	var out []instanceType
	for i, size := range [...]string{"large", "xlarge", "2xlarge", "4xlarge"} {
		cores := int32(2) << i
		out = append(out, instanceType{name + "." + size, cores, int64(cores) * perCore << 10, arch, false, true})
	}
	return out
}

func findInstanceType(name string) (instanceType, bool) {
	for _, t := range instanceTypes {
		if t.name == name {
			return t, true
		}
	}
	return instanceType{}, false
}

// cpuCredits is how instances of a type use their CPU credits unless told otherwise; empty: they have none ("Burstable performance
// instances": T2 are standard, later ones unlimited).
func cpuCredits(name string) string {
	t, _ := findInstanceType(name)
	switch {
	case !t.burstable:
		return ""
	case strings.HasPrefix(name, "t2."):
		return "standard"
	}
	return unlimited
}

const unlimited = "unlimited"

type describeInstanceTypesInput struct {
	InstanceTypes []string `wire:"InstanceType"`
	Filters       []filter `wire:"Filter"`
	MaxResults    *int32
	NextToken     *string
	DryRun        *bool
}

type describeInstanceTypesOutput struct {
	InstanceTypes []instanceTypeInfo `wire:"instanceTypeSet"`
	NextToken     *string            `wire:"nextToken"`
}

type instanceTypeInfo struct {
	InstanceType        string        `wire:"instanceType"`
	CurrentGeneration   bool          `wire:"currentGeneration"`
	FreeTierEligible    bool          `wire:"freeTierEligible"`
	UsageClasses        []string      `wire:"supportedUsageClasses"`
	RootDeviceTypes     []string      `wire:"supportedRootDeviceTypes"`
	VirtualizationTypes []string      `wire:"supportedVirtualizationTypes"`
	BareMetal           bool          `wire:"bareMetal"`
	ProcessorInfo       processorInfo `wire:"processorInfo"`
	VCPUInfo            vcpuInfo      `wire:"vCpuInfo"`
	MemoryInfo          memoryInfo    `wire:"memoryInfo"`
	InstanceStorage     bool          `wire:"instanceStorageSupported"`
	Burstable           bool          `wire:"burstablePerformanceSupported"`
}

type processorInfo struct {
	SupportedArchitectures []string `wire:"supportedArchitectures"`
}

type vcpuInfo struct {
	DefaultVCpus int32 `wire:"defaultVCpus"`
}

type memoryInfo struct {
	SizeInMiB int64 `wire:"sizeInMiB"`
}

func (t instanceType) shown() instanceTypeInfo {
	return instanceTypeInfo{
		InstanceType: t.name, CurrentGeneration: t.current, FreeTierEligible: t.name == "t2.micro" || t.name == "t3.micro",
		UsageClasses: []string{"on-demand"}, RootDeviceTypes: []string{"ebs"}, VirtualizationTypes: []string{"hvm"},
		ProcessorInfo: processorInfo{[]string{t.arch}}, VCPUInfo: vcpuInfo{t.cores}, MemoryInfo: memoryInfo{t.memory}, Burstable: t.burstable,
	}
}

var instanceTypeList = list[instanceTypeInfo]{
	key: func(t instanceTypeInfo) string { return t.InstanceType },
	attributes: func(t instanceTypeInfo) attributes {
		return attributes{
			"bare-metal": {"false"}, "burstable-performance-supported": {strconv.FormatBool(t.Burstable)},
			"current-generation": {strconv.FormatBool(t.CurrentGeneration)}, "free-tier-eligible": {strconv.FormatBool(t.FreeTierEligible)},
			"instance-storage-supported": {"false"}, "instance-type": {t.InstanceType},
			"memory-info.size-in-mib":               {strconv.FormatInt(t.MemoryInfo.SizeInMiB, 10)},
			"processor-info.supported-architecture": t.ProcessorInfo.SupportedArchitectures, "supported-root-device-type": t.RootDeviceTypes,
			"supported-usage-class": t.UsageClasses, "supported-virtualization-type": t.VirtualizationTypes,
			"vcpu-info.default-vcpus": {strconv.Itoa(int(t.VCPUInfo.DefaultVCpus))},
		}
	},
}

var describeInstanceTypes = service.Reading[describeInstanceTypesInput]{
	Check: func(in *describeInstanceTypesInput) error {
		if err := checkMax(in.MaxResults, len(in.InstanceTypes), "InstanceTypes", 5, 100); err != nil {
			return err
		}
		return checkFilters(in.Filters, instanceTypeList.anything())
	},
	Act: func(c *service.Call, in *describeInstanceTypesInput, _ identity.Reader) (service.Answer, error) {
		var all []instanceTypeInfo
		for _, t := range instanceTypes {
			all = append(all, t.shown())
		}
		found, absent := chosen(all, in.InstanceTypes, instanceTypeList.key)
		if len(absent) > 0 {
			return service.Answer{}, service.BadRequest("InvalidInstanceType",
				"The following supplied instance types do not exist: ["+strings.Join(absent, ", ")+"]")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, next, err := instanceTypeList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeInstanceTypesOutput{out, next}), err
	},
}
