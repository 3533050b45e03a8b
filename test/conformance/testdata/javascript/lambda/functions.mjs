// A function in Python from its archive to its answers, its versions, and who may call it.
import { crc32 } from "node:zlib";
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand, CreateAliasCommand, CreateFunctionCommand, DeleteFunctionCommand, DeleteFunctionConcurrencyCommand, GetAliasCommand,
  GetFunctionCommand, GetFunctionConcurrencyCommand, GetFunctionConfigurationCommand, GetPolicyCommand, InvokeCommand, LambdaClient, ListTagsCommand,
  paginateListFunctions, paginateListVersionsByFunction, PublishVersionCommand, PutFunctionConcurrencyCommand, RemovePermissionCommand, TagResourceCommand,
  UntagResourceCommand, UpdateAliasCommand, UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { all, check, run, status, until } from "../check.mjs";

const lambda = new LambdaClient({ maxAttempts: 1 }), iam = new IAMClient({ maxAttempts: 1 });
const FunctionName = `function-${run}`;
const send = (Command, input) => lambda.send(new Command({ FunctionName, ...input }));
const waiting = { client: lambda, maxWaitTime: 60, minDelay: 1, maxDelay: 2 };

/** An archive of one file, not compressed. */
function zip(name, text) {
  const path = Buffer.from(name), body = Buffer.from(text);
  const head = (signature, length, more) => {
    const b = Buffer.alloc(length);
    b.writeUInt32LE(signature, 0);
    for (const [at, value, size] of more) size === 2 ? b.writeUInt16LE(value, at) : b.writeUInt32LE(value, at);
    return b;
  };
  const sizes = (at) => [[at, crc32(body), 4], [at + 4, body.length, 4], [at + 8, body.length, 4], [at + 12, path.length, 2]];
  const local = Buffer.concat([head(0x04034b50, 30, [[4, 20, 2], [10, 0x21, 2], [12, 0x5821, 2], ...sizes(14)]), path, body]);
  const entry = Buffer.concat([head(0x02014b50, 46, [[4, 0x0314, 2], [6, 20, 2], [12, 0x21, 2], [14, 0x5821, 2], ...sizes(16), [38, (0o100644 << 16) >>> 0, 4]]), path]);
  return Buffer.concat([local, entry, head(0x06054b50, 22, [[8, 1, 2], [10, 1, 2], [12, entry.length, 4], [16, local.length, 4]])]);
}

const code = (greeting) => zip("app.py", `
import os

def handler(event, context):
    print("called with", event.get("name"))
    if event.get("fail"):
        raise ValueError("as asked for")
    return {"greeting": "${greeting} " + event["name"], "stage": os.environ["STAGE"], "version": context.function_version, "left": context.get_remaining_time_in_millis() > 0}
`);
const invoke = async (event, more) => {
  const out = await send(InvokeCommand, { Payload: JSON.stringify(event), ...more });
  const text = Buffer.from(out.Payload ?? []).toString();
  return { ...out, said: text && JSON.parse(text) };
};

const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] };
const { Role } = await iam.send(new CreateRoleCommand({ RoleName: FunctionName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
const made = { Runtime: "python3.12", Handler: "app.handler", Role: Role.Arn, Code: { ZipFile: code("hello") }, Environment: { Variables: { STAGE: "test" } }, Tags: { team: "blue" }, Timeout: 10, MemorySize: 256 };
let first;
await until(async () => (first = await send(CreateFunctionCommand, made).catch((e) => e)).name !== "InvalidParameterValueException"); // a role is not known at once
check("a function is pending at first", first.State, "Pending");
check("the waiter sees it active", (await waitUntilFunctionActiveV2(waiting, { FunctionName })).state, "SUCCESS");
check("it is not made twice", await status(send(CreateFunctionCommand, made)), "ResourceConflictException 409");
const read = await send(GetFunctionCommand);
check("it is as it was made", [read.Configuration.Handler, read.Configuration.Timeout, read.Configuration.MemorySize, read.Configuration.Environment.Variables, read.Configuration.CodeSize],
  ["app.handler", 10, 256, { STAGE: "test" }, made.Code.ZipFile.length]);
check("with tags", read.Tags, { team: "blue" });
const { FunctionArn } = read.Configuration;
const mine = (await all(paginateListFunctions({ client: lambda }, {}))).flatMap((page) => page.Functions).find((f) => f.FunctionName === FunctionName);
check("it is in the list", mine.FunctionArn, FunctionArn);

const answer = await invoke({ name: "you" }, { LogType: "Tail" });
check("it answers", [answer.StatusCode, answer.said], [200, { greeting: "hello you", stage: "test", version: "$LATEST", left: true }]);
const log = Buffer.from(answer.LogResult, "base64").toString();
check("its log has what it wrote", log.includes("called with you"));
check("between its start and its report", /^START RequestId: .*\n[^]*END RequestId: .*\nREPORT RequestId: /m.test(log));
check("the version is told", answer.ExecutedVersion, "$LATEST");
const failed = await invoke({ name: "x", fail: true });
check("an exception is an answer", [failed.StatusCode, failed.FunctionError, failed.said.errorType, failed.said.errorMessage], [200, "Unhandled", "ValueError", "as asked for"]);
check("with where it was", failed.said.stackTrace.length > 0);
check("a call that need not be waited for", (await invoke({ name: "x" }, { InvocationType: "Event" })).StatusCode, 202);
check("a call that is tried only", (await invoke({ name: "x" }, { InvocationType: "DryRun" })).StatusCode, 204);
check("what is no JSON", await status(send(InvokeCommand, { Payload: "{" })), "InvalidRequestContentException 400");

await send(PublishVersionCommand);
await send(UpdateFunctionCodeCommand, { ZipFile: code("good day") });
check("the waiter sees other code", (await waitUntilFunctionUpdatedV2(waiting, { FunctionName })).state, "SUCCESS");
check("it runs", (await invoke({ name: "you" })).said.greeting, "good day you");
check("the version stays", [(await invoke({ name: "you" }, { Qualifier: "1" })).said.greeting, (await invoke({ name: "you" }, { Qualifier: "1" })).said.version], ["hello you", "1"]);
await send(UpdateFunctionConfigurationCommand, { Environment: { Variables: { STAGE: "changed" } }, Description: "second" });
await waitUntilFunctionUpdatedV2(waiting, { FunctionName });
check("other settings hold", [(await invoke({ name: "x" })).said.stage, (await send(GetFunctionConfigurationCommand)).Description], ["changed", "second"]);
const two = await send(PublishVersionCommand);
check("versions are numbered", two.Version, "2");
check("and listed", (await all(paginateListVersionsByFunction({ client: lambda }, { FunctionName }))).flatMap((page) => page.Versions.map((v) => v.Version)), ["$LATEST", "1", "2"]);
await send(CreateAliasCommand, { Name: "live", FunctionVersion: "1" });
check("an alias is a version", (await invoke({ name: "you" }, { Qualifier: "live" })).ExecutedVersion, "1");
await send(UpdateAliasCommand, { Name: "live", FunctionVersion: "2" });
check("and then another", [(await send(GetAliasCommand, { Name: "live" })).FunctionVersion, (await invoke({ name: "you" }, { Qualifier: "live" })).ExecutedVersion], ["2", "2"]);
check("a version that is not there", await status(invoke({}, { Qualifier: "9" })), "ResourceNotFoundException 404");

await send(AddPermissionCommand, { StatementId: "s", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com", SourceAccount: Role.Arn.split(":")[4] });
const policy = JSON.parse((await send(GetPolicyCommand)).Policy);
check("a permission is a statement", [policy.Statement[0].Sid, policy.Statement[0].Principal, policy.Statement[0].Resource], ["s", { Service: "s3.amazonaws.com" }, FunctionArn]);
await send(RemovePermissionCommand, { StatementId: "s" });
check("and goes", await status(send(GetPolicyCommand)), "ResourceNotFoundException 404");
await send(PutFunctionConcurrencyCommand, { ReservedConcurrentExecutions: 0 });
check("a function with no concurrency is throttled", await status(invoke({ name: "x" })), "TooManyRequestsException 429");
await send(DeleteFunctionConcurrencyCommand);
check("without that it answers", [(await send(GetFunctionConcurrencyCommand)).ReservedConcurrentExecutions, (await invoke({ name: "x" })).StatusCode], [undefined, 200]);
await lambda.send(new TagResourceCommand({ Resource: FunctionArn, Tags: { stage: "a" } }));
await lambda.send(new UntagResourceCommand({ Resource: FunctionArn, TagKeys: ["team"] }));
check("tags come and go", (await lambda.send(new ListTagsCommand({ Resource: FunctionArn }))).Tags, { stage: "a" });
await send(DeleteFunctionCommand);
check("a function goes", await status(send(GetFunctionCommand)), "ResourceNotFoundException 404");
await iam.send(new DeleteRoleCommand({ RoleName: FunctionName }));
