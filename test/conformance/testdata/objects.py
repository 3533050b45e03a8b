"""Puts, reads, lists, copies and forbids objects with boto3, and says of each step whether what came back is what S3 answers.

usage: objects.py ENDPOINT REGION

The credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Writes a line for every check: "ok NAME" or "not ok NAME: WHAT".
Buckets and users have names of their own and are removed at the end.
"""
import base64
import hashlib
import json
import os
import sys
import urllib.error
import urllib.request
import uuid

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, REGION = sys.argv[1:3]
RUN = uuid.uuid4().hex[:12]
BUCKET, OTHER = "objects-" + RUN, "copies-" + RUN


def client(service, key=None, **more):
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, **more)
    keys = dict(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]) if key else {}
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=REGION, config=config, **keys)


s3, iam = client("s3"), client("iam")


def check(name, got, want=True):
    print(f"ok {name}" if got == want else f"not ok {name}: {got!r}, want {want!r}", flush=True)


def code(call, **arguments):
    """The code and status of a refusal, as CODE STATUS; 'done' without one."""
    try:
        call(**arguments)
        return "done"
    except ClientError as e:
        return f"{e.response['Error']['Code']} {e.response['ResponseMetadata']['HTTPStatusCode']}"


def fetch(url, method="GET", data=None, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


def submit(form, content):
    """Sends a form as a browser does."""
    parts = [f'--boundary\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in form["fields"].items()]
    parts.append('--boundary\r\nContent-Disposition: form-data; name="file"; filename="my file"\r\nContent-Type: text/plain\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--boundary--\r\n"
    return fetch(form["url"], "POST", body, **{"Content-Type": "multipart/form-data; boundary=boundary"})


def read(key, bucket=BUCKET, by=s3, **more):
    return by.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


def plain():
    body = bytes(range(256)) * 400
    put = s3.put_object(Bucket=BUCKET, Key="a/plain", Body=body, ContentType="text/x", CacheControl="no-cache", Metadata={"Who": "me"}, StorageClass="STANDARD_IA")
    check("the ETag is the MD5 in quotes", put["ETag"], f'"{hashlib.md5(body).hexdigest()}"')
    got = s3.get_object(Bucket=BUCKET, Key="a/plain")
    check("the bytes come back", got["Body"].read() == body)
    check("so does the type", got["ContentType"], "text/x")
    check("so does Cache-Control", got["CacheControl"], "no-cache")
    check("metadata names are in lower case", got["Metadata"], {"who": "me"})
    check("a class that is not STANDARD is told", got["StorageClass"], "STANDARD_IA")
    head = s3.head_object(Bucket=BUCKET, Key="a/plain")
    check("HEAD tells the length", head["ContentLength"], len(body))
    check("HEAD and GET agree on the time", head["LastModified"], got["LastModified"])
    check("a request has an id", len(head["ResponseMetadata"]["RequestId"]) > 0)
    s3.put_object(Bucket=BUCKET, Key="empty")
    check("an empty object", read("empty"), b"")
    check("the type of what has none", s3.head_object(Bucket=BUCKET, Key="empty")["ContentType"], "binary/octet-stream")
    check("a missing key", code(s3.get_object, Bucket=BUCKET, Key="none"), "NoSuchKey 404")
    check("HEAD of a missing key has no body", code(s3.head_object, Bucket=BUCKET, Key="none"), "404 404")
    check("a missing bucket", code(s3.get_object, Bucket="none-" + RUN, Key="none"), "NoSuchBucket 404")
    check("a key that is too long", code(s3.put_object, Bucket=BUCKET, Key="k" * 1025), "KeyTooLongError 400")
    for key in ("sp ace", "pl+us", "per%20cent", "q?u&e=s#t", "ünï/日本", "../dots", "//", "a<b>&\"c'"):
        s3.put_object(Bucket=BUCKET, Key="odd/" + key, Body=key.encode())
        check("the key " + key, read("odd/" + key), key.encode())
    check("Content-MD5 that is false", code(s3.put_object, Bucket=BUCKET, Key="x", Body=b"x", ContentMD5=base64.b64encode(b"0" * 16).decode()), "BadDigest 400")
    check("a checksum that is false", code(s3.put_object, Bucket=BUCKET, Key="x", Body=b"x", ChecksumSHA256=base64.b64encode(b"0" * 32).decode()), "BadDigest 400")
    check("neither made an object", code(s3.head_object, Bucket=BUCKET, Key="x"), "404 404")
    sums = s3.put_object(Bucket=BUCKET, Key="summed", Body=b"text", ChecksumAlgorithm="SHA256")
    want = base64.b64encode(hashlib.sha256(b"text").digest()).decode()
    check("a checksum is answered", sums["ChecksumSHA256"], want)
    check("and kept", s3.head_object(Bucket=BUCKET, Key="summed", ChecksumMode="ENABLED")["ChecksumSHA256"], want)
    told = s3.get_object_attributes(Bucket=BUCKET, Key="summed", ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass"])
    check("attributes", (told["ETag"], told["Checksum"]["ChecksumSHA256"], told["ObjectSize"], told["StorageClass"]), (hashlib.md5(b"text").hexdigest(), want, 4, "STANDARD"))


def ranges():
    s3.put_object(Bucket=BUCKET, Key="range", Body=b"0123456789")
    for spec, want in {"bytes=0-0": b"0", "bytes=2-4": b"234", "bytes=7-": b"789", "bytes=-2": b"89", "bytes=5-99": b"56789"}.items():
        got = s3.get_object(Bucket=BUCKET, Key="range", Range=spec)
        check("the range " + spec, (got["Body"].read(), got["ResponseMetadata"]["HTTPStatusCode"]), (want, 206))
    check("Content-Range", s3.get_object(Bucket=BUCKET, Key="range", Range="bytes=2-4")["ContentRange"], "bytes 2-4/10")
    check("a range outside", code(s3.get_object, Bucket=BUCKET, Key="range", Range="bytes=10-"), "InvalidRange 416")
    etag = s3.head_object(Bucket=BUCKET, Key="range")["ETag"]
    check("If-None-Match", code(s3.get_object, Bucket=BUCKET, Key="range", IfNoneMatch=etag), "304 304")
    check("If-Match that fails", code(s3.get_object, Bucket=BUCKET, Key="range", IfMatch='"0"'), "PreconditionFailed 412")
    check("If-None-Match: * of a write", code(s3.put_object, Bucket=BUCKET, Key="range", IfNoneMatch="*"), "PreconditionFailed 412")
    check("If-Match of a write", code(s3.put_object, Bucket=BUCKET, Key="range", Body=b"0123456789", IfMatch=etag), "done")


def lists():
    for key in ("l/1", "l/2", "l/d/3", "l/d/4", "l/e/5", "m"):
        s3.put_object(Bucket=BUCKET, Key=key)
    got = s3.list_objects_v2(Bucket=BUCKET, Prefix="l/", Delimiter="/")
    check("a folder", ([o["Key"] for o in got["Contents"]], [p["Prefix"] for p in got["CommonPrefixes"]]), (["l/1", "l/2"], ["l/d/", "l/e/"]))
    check("KeyCount counts both", got["KeyCount"], 4)
    pages = [sorted([o["Key"] for o in p.get("Contents", [])] + [c["Prefix"] for c in p.get("CommonPrefixes", [])])
             for p in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="l/", Delimiter="/", PaginationConfig={"PageSize": 1})]
    check("pages", pages, [["l/1"], ["l/2"], ["l/d/"], ["l/e/"]])
    check("StartAfter", [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET, Prefix="l/", StartAfter="l/d/3")["Contents"]], ["l/d/4", "l/e/5"])
    first = s3.list_objects(Bucket=BUCKET, Prefix="l/", MaxKeys=2)
    check("the first version's marker", [o["Key"] for o in s3.list_objects(Bucket=BUCKET, Prefix="l/", Marker=first["Contents"][-1]["Key"])["Contents"]], ["l/d/3", "l/d/4", "l/e/5"])
    check("odd keys are listed as they are", "odd/a<b>&\"c'" in [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET, Prefix="odd/")["Contents"]])
    check("no keys at all", s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)["KeyCount"], 0)
    check("a token that is not one", code(s3.list_objects_v2, Bucket=BUCKET, ContinuationToken="x"), "InvalidArgument 400")
    check("the bucket is listed", BUCKET in [b["Name"] for b in s3.list_buckets()["Buckets"]])
    check("the bucket's region", s3.head_bucket(Bucket=BUCKET)["BucketRegion"], REGION)


def copies():
    s3.put_object(Bucket=BUCKET, Key="from me", Body=b"copied", ContentType="text/y", Metadata={"m": "1"}, Tagging="t=1")
    made = s3.copy_object(Bucket=OTHER, Key="to", CopySource={"Bucket": BUCKET, "Key": "from me"})
    check("a copy's ETag", made["CopyObjectResult"]["ETag"], f'"{hashlib.md5(b"copied").hexdigest()}"')
    got = s3.get_object(Bucket=OTHER, Key="to")
    check("a copy", (got["Body"].read(), got["ContentType"], got["Metadata"], got["TagCount"]), (b"copied", "text/y", {"m": "1"}, 1))
    s3.copy_object(Bucket=OTHER, Key="to", CopySource={"Bucket": OTHER, "Key": "to"}, MetadataDirective="REPLACE", Metadata={"n": "2"})
    check("metadata that is replaced", s3.head_object(Bucket=OTHER, Key="to")["Metadata"], {"n": "2"})
    check("onto itself", code(s3.copy_object, Bucket=OTHER, Key="to", CopySource={"Bucket": OTHER, "Key": "to"}), "InvalidRequest 400")
    check("a source that is not there", code(s3.copy_object, Bucket=OTHER, Key="to", CopySource={"Bucket": BUCKET, "Key": "none"}), "NoSuchKey 404")
    check("a source of another ETag", code(s3.copy_object, Bucket=OTHER, Key="to", CopySource={"Bucket": BUCKET, "Key": "from me"}, CopySourceIfMatch='"0"'), "PreconditionFailed 412")


def parts():
    big, rest = os.urandom(5 << 20), b"the rest"
    upload = dict(Bucket=BUCKET, Key="parts", UploadId=s3.create_multipart_upload(Bucket=BUCKET, Key="parts", ContentType="text/z")["UploadId"])
    etags = [s3.upload_part(PartNumber=n, Body=body, **upload)["ETag"] for n, body in ((1, big), (2, rest))]
    check("parts are listed", [p["Size"] for p in s3.list_parts(**upload)["Parts"]], [len(big), len(rest)])
    check("uploads are listed", [u["Key"] for u in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]], ["parts"])
    complete = lambda *chosen: dict(MultipartUpload={"Parts": [{"PartNumber": n, "ETag": e} for n, e in chosen]}, **upload)
    check("parts in the wrong order", code(s3.complete_multipart_upload, **complete((2, etags[1]), (1, etags[0]))), "InvalidPartOrder 400")
    check("a part of another ETag", code(s3.complete_multipart_upload, **complete((1, etags[1]))), "InvalidPart 400")
    check("no parts", code(s3.complete_multipart_upload, **complete()), "MalformedXML 400")
    done = s3.complete_multipart_upload(**complete((1, etags[0]), (2, etags[1])))
    sums = hashlib.md5(hashlib.md5(big).digest() + hashlib.md5(rest).digest()).hexdigest()
    check("the ETag of parts", done["ETag"], f'"{sums}-2"')
    check("the parts together", read("parts") == big + rest)
    check("over the seam", read("parts", Range=f"bytes={len(big) - 2}-{len(big) + 2}"), big[-2:] + rest[:3])
    check("one part", read("parts", PartNumber=2), rest)
    check("it is done", code(s3.list_parts, **upload), "NoSuchUpload 404")
    upload["UploadId"] = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    etags = [s3.upload_part(PartNumber=1, Body=b"small", **upload)["ETag"],
             s3.upload_part_copy(PartNumber=2, CopySource={"Bucket": BUCKET, "Key": "range"}, CopySourceRange="bytes=2-4", **upload)["CopyPartResult"]["ETag"]]
    check("a part that is too small", code(s3.complete_multipart_upload, **complete((1, etags[0]), (2, etags[1]))), "EntityTooSmall 400")
    s3.complete_multipart_upload(**complete((2, etags[1])))
    check("a part of another object", read("parts"), b"234")
    upload["UploadId"] = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    s3.abort_multipart_upload(**upload)
    check("an aborted upload", code(s3.upload_part, PartNumber=1, Body=b"x", **upload), "NoSuchUpload 404")


def versions():
    s3.put_bucket_versioning(Bucket=OTHER, VersioningConfiguration={"Status": "Enabled"})
    one, two = (s3.put_object(Bucket=OTHER, Key="v", Body=b)["VersionId"] for b in (b"one", b"two"))
    check("versions have ids of their own", one != two)
    check("the newest", read("v", OTHER), b"two")
    check("an older one", read("v", OTHER, VersionId=one), b"one")
    marker = s3.delete_object(Bucket=OTHER, Key="v")
    check("a delete marker", marker["DeleteMarker"])
    check("what it covers", code(s3.get_object, Bucket=OTHER, Key="v"), "NoSuchKey 404")
    check("the marker itself", code(s3.get_object, Bucket=OTHER, Key="v", VersionId=marker["VersionId"]), "MethodNotAllowed 405")
    got = s3.list_object_versions(Bucket=OTHER, Prefix="v")
    check("all versions", ([v["VersionId"] for v in got["Versions"]], [m["IsLatest"] for m in got["DeleteMarkers"]]), ([two, one], [True]))
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=OTHER, PaginationConfig={"PageSize": 1})
    keys = [v["VersionId"] for p in pages for v in p.get("Versions", []) + p.get("DeleteMarkers", [])]
    check("all versions in pages", (len(keys), len(set(keys)), set(keys) >= {one, two, marker["VersionId"]}), (4, 4, True))
    s3.delete_object(Bucket=OTHER, Key="v", VersionId=marker["VersionId"])
    check("uncovered", read("v", OTHER), b"two")
    check("no such version", code(s3.get_object, Bucket=OTHER, Key="v", VersionId="0123456789abcdef0123456789abcdef"), "NoSuchVersion 404")
    check("a bucket with versions stays", code(s3.delete_bucket, Bucket=OTHER), "BucketNotEmpty 409")


def tags():
    s3.put_object(Bucket=BUCKET, Key="t", Tagging="a=1&b=%26")
    check("tags of a put", s3.get_object_tagging(Bucket=BUCKET, Key="t")["TagSet"], [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "&"}])
    s3.put_object_tagging(Bucket=BUCKET, Key="t", Tagging={"TagSet": [{"Key": "c", "Value": "3"}]})
    check("other tags", s3.get_object_tagging(Bucket=BUCKET, Key="t")["TagSet"], [{"Key": "c", "Value": "3"}])
    check("eleven tags", code(s3.put_object_tagging, Bucket=BUCKET, Key="t", Tagging={"TagSet": [{"Key": str(n), "Value": ""} for n in range(11)]}), "BadRequest 400")
    s3.delete_object_tagging(Bucket=BUCKET, Key="t")
    check("no tags", s3.get_object_tagging(Bucket=BUCKET, Key="t")["TagSet"], [])
    check("no tags of the bucket", code(s3.get_bucket_tagging, Bucket=BUCKET), "NoSuchTagSet 404")


def presigned():
    signer = client("s3", signature_version="s3v4")
    get = signer.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "range", "ResponseContentType": "text/html"})
    check("a presigned read", fetch(get), (200, b"0123456789"))
    check("it is for one method", fetch(get, "DELETE")[0], 403)
    check("and for one key", fetch(get.replace("/range", "/m", 1))[0], 403)
    put = signer.generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": "presigned"})
    check("a presigned write", (fetch(put, "PUT", b"by url")[0], read("presigned")), (200, b"by url"))
    check("without a signature", fetch(f"{ENDPOINT}/{BUCKET}/range")[0], 403)
    form = signer.generate_presigned_post(BUCKET, "form/${filename}", {"Content-Type": "text/x", "success_action_status": "201"},
                                          [["starts-with", "$Content-Type", "text/"], {"success_action_status": "201"}, ["content-length-range", 1, 7]])
    check("a presigned form", submit(form, b"by form")[0], 201)
    check("is an object", (read("form/my file"), s3.head_object(Bucket=BUCKET, Key="form/my file")["ContentType"]), (b"by form", "text/x"))
    status, answer = submit(form, b"too long")
    check("too long for its policy", (status, b"<Code>EntityTooLarge</Code>" in answer), (400, True))
    form["fields"]["Content-Type"] = "image/png"
    status, answer = submit(form, b"by form")
    check("another field than it allows", (status, b"Invalid according to Policy: Policy Condition failed: [&quot;starts-with&quot;, &quot;$Content-Type&quot;" in answer), (403, True))


def policies():
    name = "reader-" + RUN
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    reader = client("s3", key)
    arn = f"arn:aws:s3:::{BUCKET}"
    statement = lambda effect, action, resource, **more: dict(Effect=effect, Action=action, Resource=resource, **more)
    may = lambda *statements: iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    bucket_policy = lambda *statements: s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    try:
        check("without a policy", code(reader.get_object, Bucket=BUCKET, Key="range"), "AccessDenied 403")
        may(statement("Allow", "s3:GetObject", arn + "/l/*"), statement("Allow", "s3:ListBucket", arn, Condition={"StringEquals": {"s3:prefix": ["", "l/"]}}))
        check("what is allowed", read("l/1", by=reader), b"")
        check("what is not", code(reader.get_object, Bucket=BUCKET, Key="m"), "AccessDenied 403")
        check("nor by another spelling", code(reader.get_object, Bucket=BUCKET, Key="l/../m"), "AccessDenied 403")
        check("a list of the prefix", code(reader.list_objects_v2, Bucket=BUCKET, Prefix="l/"), "done")
        check("a list of the empty prefix", code(reader.list_objects_v2, Bucket=BUCKET, Prefix=""), "done")
        check("a list of another prefix", code(reader.list_objects_v2, Bucket=BUCKET, Prefix="a/"), "AccessDenied 403")
        check("a write", code(reader.put_object, Bucket=BUCKET, Key="l/1"), "AccessDenied 403")
        check("a copy of what may not be read", code(reader.copy_object, Bucket=BUCKET, Key="l/9", CopySource=f"{BUCKET}/m"), "AccessDenied 403")
        may(statement("Allow", "s3:PutObject", arn + "/*"))
        check("a write that is allowed", code(reader.put_object, Bucket=BUCKET, Key="w"), "done")
        check("its tags are not", code(reader.put_object, Bucket=BUCKET, Key="w", Tagging="a=1"), "AccessDenied 403")
        check("who may not list is not told what is missing", code(reader.head_object, Bucket=BUCKET, Key="none"), "403 403")
        iam.delete_user_policy(UserName=name, PolicyName="p")
        user = iam.get_user(UserName=name)["User"]["Arn"]
        bucket_policy(statement("Allow", "s3:GetObject", arn + "/*", Principal={"AWS": user}))
        check("the bucket's policy allows", read("range", by=reader), b"0123456789")
        check("and nothing else", code(reader.delete_object, Bucket=BUCKET, Key="range"), "AccessDenied 403")
        bucket_policy(statement("Deny", "s3:GetObject", arn + "/range", Principal="*"))
        check("its deny is the administrator's as well", code(s3.get_object, Bucket=BUCKET, Key="range"), "AccessDenied 403")
        everybody = dict(Principal="*", Effect="Allow", Action="s3:GetObject", Resource=arn + "/*")
        check("public policies are blocked", code(s3.put_bucket_policy, Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]})), "AccessDenied 403")
        s3.delete_public_access_block(Bucket=BUCKET)
        bucket_policy(everybody)
        check("everybody reads what is public", read("range", by=client("s3", signature_version=UNSIGNED)), b"0123456789")
        check("a policy that is none", code(s3.put_bucket_policy, Bucket=BUCKET, Policy="{"), "MalformedPolicy 400")
        check("a policy about another bucket", code(s3.put_bucket_policy, Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [dict(everybody, Resource="arn:aws:s3:::other/*")]})), "MalformedPolicy 400")
        s3.delete_bucket_policy(Bucket=BUCKET)
        check("and no more", fetch(f"{ENDPOINT}/{BUCKET}/range")[0], 403)
        may(statement("Allow", "s3:DeleteObject", arn + "/l/*"))
        out = reader.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "l/1"}, {"Key": "m"}]})
        check("deletions key by key", ([d["Key"] for d in out["Deleted"]], [(e["Key"], e["Code"]) for e in out["Errors"]]), (["l/1"], [("m", "AccessDenied")]))
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        if iam.list_user_policies(UserName=name)["PolicyNames"]:
            iam.delete_user_policy(UserName=name, PolicyName="p")
        iam.delete_user(UserName=name)


def settings():
    check("notifications cannot be set", code(s3.put_bucket_notification_configuration, Bucket=BUCKET, NotificationConfiguration={}), "NotImplemented 501")
    check("nor a website", code(s3.delete_bucket_website, Bucket=BUCKET), "NotImplemented 501")
    check("an object lock is refused", code(s3.put_object, Bucket=BUCKET, Key="x", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate="2100-01-01T00:00:00Z"), "InvalidRequest 400")
    check("an ACL is refused", code(s3.put_object, Bucket=BUCKET, Key="x", ACL="public-read"), "AccessControlListNotSupported 400")


def empty(bucket):
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for v in page.get("Versions", []) + page.get("DeleteMarkers", []):
            s3.delete_object(Bucket=bucket, Key=v["Key"], VersionId=v["VersionId"])
    check("an empty bucket goes", code(s3.delete_bucket, Bucket=bucket), "done")


for bucket in (BUCKET, OTHER):
    s3.create_bucket(Bucket=bucket)
try:
    for part in (plain, ranges, lists, copies, parts, versions, tags, presigned, policies, settings):
        part()
finally:
    for bucket in (BUCKET, OTHER):
        empty(bucket)
