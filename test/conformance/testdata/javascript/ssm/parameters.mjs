// Parameters, their paths, versions and secrets.
import {
  AddTagsToResourceCommand, DeleteParameterCommand, DeleteParametersCommand, DescribeParametersCommand, GetParameterCommand, GetParametersCommand,
  LabelParameterVersionCommand, ListTagsForResourceCommand, paginateGetParameterHistory, paginateGetParametersByPath, PutParameterCommand, SSMClient,
} from "@aws-sdk/client-ssm";
import { all, check, refusal, run, status } from "../check.mjs";

const ssm = new SSMClient({ maxAttempts: 1 });
const send = (Command, input) => ssm.send(new Command(input));
const path = `/test/${run}`, Name = `${path}/db/host`;
const put = (Name, Value, more) => send(PutParameterCommand, { Name, Value, Type: "String", ...more });

check("a parameter begins with version 1", (await put(Name, "one", { Tags: [{ Key: "a", Value: "b" }] })).Version, 1);
check("it is not put over", await status(put(Name, "two")), "ParameterAlreadyExists 400");
check("unless that is asked for", (await put(Name, "two", { Overwrite: true })).Version, 2);
const got = (await send(GetParameterCommand, { Name })).Parameter;
check("it comes back", [got.Value, got.Type, got.Version, got.DataType], ["two", "String", 2, "text"]);
check("with its ARN and its time", [got.ARN.endsWith(`:parameter${Name}`), got.LastModifiedDate instanceof Date], [true, true]);
check("also as it was", (await send(GetParameterCommand, { Name: `${Name}:1` })).Parameter.Value, "one");
await send(LabelParameterVersionCommand, { Name, ParameterVersion: 1, Labels: ["old"] });
check("or by a label", (await send(GetParameterCommand, { Name: `${Name}:old` })).Parameter.Value, "one");
const history = (await all(paginateGetParameterHistory({ client: ssm }, { Name }))).flatMap((page) => page.Parameters);
check("it has a history", history.map((p) => [p.Version, p.Value, p.Labels]), [[1, "one", ["old"]], [2, "two", []]]);
await send(AddTagsToResourceCommand, { ResourceType: "Parameter", ResourceId: Name, Tags: [{ Key: "c", Value: "d" }] });
check("it has tags", (await send(ListTagsForResourceCommand, { ResourceType: "Parameter", ResourceId: Name })).TagList.map((t) => t.Key).sort(), ["a", "c"]);

await put(`${path}/db/users`, "a,b,c", { Type: "StringList" });
await put(`${path}/db/password`, "secret", { Type: "SecureString" });
const secret = (await send(GetParameterCommand, { Name: `${path}/db/password` })).Parameter;
check("a secret is not told", [secret.Type, secret.Value === "secret"], ["SecureString", false]);
check("unless it is to be decrypted", (await send(GetParameterCommand, { Name: `${path}/db/password`, WithDecryption: true })).Parameter.Value, "secret");
await put(`${path}/top`, "t");
const below = async (Recursive) => (await all(paginateGetParametersByPath({ client: ssm, pageSize: 2 }, { Path: path, Recursive }))).flatMap((page) => page.Parameters.map((p) => p.Name.slice(path.length))).sort();
check("a path has what is right below it", await below(false), ["/top"]);
check("or all that is below", await below(true), ["/db/host", "/db/password", "/db/users", "/top"]);
const several = await send(GetParametersCommand, { Names: [`${path}/top`, `${path}/none`] });
check("of several, those that are there", [several.Parameters.map((p) => p.Value), several.InvalidParameters], [["t"], [`${path}/none`]]);
const described = await send(DescribeParametersCommand, { ParameterFilters: [{ Key: "Name", Option: "BeginsWith", Values: [path] }] });
check("they are described without their values", described.Parameters.every((p) => p.Value === undefined) && described.Parameters.length === 4);
check("a parameter that is not there", await refusal(send(GetParameterCommand, { Name: `${path}/none` })).then((text) => text.split(":")[0]), "ParameterNotFound");
const gone = await send(DeleteParametersCommand, { Names: [Name, `${path}/db/users`, `${path}/db/password`, `${path}/none`] });
check("several go at once", [gone.DeletedParameters.length, gone.InvalidParameters], [3, [`${path}/none`]]);
await send(DeleteParameterCommand, { Name: `${path}/top` });
check("what is gone is gone", await status(send(DeleteParameterCommand, { Name: `${path}/top` })), "ParameterNotFound 400");
