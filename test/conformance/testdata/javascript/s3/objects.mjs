// Objects as the client, its uploader and its presigner send them, with the checksums that they add by themselves.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand, CopyObjectCommand, CreateBucketCommand, CreateMultipartUploadCommand, DeleteBucketCommand, DeleteObjectCommand,
  DeleteObjectsCommand, DeleteObjectTaggingCommand, GetBucketLocationCommand, GetBucketVersioningCommand, GetObjectAttributesCommand, GetObjectCommand,
  GetObjectTaggingCommand, HeadBucketCommand, HeadObjectCommand, ListBucketsCommand, ListMultipartUploadsCommand, ListObjectVersionsCommand,
  ListPartsCommand, paginateListObjectsV2, PutBucketCorsCommand, PutBucketPolicyCommand, GetBucketCorsCommand, GetBucketPolicyCommand,
  PutBucketTaggingCommand, GetBucketTaggingCommand, PutBucketVersioningCommand, PutObjectCommand, PutObjectTaggingCommand, S3Client, UploadPartCommand,
  CompleteMultipartUploadCommand, ListObjectsCommand, waitUntilBucketExists, waitUntilObjectExists,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { all, check, run, status } from "../check.mjs";

const s3 = new S3Client({ forcePathStyle: true, maxAttempts: 1 });
const bucket = `objects-${run}`;
const send = (Command, input) => s3.send(new Command({ Bucket: bucket, ...input }));
const put = (Key, Body, more) => send(PutObjectCommand, { Key, Body, ...more });
const read = async (Key, more) => (await send(GetObjectCommand, { Key, ...more })).Body.transformToString();
const quoted = (hash) => `"${hash}"`;
const md5 = (body) => createHash("md5").update(body).digest("hex");

async function buckets() {
  await send(CreateBucketCommand);
  check("the waiter sees the bucket", (await waitUntilBucketExists({ client: s3, maxWaitTime: 30 }, { Bucket: bucket })).state, "SUCCESS");
  const mine = (await s3.send(new ListBucketsCommand({}))).Buckets.find((b) => b.Name === bucket);
  check("it is in the list, with its time of birth", mine.CreationDate instanceof Date);
  check("where it is", (await send(GetBucketLocationCommand)).LocationConstraint, undefined);
  check("HEAD tells the region", (await send(HeadBucketCommand)).BucketRegion, "us-east-1");
  check("a bucket that is not there", await status(s3.send(new HeadBucketCommand({ Bucket: `none-${run}` }))), "NotFound 404");
  check("no tags", await status(send(GetBucketTaggingCommand)), "NoSuchTagSet 404");
  await send(PutBucketTaggingCommand, { Tagging: { TagSet: [{ Key: "a", Value: "b c" }] } });
  check("tags come back", (await send(GetBucketTaggingCommand)).TagSet, [{ Key: "a", Value: "b c" }]);
  const rules = [{ AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["https://example.com"], AllowedHeaders: ["*"], MaxAgeSeconds: 60 }];
  await send(PutBucketCorsCommand, { CORSConfiguration: { CORSRules: rules } });
  check("CORS rules come back", (await send(GetBucketCorsCommand)).CORSRules, rules);
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/secret/*` }] });
  await send(PutBucketPolicyCommand, { Policy });
  check("a policy comes back", JSON.parse((await send(GetBucketPolicyCommand)).Policy), JSON.parse(Policy));
  await put("secret/plan", "x");
  check("and holds for the administrator too", await status(send(GetObjectCommand, { Key: "secret/plan" })), "AccessDenied 403");
}

async function contents() {
  const body = Buffer.from([...Array(1000).keys()].map((i) => i % 256));
  const made = await put("plain", body, { ContentType: "text/x", CacheControl: "no-cache", ContentDisposition: "attachment", Metadata: { Who: "me" }, StorageClass: "STANDARD_IA" });
  check("the ETag is the MD5 in quotes", made.ETag, quoted(md5(body)));
  check("the checksum that the client adds is told", [typeof made.ChecksumCRC32, made.ChecksumType], ["string", "FULL_OBJECT"]);
  const got = await send(GetObjectCommand, { Key: "plain", ChecksumMode: "ENABLED" });
  check("the bytes come back", Buffer.from(await got.Body.transformToByteArray()).equals(body));
  check("with their checksum", got.ChecksumCRC32, made.ChecksumCRC32);
  check("with what they are", [got.ContentType, got.CacheControl, got.ContentDisposition, got.StorageClass], ["text/x", "no-cache", "attachment", "STANDARD_IA"]);
  check("names of metadata are in lower case", got.Metadata, { who: "me" });
  const head = await send(HeadObjectCommand, { Key: "plain" });
  check("HEAD and GET say the same", [head.ContentLength, head.ETag, head.LastModified], [body.length, got.ETag, got.LastModified]);
  check("the waiter sees it", (await waitUntilObjectExists({ client: s3, maxWaitTime: 30 }, { Bucket: bucket, Key: "plain" })).state, "SUCCESS");
  for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]) {
    const with_ = await put(`sum/${ChecksumAlgorithm}`, "some text", { ChecksumAlgorithm }).catch((e) => e);
    if (/requires (AWS CRT|the AWS)|not available|CRT/.test(with_.message ?? "")) continue; // what this client cannot compute without another library
    check(`a checksum ${ChecksumAlgorithm}`, typeof with_[`Checksum${ChecksumAlgorithm}`], "string");
    check(`it is read with ${ChecksumAlgorithm}`, await read(`sum/${ChecksumAlgorithm}`, { ChecksumMode: "ENABLED" }), "some text");
  }
  const pieces = ["one ".repeat(5000), "and ".repeat(4000), "two"];
  await put("streamed", Readable.from(pieces.map((piece) => Buffer.from(piece))), { ContentLength: pieces.join("").length });
  check("a stream is sent in chunks with a trailer", await read("streamed"), pieces.join(""));
  const small = put("wrong", Readable.from([Buffer.from("one "), Buffer.from("two")]), { ContentLength: 7 });
  check("chunks that are too small are refused", (await small.catch((e) => e)).name, "InvalidChunkSizeError");
  await put("empty", "");
  check("an object may be empty", [await read("empty"), (await send(HeadObjectCommand, { Key: "empty" })).ContentLength], ["", 0]);
  check("a wrong MD5 is refused", await status(put("wrong", "text", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" })), "BadDigest 400");
  check("a wrong checksum is refused", await status(put("wrong", "text", { ChecksumCRC32: "AAAAAA==" })), "BadDigest 400");
  check("and leaves nothing", await status(send(HeadObjectCommand, { Key: "wrong" })), "NotFound 404");
  check("a missing key", await status(send(GetObjectCommand, { Key: "none" })), "NoSuchKey 404");
  check("a range", await read("streamed", { Range: "bytes=1-4" }), "ne o");
  check("the end", await read("streamed", { Range: "bytes=-3" }), "two");
  check("a range that is not there", await status(send(GetObjectCommand, { Key: "streamed", Range: "bytes=99999-" })), "InvalidRange 416");
  check("not if it is the same", (await status(send(GetObjectCommand, { Key: "plain", IfNoneMatch: got.ETag }))).split(" ")[1], "304");
  check("only if it is the same", await status(send(GetObjectCommand, { Key: "plain", IfMatch: '"other"' })), "PreconditionFailed 412");
  check("not over what is there", await status(put("plain", "x", { IfNoneMatch: "*" })), "PreconditionFailed 412");
  const as = await send(GetObjectCommand, { Key: "plain", ResponseContentType: "image/x" });
  await as.Body.transformToByteArray(); // a body that nobody reads keeps its connection, and the process
  check("the answer's headers are the reader's choice", as.ContentType, "image/x");
  const attributes = await send(GetObjectAttributesCommand, { Key: "plain", ObjectAttributes: ["ETag", "ObjectSize", "Checksum"] });
  check("attributes", [attributes.ETag, attributes.ObjectSize, attributes.Checksum.ChecksumCRC32], [md5(body), body.length, made.ChecksumCRC32]);
}

const names = ["a b+c#d?e%f&g=h", "ü/日本/🦀.txt", "../up/./and//down", "tilde~!*'()", "trailing/"];

async function keys() {
  for (const Key of names) {
    await put(`names/${Key}`, Key);
    check(`a key may be ${Key}`, await read(`names/${Key}`), Key);
  }
  const list = await send(ListObjectsCommand, { Prefix: "names/" });
  check("and is listed so", list.Contents.map((o) => o.Key).sort(), names.map((name) => `names/${name}`).sort());
  for (let i = 0; i < 12; i++) await put(`many/${i % 3}/${i}`, String(i));
  const pages = await all(paginateListObjectsV2({ client: s3, pageSize: 5 }, { Bucket: bucket, Prefix: "many/" }));
  check("a list comes in pages", pages.map((page) => page.KeyCount), [5, 5, 2]);
  const folders = await send(ListObjectsCommand, { Prefix: "many/", Delimiter: "/" });
  check("and in folders", [folders.CommonPrefixes.map((p) => p.Prefix), folders.Contents], [["many/0/", "many/1/", "many/2/"], undefined]);
  const from = `${bucket}/${encodeURIComponent(`names/${names[0]}`)}`;
  const copied = await send(CopyObjectCommand, { Key: "copy", CopySource: from, MetadataDirective: "REPLACE", Metadata: { new: "yes" } });
  check("a copy is dated", copied.CopyObjectResult.LastModified instanceof Date);
  check("it has the bytes, and its own metadata", [await read("copy"), (await send(HeadObjectCommand, { Key: "copy" })).Metadata], [names[0], { new: "yes" }]);
  await send(PutObjectTaggingCommand, { Key: "copy", Tagging: { TagSet: [{ Key: "k", Value: "v" }] } });
  check("an object has tags", (await send(GetObjectTaggingCommand, { Key: "copy" })).TagSet, [{ Key: "k", Value: "v" }]);
  await send(DeleteObjectTaggingCommand, { Key: "copy" });
  check("and has none", (await send(GetObjectTaggingCommand, { Key: "copy" })).TagSet, []);
  const gone = await send(DeleteObjectsCommand, { Delete: { Objects: [{ Key: "copy" }, { Key: "never was" }] } });
  check("several go at once", gone.Deleted.map((d) => d.Key).sort(), ["copy", "never was"]);
}

async function uploads() {
  const size = 5 << 20, body = Buffer.alloc(2 * size + 1234, "part of a large body ");
  let told = 0;
  const upload = new Upload({ client: s3, params: { Bucket: bucket, Key: "large", Body: Readable.from(chunksOf(body)), ContentType: "text/large" }, partSize: size, queueSize: 2 });
  upload.on("httpUploadProgress", () => told++);
  const done = await upload.done();
  check("an upload in parts has their number in its ETag", done.ETag.endsWith('-3"'));
  check("it tells how far it is", told >= 3);
  const got = await send(GetObjectCommand, { Key: "large" });
  check("the parts are one", Buffer.from(await got.Body.transformToByteArray()).equals(body));
  check("with its type", got.ContentType, "text/large");
  const second = await send(GetObjectCommand, { Key: "large", PartNumber: 2 });
  check("a part is read alone", [second.PartsCount, second.ContentLength], [3, size]);
  await second.Body.transformToByteArray();
  await new Upload({ client: s3, params: { Bucket: bucket, Key: "little", Body: "little" } }).done();
  check("what is small is sent at once", (await send(HeadObjectCommand, { Key: "little" })).ETag, quoted(md5("little")));

  const { UploadId } = await send(CreateMultipartUploadCommand, { Key: "by hand", ChecksumAlgorithm: "SHA256" });
  const part = await send(UploadPartCommand, { Key: "by hand", UploadId, PartNumber: 1, Body: "only", ChecksumAlgorithm: "SHA256" });
  check("an upload is listed", (await send(ListMultipartUploadsCommand)).Uploads.map((u) => [u.Key, u.UploadId]), [["by hand", UploadId]]);
  check("so are its parts", (await send(ListPartsCommand, { Key: "by hand", UploadId })).Parts.map((p) => [p.PartNumber, p.Size, p.ETag]), [[1, 4, part.ETag]]);
  check("a part that was not sent", await status(send(CompleteMultipartUploadCommand, {
    Key: "by hand", UploadId, MultipartUpload: { Parts: [{ PartNumber: 2, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 }] },
  })), "InvalidPart 400");
  const whole = await send(CompleteMultipartUploadCommand, {
    Key: "by hand", UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 }] },
  });
  check("its checksum is one of its parts'", whole.ChecksumSHA256.endsWith("-1"));
  const left = await send(CreateMultipartUploadCommand, { Key: "left" });
  await send(AbortMultipartUploadCommand, { Key: "left", UploadId: left.UploadId });
  check("an upload that was given up", await status(send(UploadPartCommand, { Key: "left", UploadId: left.UploadId, PartNumber: 1, Body: "x" })), "NoSuchUpload 404");
}

function* chunksOf(body) {
  for (let at = 0; at < body.length; at += 100_000) yield body.subarray(at, at + 100_000);
}

async function signed() {
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: bucket, Key: "by url", ContentType: "text/plain" }), { expiresIn: 60 });
  check("who has the URL may put", (await fetch(url, { method: "PUT", body: "signed", headers: { "content-type": "text/plain" } })).status, 200);
  const back = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: "by url" }), { expiresIn: 60 });
  const got = await fetch(back);
  check("and get", [got.status, await got.text(), got.headers.get("content-type")], [200, "signed", "text/plain"]);
  const other = await fetch(back.replace("by%20url", "plain"));
  check("but nothing else", [other.status, /<Code>(.*)<\/Code>/.exec(await other.text())[1]], [403, "SignatureDoesNotMatch"]);
  const delayed = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: "by url" }), { expiresIn: 60, signingDate: new Date(Date.now() - 3600_000) });
  const late = await fetch(delayed);
  check("and not for ever", [late.status, /<Message>(.*)<\/Message>/.exec(await late.text())[1]], [403, "Request has expired"]);
  const nobody = await fetch(back.split("?")[0]);
  check("without it nobody may", nobody.status, 403);
  await nobody.text();
}

async function forms() {
  const { url, fields } = await createPresignedPost(s3, { Bucket: bucket, Key: "form/${filename}", Expires: 60,
    Fields: { "Content-Type": "text/plain", "x-amz-meta-from": "a form", success_action_status: "201" },
    Conditions: [["content-length-range", 1, 10]] });
  const submit = (content, change) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...change })) form.append(name, value);
    form.append("file", new Blob([content]), "my file.txt");
    return fetch(url, { method: "POST", body: form });
  };
  const made = await submit("by form");
  check("who has the form may send it", [made.status, /<Key>(.*)<\/Key>/.exec(await made.text())[1]], [201, "form/my file.txt"]);
  const head = await send(HeadObjectCommand, { Key: "form/my file.txt" });
  check("with what its fields say", [head.ContentLength, head.ContentType, head.Metadata], [7, "text/plain", { from: "a form" }]);
  const refused = async (content, change) => {
    const answer = await submit(content, change);
    return [answer.status, /<Message>(.*)<\/Message>/.exec(await answer.text())[1]];
  };
  check("but no more than it allows", await refused("more than ten"), [400, "Your proposed upload exceeds the maximum allowed size"]);
  check("and not elsewhere", await refused("by form", { key: "other" }),
    [403, "Invalid according to Policy: Policy Condition failed: [&quot;starts-with&quot;, &quot;$key&quot;, &quot;form/&quot;]"]);
  check("nor with another field", await refused("by form", { acl: "private" }), [403, "Invalid according to Policy: Extra input fields: acl"]);
}

async function versions() {
  check("versions are not kept at first", (await send(GetBucketVersioningCommand)).Status, undefined);
  await send(PutBucketVersioningCommand, { VersioningConfiguration: { Status: "Enabled" } });
  const one = await put("versioned", "1"), two = await put("versioned", "2");
  check("each version has an id", one.VersionId !== two.VersionId);
  check("each is read", [await read("versioned"), await read("versioned", { VersionId: one.VersionId })], ["2", "1"]);
  const marker = await send(DeleteObjectCommand, { Key: "versioned" });
  check("a deletion leaves a marker", marker.DeleteMarker);
  check("behind which nothing is found", await status(send(GetObjectCommand, { Key: "versioned" })), "NoSuchKey 404");
  const list = await send(ListObjectVersionsCommand, { Prefix: "versioned" });
  check("all are listed", [list.Versions.length, list.DeleteMarkers.length, list.DeleteMarkers[0].IsLatest], [2, 1, true]);
  await send(DeleteObjectCommand, { Key: "versioned", VersionId: marker.VersionId });
  check("without the marker it is there again", await read("versioned"), "2");
}

async function ends() {
  check("a bucket with objects stays", await status(send(DeleteBucketCommand)), "BucketNotEmpty 409");
  for (let more = true; more; ) {
    const list = await send(ListObjectVersionsCommand);
    const Objects = [...(list.Versions ?? []), ...(list.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length) await send(DeleteObjectsCommand, { Delete: { Objects, Quiet: true } });
    more = list.IsTruncated;
  }
  await send(DeleteBucketCommand);
  check("an empty one goes", await status(send(HeadBucketCommand)), "NotFound 404");
}

for (const part of [buckets, contents, keys, uploads, signed, forms, versions, ends]) await part();
