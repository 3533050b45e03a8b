// Who one is, and sessions.
import { CreateRoleCommand, DeleteRoleCommand, DeleteRolePolicyCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetAccessKeyInfoCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { check, refusal, run, until } from "../check.mjs";

const sts = new STSClient({ maxAttempts: 1 }), iam = new IAMClient({ maxAttempts: 1 });
const me = await sts.send(new GetCallerIdentityCommand({}));
check("one has an ARN in one's account", me.Arn.split(":")[4], me.Account);
check("a key tells its account", (await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: process.env.AWS_ACCESS_KEY_ID }))).Account, me.Account);

const keysOf = ({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken }) => ({ accessKeyId, secretAccessKey, sessionToken });
const short = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
check("a session ends when it was said to", Math.abs(short.Credentials.Expiration - Date.now() - 900_000) < 60_000);
const again = new STSClient({ maxAttempts: 1, credentials: keysOf(short.Credentials) });
check("it is the same principal", (await again.send(new GetCallerIdentityCommand({}))).Arn, me.Arn);

const RoleName = `sessions-${run}`;
const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: me.Arn }, Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] }] };
const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
const mayRead = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iam:Get*", Resource: "*", Condition: { StringEquals: { "aws:PrincipalTag/team": "blue" } } }] };
await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "read", PolicyDocument: JSON.stringify(mayRead) }));
const assume = (more) => sts.send(new AssumeRoleCommand({ RoleArn: Role.Arn, RoleSessionName: "session", ...more }));
let assumed;
await until(async () => (assumed = await assume({ Tags: [{ Key: "team", Value: "blue" }], SourceIdentity: "me" }).catch(() => undefined)) !== undefined);
check("a session of a role says whose it is", assumed.AssumedRoleUser.Arn, `arn:aws:sts::${me.Account}:assumed-role/${RoleName}/session`);
check("and who is behind it", assumed.SourceIdentity, "me");
const asRole = (session) => new IAMClient({ maxAttempts: 1, credentials: keysOf(session.Credentials) });
check("its tags count", await refusal(asRole(assumed).send(new GetRoleCommand({ RoleName }))), "done");
const narrow = await assume({ Tags: [{ Key: "team", Value: "blue" }], Policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iam:GetUser", Resource: "*" }] }) });
check("its session policy too", (await refusal(asRole(narrow).send(new GetRoleCommand({ RoleName })))).split(" because ")[1],
  "no session policy allows the iam:GetRole action");
const red = await assume({ Tags: [{ Key: "team", Value: "red" }] });
check("without them it may not", (await refusal(asRole(red).send(new GetRoleCommand({ RoleName })))).split(" because ")[1],
  "no identity-based policy allows the iam:GetRole action");
check("a role that is not there", (await refusal(assume({ RoleArn: `${Role.Arn}-none` }))).split(":")[0], "AccessDenied");
check("a session lasts an hour at most if the role says no more", (await refusal(assume({ DurationSeconds: 7200 }))),
  "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
const wrong = new STSClient({ maxAttempts: 1, credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: "wrong" } });
check("a wrong secret is refused", (await refusal(wrong.send(new GetCallerIdentityCommand({})))).split(":")[0], "SignatureDoesNotMatch");
await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "read" }));
await iam.send(new DeleteRoleCommand({ RoleName }));
check("a session of a role that is gone is none", await until(async () => (await refusal(asRole(assumed).send(new GetRoleCommand({ RoleName })))) !== "done"));
