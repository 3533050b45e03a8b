// Users, roles and policies under a boundary, and what the boundary's denial reads like where it is caught.
import {
  AttachRolePolicyCommand, CreateAccessKeyCommand, CreatePolicyCommand, CreateRoleCommand, CreateUserCommand, DeleteAccessKeyCommand, DeletePolicyCommand,
  DeleteRoleCommand, DeleteRolePermissionsBoundaryCommand, DeleteUserCommand, DeleteUserPolicyCommand, DetachRolePolicyCommand, GetPolicyCommand,
  GetPolicyVersionCommand, GetRoleCommand, GetUserCommand, IAMClient, ListRoleTagsCommand, paginateListUsers, PutRolePermissionsBoundaryCommand, PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand, waitUntilRoleExists, waitUntilUserExists,
} from "@aws-sdk/client-iam";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { all, check, refusal, run, until } from "../check.mjs";

const iam = new IAMClient({ maxAttempts: 1 });
const send = (Command, input) => iam.send(new Command(input));
const { Account, Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
const document = (Effect, Action, Resource = "*") => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect, Action, Resource }] });

const PolicyName = `boundary-${run}`, RoleName = `role-${run}`, UserName = `user-${run}`;
const text = document("Allow", "dynamodb:DescribeTable", `arn:aws:dynamodb:eu-central-1:${Account}:table/*`);
const { Policy } = await send(CreatePolicyCommand, { PolicyName, PolicyDocument: text, Tags: [{ Key: "a", Value: "b" }] });
check("a policy has its ARN", Policy.Arn, `arn:aws:iam::${Account}:policy/${PolicyName}`);
check("and dates", Policy.CreateDate instanceof Date);
const version = await send(GetPolicyVersionCommand, { PolicyArn: Policy.Arn, VersionId: "v1" });
check("its document comes back encoded", decodeURIComponent(version.PolicyVersion.Document), text);

const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: Arn }, Action: "sts:AssumeRole" }] });
await send(CreateRoleCommand, { RoleName, AssumeRolePolicyDocument, PermissionsBoundary: Policy.Arn, Tags: [{ Key: "team", Value: "blue" }] });
check("the waiter sees the role", (await waitUntilRoleExists({ client: iam, maxWaitTime: 30 }, { RoleName })).state, "SUCCESS");
const { Role } = await send(GetRoleCommand, { RoleName });
check("it has its boundary", Role.PermissionsBoundary, { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: Policy.Arn });
check("and its tags", (await send(ListRoleTagsCommand, { RoleName })).Tags, [{ Key: "team", Value: "blue" }]);
check("the policy counts that", (await send(GetPolicyCommand, { PolicyArn: Policy.Arn })).Policy.PermissionsBoundaryUsageCount, 1);
await send(AttachRolePolicyCommand, { RoleName, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });

const table = { TableName: `none-${run}` };
let session; // a new role may take a while to be known everywhere
await until(async () => {
  session = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn: Role.Arn, RoleSessionName: "here" })).catch(() => undefined);
  return session !== undefined;
});
const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = session.Credentials;
const as = (region) => new DynamoDBClient({ region, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey, sessionToken } });
const who = `User: arn:aws:sts::${Account}:assumed-role/${RoleName}/here is not authorized to perform: dynamodb:DescribeTable on resource: `;
check("what the boundary allows is answered", await refusal(as("eu-central-1").send(new DescribeTableCommand(table))),
  `ResourceNotFoundException: Requested resource not found: Table: ${table.TableName} not found`);
check("what it does not is not", await refusal(as("us-east-1").send(new DescribeTableCommand(table))),
  `AccessDeniedException: ${who}arn:aws:dynamodb:us-east-1:${Account}:table/${table.TableName} because no permissions boundary allows the dynamodb:DescribeTable action`);
const simulated = await send(SimulatePrincipalPolicyCommand, {
  PolicySourceArn: Role.Arn, ActionNames: ["dynamodb:DescribeTable"], ResourceArns: [`arn:aws:dynamodb:us-east-1:${Account}:table/x`],
});
check("the simulator knows that too", [simulated.EvaluationResults[0].EvalDecision, simulated.EvaluationResults[0].PermissionsBoundaryDecisionDetail],
  ["implicitDeny", { AllowedByPermissionsBoundary: false }]);
await send(PutRolePermissionsBoundaryCommand, { RoleName, PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
check("another boundary holds for the same session", await until(async () =>
  (await refusal(as("us-east-1").send(new DescribeTableCommand(table)))).startsWith("ResourceNotFoundException")));
await send(DeleteRolePermissionsBoundaryCommand, { RoleName });
check("and none", (await send(GetRoleCommand, { RoleName })).Role.PermissionsBoundary, undefined);

await send(CreateUserCommand, { UserName, Path: "/team/" });
check("the waiter sees the user", (await waitUntilUserExists({ client: iam, maxWaitTime: 30 }, { UserName })).state, "SUCCESS");
check("users are listed in pages", (await all(paginateListUsers({ client: iam, pageSize: 1 }, { PathPrefix: "/team/" }))).flatMap((page) => page.Users.map((u) => u.UserName)).includes(UserName));
await send(PutUserPolicyCommand, { UserName, PolicyName: "mine", PolicyDocument: document("Allow", "iam:GetUser") });
const { AccessKey } = await send(CreateAccessKeyCommand, { UserName });
const user = new IAMClient({ maxAttempts: 1, credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey } });
check("its key is its own", await until(async () => (await user.send(new GetUserCommand({})).catch(() => undefined))?.User.UserName === UserName));
check("and no more than that", await refusal(user.send(new GetRoleCommand({ RoleName }))),
  `AccessDenied: User: arn:aws:iam::${Account}:user/team/${UserName} is not authorized to perform: iam:GetRole on resource: role ${RoleName} because no identity-based policy allows the iam:GetRole action`);
check("a key is not another's", await refusal(send(DeleteAccessKeyCommand, { UserName, AccessKeyId: "AKIAQAAAAAAAAAAAAAAA" })),
  "NoSuchEntityException: The Access Key with id AKIAQAAAAAAAAAAAAAAA cannot be found.");
check("what has something stays", (await refusal(send(DeleteUserCommand, { UserName }))).split(":")[0], "DeleteConflictException");

await send(DeleteAccessKeyCommand, { UserName, AccessKeyId: AccessKey.AccessKeyId });
await send(DeleteUserPolicyCommand, { UserName, PolicyName: "mine" });
await send(DeleteUserCommand, { UserName });
await send(DetachRolePolicyCommand, { RoleName, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
await send(DeleteRoleCommand, { RoleName });
await send(DeletePolicyCommand, { PolicyArn: Policy.Arn });
check("all is gone", (await refusal(send(GetRoleCommand, { RoleName }))), `NoSuchEntityException: The role with name ${RoleName} cannot be found.`);
