// Items as the document client gives them: values of JavaScript.
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, NumberValue, paginateQuery, paginateScan, PutCommand, QueryCommand, ScanCommand,
  TransactGetCommand, TransactWriteCommand, UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { all, check, refusal, run } from "../check.mjs";

const plain = new DynamoDBClient({ maxAttempts: 1 });
const db = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
const table = `documents-${run}`;
const send = (Command, input) => db.send(new Command({ TableName: table, ...input }));

await plain.send(new CreateTableCommand({
  TableName: table, BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }],
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }, { AttributeName: "at", AttributeType: "B" }],
}));
await waitUntilTableExists({ client: plain, maxWaitTime: 30 }, { TableName: table });

const at = (n) => new Uint8Array([n]);
const document = {
  id: "d", at: at(1), text: "ü", count: 42, price: 0.1, on: true, off: false, none: null, list: [1, "two", [3], { four: 4 }],
  map: { nested: { deeper: [true, null] } }, texts: new Set(["a", "b"]), numbers: new Set([1, 2]), left: undefined,
};
await send(PutCommand, { Item: document });
const { left, ...kept } = document;
check("a document comes back", (await send(GetCommand, { Key: { id: "d", at: at(1) } })).Item, kept);
check("undefined was left out", left, undefined);
check("what is not there", (await send(GetCommand, { Key: { id: "d", at: at(2) } })).Item, undefined);

const large = "12345678901234567890.123456789";
await send(UpdateCommand, { Key: { id: "n", at: at(1) }, UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": NumberValue.from(large) } });
const exact = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }), { unmarshallOptions: { wrapNumbers: true } });
check("numbers stay exact", (await exact.send(new GetCommand({ TableName: table, Key: { id: "n", at: at(1) } }))).Item.n.toString(), large);
const counted = await send(UpdateCommand, {
  Key: { id: "d", at: at(1) }, UpdateExpression: "SET #c = #c + :one, #m.nested.more = :set REMOVE #l[0]", ReturnValues: "UPDATED_NEW",
  ExpressionAttributeNames: { "#c": "count", "#m": "map", "#l": "list" }, ExpressionAttributeValues: { ":one": 1, ":set": new Set(["x"]) },
});
check("an update shows what it touched", counted.Attributes, { count: 43, map: { nested: { more: new Set(["x"]) } }, list: ["two"] });
check("a condition that fails", await refusal(send(DeleteCommand, { Key: { id: "d", at: at(1) }, ConditionExpression: "#c < :n", ExpressionAttributeNames: { "#c": "count" }, ExpressionAttributeValues: { ":n": 43 } })),
  "ConditionalCheckFailedException: The conditional request failed");
const gone = await exact.send(new DeleteCommand({ TableName: table, Key: { id: "n", at: at(1) }, ReturnValues: "ALL_OLD" }));
check("a deletion gives back", gone.Attributes.n.toString(), large);

const many = [...Array(20).keys()].map((n) => ({ id: "many", at: at(n), n, odd: n % 2 === 1 }));
const written = await db.send(new BatchWriteCommand({ RequestItems: { [table]: many.map((Item) => ({ PutRequest: { Item } })) } }));
check("a batch leaves nothing", Object.keys(written.UnprocessedItems ?? {}), []);
const read = await db.send(new BatchGetCommand({ RequestItems: { [table]: { Keys: many.slice(3, 6).map(({ id, at }) => ({ id, at })) } } }));
check("a batch is read", read.Responses[table].map((it) => it.n).sort(), [3, 4, 5]);
const asked = { KeyConditionExpression: "id = :id AND #at < :at", ExpressionAttributeNames: { "#at": "at" }, ExpressionAttributeValues: { ":id": "many", ":at": at(10) } };
check("binary keys are in the order of their bytes", (await send(QueryCommand, asked)).Items.map((it) => it.n), [...Array(10).keys()]);
const pages = await all(paginateQuery({ client: db, pageSize: 4 }, { TableName: table, ...asked }));
check("pages begin where the last ended", pages.map((page) => page.Items.map((it) => it.n)), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]);
const odd = await all(paginateScan({ client: db, pageSize: 5 }, { TableName: table, FilterExpression: "odd = :yes", ExpressionAttributeValues: { ":yes": true } }));
check("a scan is filtered page by page", odd.flatMap((page) => page.Items).length, 10);
check("a scan projects", (await send(ScanCommand, { ProjectionExpression: "n", FilterExpression: "n = :n", ExpressionAttributeValues: { ":n": 7 } })).Items, [{ n: 7 }]);

await db.send(new TransactWriteCommand({ TransactItems: [
  { Put: { TableName: table, Item: { id: "t", at: at(1), n: 1 }, ConditionExpression: "attribute_not_exists(id)" } },
  { Delete: { TableName: table, Key: { id: "many", at: at(0) } } },
] }));
const both = await db.send(new TransactGetCommand({ TransactItems: [
  { Get: { TableName: table, Key: { id: "t", at: at(1) } } }, { Get: { TableName: table, Key: { id: "many", at: at(0) } } },
] }));
check("a transaction took effect", both.Responses.map((r) => r.Item?.n), [1, undefined]);
check("and is refused as a whole", (await refusal(db.send(new TransactWriteCommand({ TransactItems: [
  { Put: { TableName: table, Item: { id: "t", at: at(1) }, ConditionExpression: "attribute_not_exists(id)" } }, { Delete: { TableName: table, Key: { id: "many", at: at(1) } } },
] })))).split(" [")[1], "ConditionalCheckFailed, None]");
await plain.send(new DeleteTableCommand({ TableName: table }));
