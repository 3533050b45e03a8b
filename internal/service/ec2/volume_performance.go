package ec2

import (
	"fmt"

	"github.com/ambit-iam/ambit/internal/service"
)

// An iopsRange is what the I/O operations per second of a volume can be (API Reference, EbsBlockDevice, Iops; "Amazon EBS volume types").
type iopsRange struct{ least, most, perGiB int32 }

// provisioned are the types of volumes of which they can be chosen. The table is never changed.
var provisioned = map[string]iopsRange{"gp3": {3000, 80000, 500}, "io1": {100, 64000, 50}, "io2": {100, 256000, 1000}}

// What a gp3 volume has unless the input says otherwise, and the most that its throughput, in MiB/s, can be.
const (
	baseIOPS       = 3000
	baseThroughput = 125
	maxThroughput  = 2000
	iopsPerMiBps   = 4
)

// checkPerformance checks what a launch says of a volume's speed. The sentences are those of answers seen in public (aws/aws-sdk#542,
// boto/boto3#2474, velero-io/velero-plugin-for-aws#119, gardener/machine-controller-manager-provider-aws#95, rocicorp/mono#4410,
// runs-on/runs-on#260).
func (d *inputDevice) checkPerformance(v volume, from image) error {
	limits, chosen := provisioned[v.Type]
	hardDisk := v.Type == "st1" || v.Type == "sc1"
	switch iops := d.Ebs.Iops; {
	case !chosen && (iops != nil || hardDisk && v.Device == from.root): // AWS says so of root volumes too that no IOPS were asked for
		return together("The parameter iops is not supported for " + v.Type + " volumes.")
	case iops == nil && chosen && v.Type != "gp3":
		return together("The parameter iops must be specified for " + v.Type + " volumes.")
	case iops == nil:
	case *iops < limits.least:
		return invalidValue(fmt.Sprintf("Volume iops of %d is too low; minimum is %d.", *iops, limits.least))
	case *iops > limits.most:
		return invalidValue(fmt.Sprintf("Volume iops of %d is too high; maximum is %d.", *iops, limits.most))
	case *iops > limits.least && *iops > v.Size*limits.perGiB:
		return invalidValue(fmt.Sprintf("Iops to volume size ratio of %f is too high; maximum is %d", float64(*iops)/float64(v.Size), limits.perGiB))
	}
	switch t := d.Ebs.Throughput; {
	case t == nil:
	case v.Type != "gp3":
		return service.BadRequest("InvalidBlockDeviceMapping", "throughput cannot be specified with the volumeType of device '"+v.Device+"'")
	case *t < baseThroughput:
		return invalidValue(fmt.Sprintf("Volume throughput of %d is too low; minimum is %d.", *t, baseThroughput))
	case *t > maxThroughput:
		return invalidValue(fmt.Sprintf("Volume throughput of %d is too high; maximum is %d.", *t, maxThroughput))
	case *t*iopsPerMiBps > v.iops():
		return invalidValue(fmt.Sprintf("Throughput (MiBps) to iops ratio of %f is too high; maximum is %f MiBps per iops.",
			float64(*t)/float64(v.iops()), 1./iopsPerMiBps))
	}
	return nil
}

// iops are those that the volume has; 0: its type tells none.
func (v volume) iops() int32 {
	switch {
	case v.IOPS != 0:
		return v.IOPS
	case v.Type == "gp3":
		return baseIOPS
	case v.Type == "gp2": // three for each GiB ("General Purpose SSD volumes")
		return min(max(3*v.Size, 100), 16000)
	}
	return 0
}

// throughput is that of the volume, in MiB/s; 0: its type tells none.
func (v volume) throughput() int32 {
	if v.Throughput == 0 && v.Type == "gp3" {
		return baseThroughput
	}
	return v.Throughput
}
