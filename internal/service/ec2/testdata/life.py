"""The life of instances, as boto3 sees it. Every answer is held against botocore's model: nothing in it is unknown, every value is of
its type and in its enumeration.

The endpoint and the keys are in the environment.
"""
import datetime
import time
import xml.etree.ElementTree as ElementTree

import boto3
from botocore.exceptions import ClientError

NAMESPACE = "{http://ec2.amazonaws.com/doc/2016-11-15/}"
judged = set()


def judge(at, shape, element):
    children = list(element)
    if shape.type_name == "structure":
        known = {m.serialization.get("name", name): m for name, m in shape.members.items()}
        names = [c.tag.removeprefix(NAMESPACE) for c in children]
        assert len(names) == len(set(names)), f"{at}: {names}"
        for name, child in zip(names, children):
            assert name in known, f"{at}: {name} is not in the model, which has {sorted(known)}"
            judge(f"{at}.{name}", known[name], child)
        for name in shape.required_members:
            assert shape.members[name].serialization.get("name", name) in names, f"{at}: {name} is missing"
        return
    if shape.type_name == "list":
        for child in children:
            assert child.tag == NAMESPACE + shape.member.serialization.get("name", "member"), f"{at}: {child.tag}"
            judge(at + "[]", shape.member, child)
        return
    text = element.text or ""
    assert not children, f"{at}: elements in a {shape.type_name}"
    if shape.type_name == "string":
        assert not getattr(shape, "enum", None) or text in shape.enum, f"{at}: {text} is not in {shape.enum}"
    elif shape.type_name in ("integer", "long"):
        int(text)
    elif shape.type_name == "boolean":
        assert text in ("true", "false"), f"{at}: {text}"
    elif shape.type_name == "timestamp":
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    else:
        raise AssertionError(f"{at}: values of type {shape.type_name} are not judged")


def after(http_response, model, **_):
    if http_response.status_code != 200:
        return
    root = ElementTree.fromstring(http_response.content)
    assert root.tag == NAMESPACE + model.name + "Response", root.tag
    request = root.find(NAMESPACE + "requestId")
    assert request is not None and len(request.text) == 36, http_response.content
    root.remove(request)
    if model.output_shape:
        judge(model.name, model.output_shape, root)
    else:
        assert [(c.tag, c.text) for c in root] == [(NAMESPACE + "return", "true")], http_response.content
    judged.add(model.name)


def client(region="eu-central-1"):
    made = boto3.client("ec2", region_name=region)
    made.meta.events.register("after-call.ec2", lambda http_response, model, **rest: after(http_response, model, **rest))
    return made


def refused(code, says, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        told = e.response["Error"]
        assert told["Code"] == code and says in told["Message"], told
        return
    raise AssertionError(f"{call.__name__} of {arguments} is not refused with {code}")


ec2 = client()

# What there is.
assert "eu-central-1" in [r["RegionName"] for r in ec2.describe_regions()["Regions"]]
zones = [z["ZoneName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]]
assert zones == ["eu-central-1a", "eu-central-1b", "eu-central-1c"], zones
vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
assert len(subnets) == 3 and all(s["AvailableIpAddressCount"] == 4091 for s in subnets)
group = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["GroupId"]
assert ec2.describe_key_pairs()["KeyPairs"] == []
tagged = [{"ResourceType": "key-pair", "Tags": [{"Key": "Crew", "Value": "blue"}]}]
mine = ec2.create_key_pair(KeyName="mine", TagSpecifications=tagged)
assert mine["KeyMaterial"].startswith("-----BEGIN RSA PRIVATE KEY-----") and len(mine["KeyFingerprint"]) == 59 and mine["Tags"] == tagged[0]["Tags"]
small = ec2.create_key_pair(KeyName="small", KeyType="ed25519")
assert small["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----") and small["KeyFingerprint"].endswith("=")
refused("InvalidKeyPair.Duplicate", "", ec2.create_key_pair, KeyName="mine")
for pair in ec2.describe_key_pairs(IncludePublicKey=True, KeyNames=["mine", "small"])["KeyPairs"]:
    print("public", pair["KeyName"], pair["PublicKey"])
    again = ec2.import_key_pair(KeyName="again-" + pair["KeyName"], PublicKeyMaterial=pair["PublicKey"] + " me@home")
    assert again["KeyPairId"] != pair["KeyPairId"] and (again["KeyFingerprint"] == pair["KeyFingerprint"]) == (pair["KeyName"] == "small")
for secret in (mine, small):
    print("private", secret["KeyName"], repr(secret["KeyMaterial"]))
refused("InvalidKey.Format", "OpenSSH", ec2.import_key_pair, KeyName="bad", PublicKeyMaterial="ssh-rsa AAAA")
assert [k["KeyName"] for k in ec2.describe_key_pairs(Filters=[{"Name": "tag:Crew", "Values": ["blue"]}])["KeyPairs"]] == ["mine"]
ec2.create_tags(Resources=[small["KeyPairId"]], Tags=[{"Key": "Crew", "Value": "red"}])
assert ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": ["key-pair"]}])["Tags"][0]["Key"] == "Crew"
ec2.delete_key_pair(KeyPairId=small["KeyPairId"])
ec2.delete_key_pair(KeyName="absent")
assert len(ec2.describe_key_pairs()["KeyPairs"]) == 3
types = [t["InstanceType"] for page in ec2.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": 20})
         for t in page["InstanceTypes"]]
assert len(types) == len(set(types)) > 70 and "t3.micro" in types
images = ec2.describe_images(Owners=["amazon"], Filters=[
    {"Name": "name", "Values": ["al2023-ami-2023.*-x86_64"]}, {"Name": "architecture", "Values": ["x86_64"]}])["Images"]
image = sorted(images, key=lambda i: i["CreationDate"])[-1]["ImageId"]
assert client("us-east-1").describe_images(ImageIds=[])["Images"][0]["ImageId"] != image
refused("InvalidAMIID.NotFound", "The image id '[" + image + "]' does not exist", client("us-east-1").describe_images, ImageIds=[image])
assert ec2.describe_images(Owners=["099720109477"], Filters=[{"Name": "name", "Values": ["ubuntu/images/*/ubuntu-noble-24.04-amd64-server-*"]}])["Images"]

# A launch.
launch = {
    "ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 3, "KeyName": "mine", "ClientToken": "once", "SubnetId": subnets[1]["SubnetId"],
    "SecurityGroupIds": [group], "UserData": "#!/bin/sh\n", "Monitoring": {"Enabled": True},
    "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True}},
                            {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 5}}],
    "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "Empty", "Value": ""}]},
                          {"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "disk"}]},
                          {"ResourceType": "network-interface", "Tags": [{"Key": "Name", "Value": "wire"}]}],
}
refused("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", ec2.run_instances, DryRun=True, **launch)
made = ec2.run_instances(**launch)
ids = [i["InstanceId"] for i in made["Instances"]]
assert len(set(ids)) == 3 and [i["AmiLaunchIndex"] for i in made["Instances"]] == [0, 1, 2]
assert all(i["State"] == {"Code": 0, "Name": "pending"} for i in made["Instances"])
assert made["Instances"][0]["Tags"] == [{"Key": "Empty", "Value": ""}, {"Key": "Name", "Value": "web"}]
assert len({i["PrivateIpAddress"] for i in made["Instances"]}) == 3
again = ec2.run_instances(**launch)
assert again["ReservationId"] == made["ReservationId"] and [i["InstanceId"] for i in again["Instances"]] == ids
refused("IdempotentParameterMismatch", "inconsistent", ec2.run_instances, **{**launch, "MaxCount": 2})

time.sleep(0.6)
ec2.get_waiter("instance_running").wait(InstanceIds=ids)
shown = ec2.describe_instances(InstanceIds=ids)["Reservations"]
assert len(shown) == 1 and [i["InstanceId"] for i in shown[0]["Instances"]] == ids
assert ec2.describe_instance_status(InstanceIds=ids)["InstanceStatuses"][0]["InstanceStatus"]["Status"] == "ok"
volumes = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": ids[:1]}])["Volumes"]
assert sorted((v["Size"], v["VolumeType"]) for v in volumes) == [(5, "gp2"), (20, "gp3")]
assert all(v["Tags"] == [{"Key": "Name", "Value": "disk"}] for v in volumes)
taken = {s["SubnetId"]: s["AvailableIpAddressCount"] for s in ec2.describe_subnets()["Subnets"]}
assert taken[subnets[1]["SubnetId"]] == 4088 and sum(taken.values()) == 3 * 4091 - 3

# Lists.
for number in range(4):
    ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=2, MaxCount=2)
pages = list(ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5}))
everything = [i["InstanceId"] for page in pages for r in page["Reservations"] for i in r["Instances"]]
assert len(pages) == 3 and len(everything) == len(set(everything)) == 11
for name, values, many in [
    ("tag:Name", ["we?"], 3), ("tag-key", ["Empty"], 3), ("tag:Empty", [""], 3), ("instance-type", ["t3.*"], 11),
    ("instance-id", ids[:2], 2), ("reservation-id", [made["ReservationId"]], 3), ("client-token", ["once"], 3), ("platform", ["windows"], 0),
    ("subnet-id", [subnets[1]["SubnetId"]], 3), ("instance.group-id", [group], 11), ("private-ip-address", ["172.31.*"], 11),
    ("block-device-mapping.device-name", ["/dev/sdb"], 3), ("instance-state-code", ["16"], 11), ("tag:Name", ["WEB"], 0),
    ("availability-zone", [subnets[1]["AvailabilityZone"]], 3), ("monitoring-state", ["enabled"], 3), ("key-name", ["mine"], 3),
]:
    time.sleep(0.6 if name == "instance-state-code" else 0)
    found = ec2.describe_instances(Filters=[{"Name": name, "Values": values}])["Reservations"]
    assert sum(len(r["Instances"]) for r in found) == many, (name, values, found)

# Tags.
ec2.create_tags(Resources=[ids[0], vpc, image], Tags=[{"Key": "Team", "Value": "blue"}, {"Key": "Name", "Value": "db"}])
assert {t["ResourceType"] for t in ec2.describe_tags(Filters=[{"Name": "key", "Values": ["Team"]}])["Tags"]} == {"instance", "vpc", "image"}
assert ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [ids[0]]}, {"Name": "tag:Name", "Values": ["*"]}])["Tags"][0]["Value"] == "db"
ec2.delete_tags(Resources=[ids[0]], Tags=[{"Key": "Team", "Value": "red"}, {"Key": "Name"}])
assert [t["Key"] for t in ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [ids[0]]}])["Tags"]] == ["Empty", "Team"]
ec2.delete_tags(Resources=[vpc])
assert ec2.describe_vpcs()["Vpcs"][0]["Tags"] == []
refused("InvalidID", "The ID 'server' is not valid", ec2.create_tags, Resources=["server"], Tags=[{"Key": "k", "Value": "v"}])
refused("InvalidParameterValue", "reserved for internal use", ec2.create_tags, Resources=[vpc], Tags=[{"Key": "aws:k", "Value": "v"}])
refused("TagLimitExceeded", "", ec2.create_tags, Resources=[ids[0]], Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(49)])
refused("InvalidVolume.NotFound", "The volume 'vol-0123456789abcdef0' does not exist.", ec2.create_tags, Resources=["vol-0123456789abcdef0"], Tags=[{"Key": "k", "Value": "v"}])

# From one state to another.
ec2.reboot_instances(InstanceIds=ids[:1])
stopping = ec2.stop_instances(InstanceIds=ids[:1])["StoppingInstances"][0]
assert (stopping["PreviousState"]["Name"], stopping["CurrentState"]["Name"]) == ("running", "stopping")
refused("IncorrectInstanceState", "is not in a state from which it can be started", ec2.start_instances, InstanceIds=ids[:1])
time.sleep(0.6)
stopped = ec2.describe_instances(InstanceIds=ids[:1])["Reservations"][0]["Instances"][0]
assert stopped["State"]["Name"] == "stopped" and stopped["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
assert [s["InstanceId"] for s in ec2.describe_instance_status(InstanceIds=ids[:2])["InstanceStatuses"]] == [ids[1]]
assert ec2.start_instances(InstanceIds=ids[:1])["StartingInstances"][0]["CurrentState"]["Name"] == "pending"
kept = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, DisableApiTermination=True)["Instances"][0]["InstanceId"]
refused("OperationNotPermitted", "may not be terminated. Modify its 'disableApiTermination'", ec2.terminate_instances, InstanceIds=[ids[0], kept])
ec2.modify_instance_attribute(InstanceId=kept, DisableApiTermination={"Value": False})
assert ec2.terminate_instances(InstanceIds=[kept])["TerminatingInstances"][0]["CurrentState"]["Name"] == "shutting-down"
refused("IncorrectInstanceState", "is not in the 'stopped' state", ec2.modify_instance_attribute, InstanceId=ids[1], InstanceType={"Value": "t3.small"})
refused("InvalidParameterCombination", "multiple attribute types", ec2.modify_instance_attribute, InstanceId=ids[1], EbsOptimized={"Value": True}, DisableApiStop={"Value": True})
refused("InvalidGroup.NotFound", "", ec2.modify_instance_attribute, InstanceId=ids[1], Groups=["sg-01234567"])
ec2.stop_instances(InstanceIds=ids[2:])
time.sleep(0.6)
ec2.modify_instance_attribute(InstanceId=ids[2], Attribute="instanceType", Value="t3.small")
ec2.modify_instance_attribute(InstanceId=ids[2], Attribute="userData", Value="c2VjcmV0")
refused("InvalidUserData.Malformed", "Invalid BASE64", ec2.modify_instance_attribute, InstanceId=ids[2], Attribute="userData", Value="?")
refused("InvalidParameterValue", "The architecture 'arm64'", ec2.modify_instance_attribute, InstanceId=ids[2], InstanceType={"Value": "t4g.small"})
assert ec2.describe_instances(InstanceIds=ids[2:])["Reservations"][0]["Instances"][0]["InstanceType"] == "t3.small"

# Profiles.
iam = boto3.client("iam")
for name in ("one", "two"):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}')
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
first = ec2.associate_iam_instance_profile(InstanceId=ids[1], IamInstanceProfile={"Name": "one"})["IamInstanceProfileAssociation"]
assert first["State"] == "associating" and first["IamInstanceProfile"]["Arn"].endswith("instance-profile/one")
refused("IncorrectState", "There is an existing association for instance " + ids[1], ec2.associate_iam_instance_profile, InstanceId=ids[1], IamInstanceProfile={"Name": "two"})
second = ec2.replace_iam_instance_profile_association(AssociationId=first["AssociationId"], IamInstanceProfile={"Name": "two"})["IamInstanceProfileAssociation"]
refused("NoSuchAssociation", first["AssociationId"], ec2.replace_iam_instance_profile_association, AssociationId=first["AssociationId"], IamInstanceProfile={"Name": "one"})
shown = ec2.describe_iam_instance_profile_associations(Filters=[{"Name": "instance-id", "Values": ids}])["IamInstanceProfileAssociations"]
assert [a["AssociationId"] for a in shown] == [second["AssociationId"]] and shown[0]["State"] == "associated"
assert len(ec2.describe_instances(Filters=[{"Name": "iam-instance-profile.arn", "Values": ["*/two"]}])["Reservations"]) == 1
assert ec2.disassociate_iam_instance_profile(AssociationId=second["AssociationId"])["IamInstanceProfileAssociation"]["State"] == "disassociating"
assert ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"] == []

refused("InvalidInstanceID.NotFound", "The instance ID 'i-0123456789abcdef0' does not exist", ec2.terminate_instances, InstanceIds=[ids[0], "i-0123456789abcdef0"])
assert ec2.describe_instances(InstanceIds=ids[:1])["Reservations"][0]["Instances"][0]["State"]["Name"] in ("pending", "running")
assert len(ec2.terminate_instances(InstanceIds=ids)["TerminatingInstances"]) == 3
time.sleep(0.6)
gone = ec2.describe_instances(InstanceIds=ids[:1])["Reservations"][0]["Instances"][0]
assert gone["State"] == {"Code": 48, "Name": "terminated"} and "SubnetId" not in gone and gone["NetworkInterfaces"] == []
refused("IdempotentInstanceTerminated", "", ec2.run_instances, **launch)
assert not ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": ids}])["Volumes"]
assert client("us-east-1").describe_instances()["Reservations"] == []

# What cannot be launched.
least = {"ImageId": image, "MinCount": 1, "MaxCount": 1}
for code, says, change in [
    ("InvalidAMIID.Malformed", 'Invalid id: "ami-x" (expecting "ami-...")', {"ImageId": "ami-x"}),
    ("InvalidAMIID.NotFound", "The image id '[ami-0123456789abcdef0]' does not exist", {"ImageId": "ami-0123456789abcdef0"}),
    ("InvalidParameterValue", "Invalid value 'x9.huge' for InstanceType.", {"InstanceType": "x9.huge"}),
    ("InvalidParameterValue", "The architecture 'arm64' of the specified instance type does not match", {"InstanceType": "t4g.micro"}),
    ("InvalidParameterValue", "for parameter maxCount is invalid", {"MinCount": 2}),
    ("InvalidParameterValue", "for parameter minCount is invalid", {"MinCount": 0}),
    ("InstanceLimitExceeded", "than your current instance limit of 1000", {"MinCount": 1000, "MaxCount": 1000}),
    ("InvalidSubnetID.NotFound", "The subnet ID 'subnet-01234567' does not exist", {"SubnetId": "subnet-01234567"}),
    ("InvalidGroup.NotFound", "The security group 'sg-01234567' does not exist", {"SecurityGroupIds": ["sg-01234567"]}),
    ("InvalidGroup.NotFound", "The security group 'web' does not exist", {"SecurityGroups": ["web"]}),
    ("InvalidKeyPair.NotFound", "The key pair 'yours' does not exist", {"KeyName": "yours"}),
    ("InvalidParameterValue", "Value (web) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", {"IamInstanceProfile": {"Name": "web"}}),
    ("InvalidParameterValue", "for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN", {"IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/web"}}),
    ("InvalidParameterCombination", "may not be used in combination", {"IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/web", "Name": "web"}}),
    ("InvalidParameterCombination", "Network interfaces and an instance-level subnet ID may not be specified on the same request", {"SubnetId": subnets[0]["SubnetId"], "NetworkInterfaces": [{"DeviceIndex": 0}]}),
    ("InvalidParameterValue", "does not match the availability zone of the subnet", {"SubnetId": subnets[0]["SubnetId"], "Placement": {"AvailabilityZone": subnets[1]["AvailabilityZone"]}}),
    ("InvalidBlockDeviceMapping", "is smaller than snapshot", {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 2}}]}),
    ("InvalidParameterValue", "'vpc' is not a valid taggable resource type for this operation.", {"TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "k", "Value": "v"}]}]}),
    ("UnknownParameter", "The parameter LaunchTemplate.LaunchTemplateName is not recognized", {"LaunchTemplate": {"LaunchTemplateName": "t"}}),
    ("UnsupportedOperation", "The tenancy 'dedicated' is not supported.", {"Placement": {"Tenancy": "dedicated"}}),
]:
    refused(code, says, ec2.run_instances, **{**least, "InstanceType": "t3.micro", **change})

# Security groups.
tags = [{"ResourceType": "security-group", "Tags": [{"Key": "Crew", "Value": "blue"}]}]
made = ec2.create_security_group(GroupName="web", Description="what the web may", VpcId=vpc, TagSpecifications=tags)
web, back = made["GroupId"], ec2.create_security_group(GroupName="back", Description="behind it")["GroupId"]
assert made["Tags"] == tags[0]["Tags"] and made["SecurityGroupArn"].endswith(":security-group/" + web)
for code, says, change in [
    ("InvalidGroup.Duplicate", "The security group 'web' already exists for VPC '" + vpc + "'", {}),
    ("InvalidParameterValue", "Cannot use reserved security group name: default", {"GroupName": "default"}),
    ("InvalidParameterValue", "Group names may not be in the format sg-*.", {"GroupName": "sg-x"}),
    ("InvalidParameterValue", "Character sets beyond ASCII are not supported.", {"GroupName": "w\u00e9b"}),
    ("InvalidVpcID.NotFound", "The vpc ID 'vpc-01234567' does not exist", {"GroupName": "w", "VpcId": "vpc-01234567"}),
    ("DryRunOperation", "Request would have succeeded", {"GroupName": "w", "DryRun": True}),
]:
    refused(code, says, ec2.create_security_group, **{"GroupName": "web", "Description": "d", **change})
opened = ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[
    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}, {"CidrIp": "10.1.2.3/8"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
    {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": back}]}], TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": [{"Key": "Crew", "Value": "red"}]}])
rules = opened["SecurityGroupRules"]
assert [(r.get("CidrIpv4"), r.get("CidrIpv6"), r["FromPort"], r["IsEgress"]) for r in rules] == [
    ("0.0.0.0/0", None, 443, False), ("10.0.0.0/8", None, 443, False), (None, "::/0", 443, False), (None, None, -1, False)], rules
assert rules[3]["ReferencedGroupInfo"]["GroupId"] == back and rules[0]["Description"] == "all" and rules[0]["Tags"] == [{"Key": "Crew", "Value": "red"}]
tcp = {"IpProtocol": "6", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
for code, says, change in [
    ("InvalidPermission.Duplicate", 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists', {}),
    ("InvalidParameterValue", "Invalid value 'tpc' for IP protocol. Unknown protocol.", {"IpProtocol": "tpc"}),
    ("InvalidParameterValue", "Invalid TCP port range (443:80)", {"ToPort": 80}),
    ("InvalidParameterValue", "CIDR block 1.2.3 is malformed", {"IpRanges": [{"CidrIp": "1.2.3"}]}),
    ("InvalidParameterValue", "CIDR block ::/0 is malformed", {"IpRanges": [{"CidrIp": "::/0"}]}),
    ("InvalidGroup.NotFound", "The security group 'sg-01234567' does not exist", {"UserIdGroupPairs": [{"GroupId": "sg-01234567"}]}),
    ("MissingParameter", "ipRanges", {"IpRanges": []}),
]:
    refused(code, says, ec2.authorize_security_group_ingress, GroupId=web, IpPermissions=[{**tcp, **change}])
refused("RulesPerSecurityGroupLimitExceeded", "", ec2.authorize_security_group_ingress, GroupId=back, IpPermissions=[
    {**tcp, "IpRanges": [{"CidrIp": f"10.0.{n}.0/24"} for n in range(61)]}])
shown = ec2.describe_security_groups(GroupIds=[web])["SecurityGroups"][0]
assert [(p["IpProtocol"], p.get("FromPort"), len(p["IpRanges"]), len(p["Ipv6Ranges"]), len(p["UserIdGroupPairs"])) for p in shown["IpPermissions"]] == [
    ("tcp", 443, 2, 1, 0), ("-1", None, 0, 0, 1)] and shown["Tags"] == tags[0]["Tags"], shown
assert shown["IpPermissionsEgress"] == [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}]
assert {g["GroupName"] for g in ec2.describe_security_groups()["SecurityGroups"]} == {"default", "web", "back"}
assert [g["GroupName"] for g in ec2.describe_security_groups(Filters=[{"Name": "ip-permission.to-port", "Values": ["443"]}])["SecurityGroups"]] == ["web"]
assert len(ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [web]}])["SecurityGroupRules"]) == 5
assert ec2.describe_security_group_rules(SecurityGroupRuleIds=[rules[0]["SecurityGroupRuleId"]])["SecurityGroupRules"][0]["Description"] == "all"
ec2.authorize_security_group_egress(GroupId=web, IpPermissions=[{"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}])
ec2.authorize_security_group_ingress(GroupName="default", IpProtocol="udp", FromPort=53, ToPort=53, CidrIp="192.0.2.0/24")
assert len(ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["IpPermissions"]) == 2
ec2.revoke_security_group_egress(GroupId=web, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
taken = ec2.revoke_security_group_ingress(GroupId=web, SecurityGroupRuleIds=[rules[0]["SecurityGroupRuleId"]])
assert taken["Return"] and taken["RevokedSecurityGroupRules"][0]["CidrIpv4"] == "0.0.0.0/0"
refused("InvalidPermission.NotFound", "The specified rule does not exist in this security group.", ec2.revoke_security_group_ingress, GroupId=web, IpPermissions=[tcp])
refused("InvalidSecurityGroupRuleId.NotFound", rules[0]["SecurityGroupRuleId"], ec2.revoke_security_group_ingress, GroupId=web, SecurityGroupRuleIds=[rules[0]["SecurityGroupRuleId"]])

# An instance in them, and how it reaches its metadata.
inside = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SecurityGroupIds=[web, back])["Instances"][0]
assert {g["GroupName"] for g in inside["SecurityGroups"]} == {"web", "back"} and inside["MetadataOptions"]["HttpTokens"] == "required"
named = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SecurityGroups=["web"])["Instances"][0]
assert [g["GroupId"] for g in named["SecurityGroups"]] == [web]
ec2.modify_instance_attribute(InstanceId=named["InstanceId"], Groups=[group])
refused("DependencyViolation", "resource " + web + " has a dependent object", ec2.delete_security_group, GroupId=web)
options = ec2.modify_instance_metadata_options(InstanceId=inside["InstanceId"], HttpTokens="optional", HttpPutResponseHopLimit=5, InstanceMetadataTags="enabled")
assert options["InstanceMetadataOptions"] == {"State": "pending", "HttpTokens": "optional", "HttpPutResponseHopLimit": 5, "HttpEndpoint": "enabled", "HttpProtocolIpv6": "disabled", "InstanceMetadataTags": "enabled"}
seen = ec2.describe_instances(InstanceIds=[inside["InstanceId"]])["Reservations"][0]["Instances"][0]["MetadataOptions"]
assert seen == {**options["InstanceMetadataOptions"], "State": "applied"}, seen
refused("InvalidParameterValue", "httpPutResponseHopLimit", ec2.modify_instance_metadata_options, InstanceId=inside["InstanceId"], HttpPutResponseHopLimit=65)
ec2.terminate_instances(InstanceIds=[inside["InstanceId"]])
time.sleep(0.6)
refused("DependencyViolation", "resource " + back + " has a dependent object", ec2.delete_security_group, GroupId=back)
assert ec2.delete_security_group(GroupName="web")["GroupId"] == web
ec2.delete_security_group(GroupId=back)
refused("CannotDelete", 'name: "default" cannot be deleted by a user', ec2.delete_security_group, GroupId=group)
refused("InvalidGroup.NotFound", "The security group '" + web + "' does not exist", ec2.delete_security_group, GroupId=web)

wanted = {
    "CreateSecurityGroup", "DeleteSecurityGroup", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress", "DescribeSecurityGroupRules", "ModifyInstanceMetadataOptions",
    "DescribeRegions", "DescribeAvailabilityZones", "DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups", "DescribeImages",
    "DescribeInstanceTypes", "DescribeKeyPairs", "RunInstances", "DescribeInstances", "DescribeInstanceStatus", "DescribeVolumes",
    "StartInstances", "StopInstances", "RebootInstances", "TerminateInstances", "CreateTags", "DeleteTags", "DescribeTags",
    "ModifyInstanceAttribute", "AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation", "DisassociateIamInstanceProfile",
    "DescribeIamInstanceProfileAssociations", "CreateKeyPair", "ImportKeyPair", "DeleteKeyPair"}
assert judged == wanted, wanted ^ judged
