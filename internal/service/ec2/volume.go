package ec2

import (
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeVolumesInput struct {
	VolumeIds  []string `wire:"VolumeId"`
	Filters    []filter `wire:"Filter"`
	MaxResults *int32
	NextToken  *string
	DryRun     *bool
}

type describeVolumesOutput struct {
	NextToken *string      `wire:"nextToken"`
	Volumes   []volumeInfo `wire:"volumeSet"`
}

type volumeInfo struct {
	VolumeID           string             `wire:"volumeId"`
	Size               int32              `wire:"size"`
	SnapshotID         *string            `wire:"snapshotId"`
	AvailabilityZone   string             `wire:"availabilityZone"`
	AvailabilityZoneID string             `wire:"availabilityZoneId"`
	State              string             `wire:"status"`
	CreateTime         time.Time          `wire:"createTime"`
	Attachments        []volumeAttachment `wire:"attachmentSet"`
	Encrypted          bool               `wire:"encrypted"`
	Iops               *int32             `wire:"iops"`
	Throughput         *int32             `wire:"throughput"`
	Tags               []tagInfo          `wire:"tagSet"`
	VolumeType         string             `wire:"volumeType"`
	MultiAttachEnabled bool               `wire:"multiAttachEnabled"`
}

type volumeAttachment struct {
	VolumeID            string    `wire:"volumeId"`
	InstanceID          string    `wire:"instanceId"`
	Device              string    `wire:"device"`
	State               string    `wire:"status"`
	AttachTime          time.Time `wire:"attachTime"`
	DeleteOnTermination bool      `wire:"deleteOnTermination"`
}

var volumeList = list[volumeInfo]{
	key: func(v volumeInfo) string { return v.VolumeID },
	attributes: func(v volumeInfo) attributes {
		a := attributes{
			"availability-zone": {v.AvailabilityZone}, "availability-zone-id": {v.AvailabilityZoneID},
			"create-time": {stamp(v.CreateTime)}, "encrypted": {strconv.FormatBool(v.Encrypted)},
			"fast-restored": {"false"}, "multi-attach-enabled": {"false"}, "size": {strconv.Itoa(int(v.Size))}, "snapshot-id": {text(v.SnapshotID)},
			"status": {v.State}, "volume-id": {v.VolumeID}, "volume-type": {v.VolumeType}, "attachment.attach-time": nil,
			"attachment.delete-on-termination": nil, "attachment.device": nil, "attachment.instance-id": nil, "attachment.status": nil,
		}
		for _, at := range v.Attachments {
			a["attachment.delete-on-termination"] = []string{strconv.FormatBool(at.DeleteOnTermination)}
			a["attachment.attach-time"] = []string{stamp(at.AttachTime)}
			a["attachment.device"], a["attachment.instance-id"], a["attachment.status"] = []string{at.Device}, []string{at.InstanceID}, []string{at.State}
		}
		return a.tagged(storedTags(v.Tags))
	},
}

var describeVolumes = service.Reading[describeVolumesInput]{
	Check: func(in *describeVolumesInput) error {
		if err := checkIDs("vol", in.VolumeIds...); err != nil {
			return err
		}
		if err := checkFilters(in.Filters, volumeList.anything()); err != nil {
			return err
		}
		return checkMax(in.MaxResults, len(in.VolumeIds), "volumeIds", 5, 1000)
	},
	Act: func(c *service.Call, in *describeVolumesInput, r identity.Reader) (service.Answer, error) {
		all, err := shownVolumes(c, r)
		if err != nil {
			return service.Answer{}, err
		}
		found, absent := chosen(all, in.VolumeIds, volumeList.key)
		if len(absent) > 0 {
			return service.Answer{}, service.BadRequest("InvalidVolume.NotFound", "The volume '"+strings.Join(absent, ", ")+"' does not exist.")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		some, next, err := volumeList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeVolumesOutput{next, some}), err
	},
}

// shownVolumes are the volumes of all instances that have not been terminated.
func shownVolumes(c *service.Call, r identity.Reader) ([]volumeInfo, error) {
	var out []volumeInfo
	for i, err := range instancesOf(r, c.Environment.Region) {
		if err != nil {
			return nil, err
		}
		if i.state(c.Now()) == terminated {
			continue
		}
		for _, v := range i.Volumes {
			tags, err := readTags(r, i.Region, v.ID)
			if err != nil {
				return nil, err
			}
			out = append(out, v.shown(&i, tags))
		}
	}
	return out, nil
}

func (v volume) shown(i *instance, tags []identity.Tag) volumeInfo {
	out := volumeInfo{
		VolumeID: v.ID, Size: v.Size, SnapshotID: &v.Snapshot, AvailabilityZone: i.Zone, AvailabilityZoneID: i.ZoneID, State: "in-use",
		CreateTime: i.made(), Encrypted: v.Encrypted, Tags: shownTags(tags), VolumeType: v.Type,
		Attachments: []volumeAttachment{{v.ID, i.ID, v.Device, "attached", i.made(), true}},
	}
	if iops := v.iops(); iops > 0 {
		out.Iops = &iops
	}
	if throughput := v.throughput(); throughput > 0 {
		out.Throughput = &throughput
	}
	return out
}
