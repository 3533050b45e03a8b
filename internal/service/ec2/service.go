package ec2

import (
	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns EC2, whose running instances have their metadata services with e.
func Service(e Endpoints) service.Service {
	return service.Service{
		Name: "ec2",
		Handlers: []service.Handler{
			describeRegions.Named("DescribeRegions"),
			describeZones.Named("DescribeAvailabilityZones"),
			describeVPCs.Named("DescribeVpcs"),
			describeSubnets.Named("DescribeSubnets"),
			describeSecurityGroups.Named("DescribeSecurityGroups"),
			describeRules.Named("DescribeSecurityGroupRules"),
			createGroup.Named("CreateSecurityGroup"),
			deleteGroup.Named("DeleteSecurityGroup"),
			authorizing(false).Named("AuthorizeSecurityGroupIngress"),
			authorizing(true).Named("AuthorizeSecurityGroupEgress"),
			revoking(false).Named("RevokeSecurityGroupIngress"),
			revoking(true).Named("RevokeSecurityGroupEgress"),
			describeImages.Named("DescribeImages"),
			describeInstanceTypes.Named("DescribeInstanceTypes"),
			describeKeyPairs.Named("DescribeKeyPairs"),
			createKeyPair.Named("CreateKeyPair"),
			importKeyPair.Named("ImportKeyPair"),
			deleteKeyPair.Named("DeleteKeyPair"),
			runInstances(e).Named("RunInstances"),
			describeInstances.Named("DescribeInstances"),
			describeInstanceStatus.Named("DescribeInstanceStatus"),
			describeInstanceAttribute.Named("DescribeInstanceAttribute"),
			describeCredits.Named("DescribeInstanceCreditSpecifications"),
			describeInterfaces.Named("DescribeNetworkInterfaces"),
			describeVolumes.Named("DescribeVolumes"),
			moving(e, startInstances).Named("StartInstances"),
			moving(e, stopInstances).Named("StopInstances"),
			rebootInstances.Named("RebootInstances"),
			moving(e, terminateInstances).Named("TerminateInstances"),
			modifyInstanceAttribute.Named("ModifyInstanceAttribute"),
			modifyMetadataOptions.Named("ModifyInstanceMetadataOptions"),
			associateProfile.Named("AssociateIamInstanceProfile"),
			replaceProfile.Named("ReplaceIamInstanceProfileAssociation"),
			disassociateProfile.Named("DisassociateIamInstanceProfile"),
			describeProfiles.Named("DescribeIamInstanceProfileAssociations"),
			createTags.Named("CreateTags"),
			deleteTags.Named("DeleteTags"),
			describeTags.Named("DescribeTags"),
		},
		Facts: []string{
			"ImageId", "InstanceId", "InstanceProfileArn", "InstanceTags", "KeyName", "KeyPairTags", "LaunchTemplateId",
			"NetworkInterfaceTags",
			"ResourceArns", "SecurityGroupId", "SecurityGroupIds", "SecurityGroupRuleTags", "SecurityGroupTags", "SubnetIds", "VolumeTags", "Volumes",
			"VpcId",
		},
		Gather: gather,
		Find:   find,
	}
}
