// Instances from launch to end, and the role that they run with.
import {
  CreateKeyPairCommand, CreateTagsCommand, DeleteKeyPairCommand, DescribeIamInstanceProfileAssociationsCommand, DescribeImagesCommand,
  DescribeInstancesCommand, DescribeInstanceTypesCommand, DescribeKeyPairsCommand, DescribeRegionsCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand,
  DescribeTagsCommand, DescribeVolumesCommand, DescribeVpcsCommand, EC2Client, paginateDescribeInstances, RunInstancesCommand, StartInstancesCommand,
  StopInstancesCommand, TerminateInstancesCommand, waitUntilInstanceRunning, waitUntilInstanceStopped, waitUntilInstanceTerminated,
} from "@aws-sdk/client-ec2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand, DeleteInstanceProfileCommand, DeleteRoleCommand, IAMClient, RemoveRoleFromInstanceProfileCommand } from "@aws-sdk/client-iam";
import { all, check, refusal, run, status } from "../check.mjs";

const ec2 = new EC2Client({ maxAttempts: 1 }), iam = new IAMClient({ maxAttempts: 1 });
const send = (Command, input = {}) => ec2.send(new Command(input));
const waiting = { client: ec2, maxWaitTime: 60, minDelay: 1, maxDelay: 2 };

const image = (await send(DescribeImagesCommand, { Owners: ["amazon"], Filters: [{ Name: "architecture", Values: ["x86_64"] }] })).Images[0];
check("there is an image", image.ImageId.startsWith("ami-"));
check("regions", (await send(DescribeRegionsCommand)).Regions.some((r) => r.RegionName === "eu-central-1"));
const vpc = (await send(DescribeVpcsCommand, { Filters: [{ Name: "is-default", Values: ["true"] }] })).Vpcs[0];
check("there is a default VPC", vpc.IsDefault);
check("with subnets", (await send(DescribeSubnetsCommand)).Subnets.every((s) => s.VpcId === vpc.VpcId));
const group = (await send(DescribeSecurityGroupsCommand, { GroupNames: ["default"] })).SecurityGroups[0];
check("and a security group", group.VpcId, vpc.VpcId);
check("types have processors", (await send(DescribeInstanceTypesCommand, { InstanceTypes: ["t3.micro"] })).InstanceTypes[0].VCpuInfo.DefaultVCpus, 2);

const KeyName = `key-${run}`, RoleName = `instance-${run}`, InstanceProfileName = RoleName;
const pair = await send(CreateKeyPairCommand, { KeyName });
check("a key is told once", pair.KeyMaterial.startsWith("-----BEGIN"));
check("and then known by name", (await send(DescribeKeyPairsCommand, { KeyNames: [KeyName] })).KeyPairs[0].KeyPairId, pair.KeyPairId);
await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({
  Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
}) }));
const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));

const launch = {
  ImageId: image.ImageId, InstanceType: "t3.micro", MinCount: 2, MaxCount: 2, KeyName, IamInstanceProfile: { Name: InstanceProfileName }, ClientToken: `token-${run}`,
  TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "run", Value: run }] }], UserData: Buffer.from("#!/bin/sh\n").toString("base64"),
};
check("a launch that is tried only", (await refusal(send(RunInstancesCommand, { ...launch, DryRun: true }))),
  "DryRunOperation: Request would have succeeded, but DryRun flag is set.");
const made = await send(RunInstancesCommand, launch);
check("as many as were asked for", made.Instances.length, 2);
const InstanceIds = made.Instances.map((i) => i.InstanceId);
check("they are pending", made.Instances.map((i) => i.State.Name), ["pending", "pending"]);
check("a token launches once", (await send(RunInstancesCommand, launch)).Instances.map((i) => i.InstanceId).sort(), [...InstanceIds].sort());
check("the waiter sees them run", (await waitUntilInstanceRunning(waiting, { InstanceIds })).state, "SUCCESS");
const mine = { Filters: [{ Name: "tag:run", Values: [run] }] };
const found = (await all(paginateDescribeInstances({ client: ec2, pageSize: 5 }, mine))).flatMap((page) => page.Reservations.flatMap((r) => r.Instances));
check("they are found by their tags", found.map((i) => i.InstanceId).sort(), [...InstanceIds].sort());
check("with what they were launched with", [found[0].InstanceType, found[0].KeyName, found[0].IamInstanceProfile.Arn, found[0].LaunchTime instanceof Date],
  ["t3.micro", KeyName, InstanceProfile.Arn, true]);
check("they have volumes", (await send(DescribeVolumesCommand, { Filters: [{ Name: "attachment.instance-id", Values: InstanceIds }] })).Volumes.length, 2);
const associated = await send(DescribeIamInstanceProfileAssociationsCommand, { Filters: [{ Name: "instance-id", Values: [InstanceIds[0]] }] });
check("and a profile", associated.IamInstanceProfileAssociations[0].State, "associated");
await send(CreateTagsCommand, { Resources: [InstanceIds[0]], Tags: [{ Key: "Name", Value: "first" }] });
check("tags are told", (await send(DescribeTagsCommand, { Filters: [{ Name: "resource-id", Values: [InstanceIds[0]] }] })).Tags.map((t) => [t.Key, t.Value]).sort(), [["Name", "first"], ["run", run]]);
const stopping = await send(StopInstancesCommand, { InstanceIds: [InstanceIds[0]] });
check("one is stopping", stopping.StoppingInstances[0].PreviousState.Name, "running");
check("the waiter sees it stopped", (await waitUntilInstanceStopped(waiting, { InstanceIds: [InstanceIds[0]] })).state, "SUCCESS");
await send(StartInstancesCommand, { InstanceIds: [InstanceIds[0]] });
check("and run again", (await waitUntilInstanceRunning(waiting, { InstanceIds: [InstanceIds[0]] })).state, "SUCCESS");
check("an id that is none", await refusal(send(DescribeInstancesCommand, { InstanceIds: ["i-nonsense"] })), 'InvalidInstanceID.Malformed: Invalid id: "i-nonsense"');
check("an instance that is not there", await status(send(DescribeInstancesCommand, { InstanceIds: ["i-0123456789abcdef0"] })), "InvalidInstanceID.NotFound 400");
check("a type that is not there", await status(send(RunInstancesCommand, { ...launch, ClientToken: undefined, InstanceType: "t99.huge" })), "InvalidParameterValue 400");
await send(TerminateInstancesCommand, { InstanceIds });
check("the waiter sees them end", (await waitUntilInstanceTerminated(waiting, { InstanceIds })).state, "SUCCESS");
await send(DeleteKeyPairCommand, { KeyName });
await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
await iam.send(new DeleteRoleCommand({ RoleName }));
