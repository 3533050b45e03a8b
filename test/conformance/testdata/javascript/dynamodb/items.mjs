// Items as the client of the service itself sees them: every type spelled out.
import {
  BatchGetItemCommand, BatchWriteItemCommand, CreateTableCommand, DeleteItemCommand, DeleteTableCommand, DescribeContinuousBackupsCommand,
  DescribeTableCommand,  DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand, ListTablesCommand, ListTagsOfResourceCommand, paginateQuery, paginateScan,
  PutItemCommand, QueryCommand, ScanCommand, TagResourceCommand, TransactGetItemsCommand, TransactWriteItemsCommand, UntagResourceCommand,
  UpdateContinuousBackupsCommand, UpdateItemCommand, UpdateTableCommand, UpdateTimeToLiveCommand, waitUntilTableExists, waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { all, check, refusal, run } from "../check.mjs";

const db = new DynamoDBClient({ maxAttempts: 1 });
const table = `items-${run}`;
const send = (Command, input) => db.send(new Command({ TableName: table, ...input }));
const S = (s) => ({ S: s }), N = (n) => ({ N: String(n) });
const key = (p, s) => ({ p: S(p), s: N(s) });

async function tables() {
  const made = await send(CreateTableCommand, {
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "p", KeyType: "HASH" }, { AttributeName: "s", KeyType: "RANGE" }],
    AttributeDefinitions: [
      { AttributeName: "p", AttributeType: "S" }, { AttributeName: "s", AttributeType: "N" }, { AttributeName: "g", AttributeType: "S" },
    ],
    LocalSecondaryIndexes: [{
      IndexName: "local", KeySchema: [{ AttributeName: "p", KeyType: "HASH" }, { AttributeName: "g", KeyType: "RANGE" }], Projection: { ProjectionType: "KEYS_ONLY" },
    }],
    GlobalSecondaryIndexes: [{ IndexName: "global", KeySchema: [{ AttributeName: "g", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } }],
    Tags: [{ Key: "team", Value: "a" }],
  });
  check("a table is being made", made.TableDescription.TableStatus, "CREATING");
  check("its time of birth is a date", made.TableDescription.CreationDateTime instanceof Date);
  const waited = await waitUntilTableExists({ client: db, maxWaitTime: 30 }, { TableName: table });
  check("the waiter sees it made", waited.state, "SUCCESS");
  const { Table } = await send(DescribeTableCommand);
  check("it is active", Table.TableStatus, "ACTIVE");
  check("its indexes are told", [Table.LocalSecondaryIndexes[0].IndexName, Table.GlobalSecondaryIndexes[0].IndexStatus], ["local", "ACTIVE"]);
  check("it is in the list", (await db.send(new ListTablesCommand({}))).TableNames.includes(table));
  check("it is not made twice", (await refusal(send(CreateTableCommand, {
    BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "p", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "p", AttributeType: "S" }],
  }))), `ResourceInUseException: Table already exists: ${table}`);
  const arn = Table.TableArn;
  await db.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: "stage", Value: "b" }] }));
  await db.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ["team"] }));
  check("tags come and go", (await db.send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags, [{ Key: "stage", Value: "b" }]);
  await send(PutItemCommand, { Item: key("by arn", 1) });
  check("a table is found by its ARN", (await db.send(new GetItemCommand({ TableName: arn, Key: key("by arn", 1) }))).Item, key("by arn", 1));
  await send(DeleteItemCommand, { Key: key("by arn", 1) });
}

const everything = {
  ...key("types", 1),
  text: S("größer 日本 \"'\\\n\t"), empty: S(""), long: N("12345678901234567890123456789012345678"), small: N("-0.000001"),
  bytes: { B: new Uint8Array([0, 1, 254, 255]) }, none: { B: new Uint8Array([]) }, yes: { BOOL: true }, no: { BOOL: false }, nothing: { NULL: true },
  list: { L: [S("a"), N(1), { L: [] }, { M: {} }] }, map: { M: { "a.b": S("dot"), deep: { M: { er: N(2) } } } },
  texts: { SS: ["a", "b"] }, numbers: { NS: ["1", "2.5"] }, binaries: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
};

async function types() {
  const put = await send(PutItemCommand, { Item: everything, ReturnConsumedCapacity: "TOTAL" });
  check("a put says what it took", put.ConsumedCapacity, { TableName: table, CapacityUnits: 1 });
  const { Item } = await send(GetItemCommand, { Key: key("types", 1) });
  for (const [name, value] of Object.entries(everything)) check(`what ${name} is comes back`, Item[name], value);
  check("and nothing else", Object.keys(Item).length, Object.keys(everything).length);
  check("what is not there is no item", (await send(GetItemCommand, { Key: key("types", 2) })).Item, undefined);
  const parts = await send(GetItemCommand, {
    Key: key("types", 1), ProjectionExpression: "#t, #m.deep, #l[0], #l[3]", ExpressionAttributeNames: { "#t": "text", "#m": "map", "#l": "list" }, ConsistentRead: true,
  });
  check("parts are as deep as they were asked for", parts.Item,
    { text: everything.text, map: { M: { deep: everything.map.M.deep } }, list: { L: [S("a"), { M: {} }] } });
}

async function words() {
  const put = (Item, more) => refusal(send(PutItemCommand, { Item, ...more }));
  check("a number is one", await put({ ...key("w", 1), n: N("abc") }),
    "ValidationException: The parameter cannot be converted to a numeric value: abc");
  check("a number has 38 digits", await put({ ...key("w", 1), n: N("1".repeat(39)) }),
    "ValidationException: Attempting to store more than 38 significant digits in a Number");
  check("a set is not empty", await put({ ...key("w", 1), n: { SS: [] } }),
    "ValidationException: One or more parameter values were invalid: An string set  may not be empty");
  check("the key is whole", await put({ p: S("w") }),
    "ValidationException: One or more parameter values were invalid: Missing the key s in the item");
  check("the key has its type", await put({ p: N(1), s: N(1) }),
    "ValidationException: One or more parameter values were invalid: Type mismatch for key p expected: S actual: N");
  check("a key of reading is no more than that", await refusal(send(GetItemCommand, { Key: { ...key("w", 1), x: S("y") } })),
    "ValidationException: The provided key element does not match the schema");
  check("reserved words are refused", await refusal(send(UpdateItemCommand, { Key: key("w", 1), UpdateExpression: "SET name = :n", ExpressionAttributeValues: { ":n": S("x") } })),
    "ValidationException: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name");
  check("values are used", await refusal(send(PutItemCommand, {
    Item: key("w", 1), ConditionExpression: "attribute_not_exists(p)", ExpressionAttributeValues: { ":unused": S("x") },
  })), "ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}");
  check("an item has 400 KB", await put({ ...key("w", 1), big: S("x".repeat(400 * 1024)) }),
    "ValidationException: Item size has exceeded the maximum allowed size");
  check("a table that is not there", await refusal(db.send(new GetItemCommand({ TableName: `no-${run}`, Key: key("w", 1) }))),
    "ResourceNotFoundException: Requested resource not found");
}

async function conditions() {
  const item = { ...key("c", 1), n: N(5), word: S("abc"), tags: { SS: ["a", "b"] } };
  await send(PutItemCommand, { Item: item });
  const values = { ":n": N(5), ":m": N(9), ":t": S("ab"), ":a": S("a"), ":type": S("S"), ":size": N(2) };
  const holds = async (expression, names) => {
    const used = Object.fromEntries(Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(expression)));
    const asked = send(PutItemCommand, { Item: item, ConditionExpression: expression, ExpressionAttributeNames: names, ExpressionAttributeValues: Object.keys(used).length ? used : undefined });
    return (await refusal(asked)).split(":")[0];
  };
  const no = "ConditionalCheckFailedException";
  for (const [expression, want] of [
    ["n = :n", "done"], ["n <> :n", no], ["n < :m AND n > :size", "done"], ["n BETWEEN :size AND :m", "done"], ["n IN (:m, :n)", "done"],
    ["begins_with(word, :t)", "done"], ["contains(tags, :a)", "done"], ["contains(word, :t)", "done"], ["attribute_exists(absent)", no],
    ["attribute_not_exists(absent)", "done"], ["attribute_type(word, :type)", "done"], ["size(tags) = :size", "done"], ["NOT (n = :m) OR n = :n", "done"],
  ]) check(`condition ${expression}`, await holds(expression), want);
  let failed;
  try {
    await send(PutItemCommand, { Item: item, ConditionExpression: "attribute_not_exists(p)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
  } catch (e) {
    failed = e;
  }
  check("a condition that fails shows what it failed on", [failed.name, failed.message, failed.Item], [no, "The conditional request failed", item]);
}

async function updates() {
  const change = async (expression, values, names, more) => (await send(UpdateItemCommand, {
    Key: key("u", 1), UpdateExpression: expression, ExpressionAttributeValues: values, ExpressionAttributeNames: names, ReturnValues: "ALL_NEW", ...more,
  })).Attributes;
  check("an update makes what is not there", await change("SET n = :n", { ":n": N(1) }), { ...key("u", 1), n: N(1) });
  check("it counts", (await change("SET n = n + :one", { ":one": N("0.1") })).n, N("1.1"));
  check("it takes what is not there", (await change("SET m = if_not_exists(m, :m), l = list_append(if_not_exists(l, :none), :l)",
    { ":m": { M: {} }, ":none": { L: [] }, ":l": { L: [S("a")] } })).l, { L: [S("a")] });
  check("it goes deep", (await change("SET m.#d = :x, l[1] = :x", { ":x": S("x") }, { "#d": "a.b" })).m, { M: { "a.b": S("x") } });
  check("it adds to numbers and sets", await change("ADD n :two, tags :t", { ":two": N(2), ":t": { SS: ["x", "y"] } }, undefined, { ReturnValues: "UPDATED_NEW" }),
    { n: N("3.1"), tags: { SS: ["x", "y"] } });
  check("it takes from sets", (await change("DELETE tags :t", { ":t": { SS: ["x"] } })).tags, { SS: ["y"] });
  check("it removes", await change("REMOVE m, l[0]", undefined, undefined, { ReturnValues: "UPDATED_OLD" }), { m: { M: { "a.b": S("x") } }, l: { L: [S("a")] } });
  check("the key stays", await refusal(change("SET s = :x", { ":x": N(2) })),
    "ValidationException: One or more parameter values were invalid: Cannot update attribute s. This attribute is part of the key");
  check("two paths do not overlap", await refusal(change("SET l = :l REMOVE l[0]", { ":l": { L: [] } })),
    "ValidationException: Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [l], path two: [l, [0]]");
  const gone = await send(DeleteItemCommand, { Key: key("u", 1), ReturnValues: "ALL_OLD" });
  check("a deletion shows what there was", gone.Attributes.n, N("3.1"));
}

async function reading() {
  const writes = [];
  for (let i = 0; i < 50; i++) writes.push({ PutRequest: { Item: { ...key("q", i), g: S(i % 2 ? "odd" : "even"), n: N(i * i) } } });
  for (const part of [writes.slice(0, 25), writes.slice(25)]) {
    const done = await db.send(new BatchWriteItemCommand({ RequestItems: { [table]: part } }));
    check("a batch is written whole", done.UnprocessedItems, {});
  }
  const inPartition = { KeyConditionExpression: "p = :p", ExpressionAttributeValues: { ":p": S("q") } };
  const found = await send(QueryCommand, inPartition);
  check("a query is in the order of numbers", found.Items.map((it) => Number(it.s.N)), [...Array(50).keys()]);
  check("it counts", [found.Count, found.ScannedCount], [50, 50]);
  check("backwards too", (await send(QueryCommand, { ...inPartition, ScanIndexForward: false, Limit: 2 })).Items.map((it) => it.s.N), ["49", "48"]);
  const range = await send(QueryCommand, {
    KeyConditionExpression: "p = :p AND s BETWEEN :a AND :b", ExpressionAttributeValues: { ":p": S("q"), ":a": N(10), ":b": N("12.5") }, Select: "COUNT",
  });
  check("a range is counted", [range.Count, range.Items], [3, undefined]);
  const pages = await all(paginateQuery({ client: db, pageSize: 20 }, { TableName: table, ...inPartition }));
  check("pages are what the limit says", pages.map((page) => page.Count), [20, 20, 10]);
  const filtered = await send(QueryCommand, {
    KeyConditionExpression: "p = :p", FilterExpression: "g = :odd AND n > :n", ExpressionAttributeValues: { ":p": S("q"), ":odd": S("odd"), ":n": N(2000) },
  });
  check("a filter counts what it has seen", [filtered.Items.map((it) => it.s.N), filtered.ScannedCount], [["45", "47", "49"], 50]);
  const even = { IndexName: "global", KeyConditionExpression: "g = :g", ExpressionAttributeValues: { ":g": S("even") } };
  check("a global index finds", (await send(QueryCommand, even)).Count, 25);
  const local = await send(QueryCommand, { IndexName: "local", KeyConditionExpression: "p = :p AND g = :g", ExpressionAttributeValues: { ":p": S("q"), ":g": S("odd") } });
  check("a local index has the keys", Object.keys(local.Items[0]).sort(), ["g", "p", "s"]);
  const next = await send(QueryCommand, { ...even, Limit: 1 });
  check("the next page of an index begins with all keys", Object.keys(next.LastEvaluatedKey).sort(), ["g", "p", "s"]);
  const segments = await Promise.all([0, 1, 2].map((Segment) => all(paginateScan({ client: db, pageSize: 7 }, { TableName: table, Segment, TotalSegments: 3, Select: "COUNT" }))));
  const scanned = segments.flat().reduce((sum, page) => sum + page.Count, 0);
  check("a scan in three segments sees all", scanned, (await send(ScanCommand, { Select: "COUNT" })).Count);
  const batch = await db.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key("q", 1), key("q", 2), key("q", 99)], ProjectionExpression: "n" } } }));
  check("a batch reads what there is", batch.Responses[table].map((it) => it.n.N).sort(), ["1", "4"]);
  check("a batch names each key once", await refusal(db.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key("q", 1), key("q", 1)] } } }))),
    "ValidationException: Provided list of item keys contains duplicates");
}

async function transactions() {
  const transact = (TransactItems, more) => db.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
  await transact([
    { Put: { TableName: table, Item: { ...key("t", 1), n: N(1) } } },
    { Update: { TableName: table, Key: key("t", 2), UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": N(2) } } },
  ]);
  const got = await db.send(new TransactGetItemsCommand({ TransactItems: [1, 2, 3].map((s) => ({ Get: { TableName: table, Key: key("t", s) } })) }));
  check("a transaction is read as it was written", got.Responses.map((r) => r.Item?.n), [N(1), N(2), undefined]);
  let cancelled;
  try {
    await transact([
      { Delete: { TableName: table, Key: key("t", 1) } },
      { ConditionCheck: { TableName: table, Key: key("t", 2), ConditionExpression: "n = :n", ExpressionAttributeValues: { ":n": N(9) }, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } },
    ]);
  } catch (e) {
    cancelled = e;
  }
  check("a transaction that is cancelled says why", [cancelled.name, cancelled.CancellationReasons.map((r) => r.Code)],
    ["TransactionCanceledException", ["None", "ConditionalCheckFailed"]]);
  check("and shows on what", cancelled.CancellationReasons[1].Item, { ...key("t", 2), n: N(2) });
  check("and has done nothing", (await send(GetItemCommand, { Key: key("t", 1) })).Item.n, N(1));
  const once = { ClientRequestToken: `token-${run}` };
  const add = (n) => [{ Update: { TableName: table, Key: key("t", 2), UpdateExpression: "ADD n :n", ExpressionAttributeValues: { ":n": N(n) } } }];
  await transact(add(1), once);
  await transact(add(1), once);
  check("with a token it is done once", (await send(GetItemCommand, { Key: key("t", 2) })).Item.n, N(3));
  check("a token is for one request", (await refusal(transact(add(2), once))).split(":")[0], "IdempotentParameterMismatchException");
}

async function ends() {
  await send(UpdateTimeToLiveCommand, { TimeToLiveSpecification: { Enabled: true, AttributeName: "ends" } });
  check("items may end", (await send(DescribeTimeToLiveCommand)).TimeToLiveDescription, { TimeToLiveStatus: "ENABLED", AttributeName: "ends" });
  await send(UpdateContinuousBackupsCommand, { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } });
  const backups = (await send(DescribeContinuousBackupsCommand)).ContinuousBackupsDescription;
  check("they are not backed up", backups.PointInTimeRecoveryDescription, { PointInTimeRecoveryStatus: "DISABLED" });
  await send(UpdateTableCommand, { DeletionProtectionEnabled: true });
  check("a protected table stays", (await refusal(send(DeleteTableCommand))).startsWith("ValidationException: Resource cannot be deleted"));
  await send(UpdateTableCommand, { DeletionProtectionEnabled: false });
  check("a table goes", (await send(DeleteTableCommand)).TableDescription.TableStatus, "DELETING");
  const waited = await waitUntilTableNotExists({ client: db, maxWaitTime: 30 }, { TableName: table });
  check("the waiter sees it gone", waited.state, "SUCCESS");
  check("a table that is gone", await refusal(send(DescribeTableCommand)), `ResourceNotFoundException: Requested resource not found: Table: ${table} not found`);
}

for (const part of [tables, types, words, conditions, updates, reading, transactions, ends]) await part();
