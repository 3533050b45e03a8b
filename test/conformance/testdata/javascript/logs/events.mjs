// Groups, streams and their events.
import {
  CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, DeleteLogGroupCommand, DeleteLogStreamCommand, DescribeLogStreamsCommand,
  GetLogEventsCommand, ListTagsForResourceCommand, paginateDescribeLogGroups, paginateFilterLogEvents, PutLogEventsCommand, PutRetentionPolicyCommand,
  TagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { all, check, run, status, until } from "../check.mjs";

const logs = new CloudWatchLogsClient({ maxAttempts: 1 });
const logGroupName = `/test/${run}`, logStreamName = "one";
const send = (Command, input) => logs.send(new Command({ logGroupName, ...input }));

await send(CreateLogGroupCommand, { tags: { team: "blue" } });
check("a group is not made twice", await status(send(CreateLogGroupCommand)), "ResourceAlreadyExistsException 400");
await send(PutRetentionPolicyCommand, { retentionInDays: 7 });
const groups = (await all(paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: logGroupName }))).flatMap((page) => page.logGroups);
check("it is listed, with how long it keeps", groups.map((g) => [g.logGroupName, g.retentionInDays]), [[logGroupName, 7]]);
const resourceArn = groups[0].arn.replace(/:\*$/, "");
await logs.send(new TagResourceCommand({ resourceArn, tags: { stage: "test" } }));
check("it has tags", (await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, { team: "blue", stage: "test" });

check("a stream that is not there", await status(send(PutLogEventsCommand, { logStreamName, logEvents: [{ timestamp: Date.now(), message: "x" }] })), "ResourceNotFoundException 400");
await send(CreateLogStreamCommand, { logStreamName });
const now = Date.now();
const events = [0, 1, 2, 3, 4].map((i) => ({ timestamp: now + i, message: i % 2 ? `odd ${i}` : JSON.stringify({ level: "info", i }) }));
await send(PutLogEventsCommand, { logStreamName, logEvents: events });
let got;
await until(async () => (got = await send(GetLogEventsCommand, { logStreamName, startFromHead: true })).events.length === 5);
check("events are in their order", got.events.map(({ timestamp, message }) => ({ timestamp, message })), events);
check("they are dated when they came", got.events.every((e) => e.ingestionTime > 0));
const page = await send(GetLogEventsCommand, { logStreamName, startFromHead: true, limit: 2 });
const next = await send(GetLogEventsCommand, { logStreamName, startFromHead: true, limit: 2, nextToken: page.nextForwardToken });
check("pages follow each other", [...page.events, ...next.events].map((e) => e.timestamp - now), [0, 1, 2, 3]);
const end = await send(GetLogEventsCommand, { logStreamName, startFromHead: true, nextToken: got.nextForwardToken });
check("at the end the token stays", [end.events.length, end.nextForwardToken], [0, got.nextForwardToken]);
const found = async (filterPattern) => (await all(paginateFilterLogEvents({ client: logs, pageSize: 1 }, { logGroupName, filterPattern }))).flatMap((p) => p.events.map((e) => e.timestamp - now));
check("words are found", await found("odd"), [1, 3]);
check("and what is not them", await found("-odd"), [0, 2, 4]);
check("members of JSON too", await found("{ $.i > 1 }"), [2, 4]);
check("events do not go back in a batch", await status(send(PutLogEventsCommand, { logStreamName, logEvents: [events[1], events[0]] })), "InvalidParameterException 400");
check("streams tell when they began", (await send(DescribeLogStreamsCommand)).logStreams.map((s) => [s.logStreamName, s.firstEventTimestamp]), [["one", now]]);
await send(DeleteLogStreamCommand, { logStreamName });
check("a stream that is gone", await status(send(GetLogEventsCommand, { logStreamName })), "ResourceNotFoundException 400");
await send(DeleteLogGroupCommand);
check("a group that is gone", await status(send(DescribeLogStreamsCommand)), "ResourceNotFoundException 400");
