"""Deploys, publishes, invokes, shares and forbids Lambda functions with boto3, and says of each step whether what came back is what
Lambda answers.

usage: functions.py ENDPOINT REGION

The credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Writes a line for every check: "ok NAME" or "not ok NAME: WHAT".
Functions, roles, users and buckets have names of their own and are removed at the end.
"""
import base64
import hashlib
import io
import json
import sys
import urllib.request
import uuid
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, REGION = sys.argv[1:3]
RUN = uuid.uuid4().hex[:12]
NAME, ROLE, USER, BUCKET = "function-" + RUN, "role-" + RUN, "user-" + RUN, "code-" + RUN

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}

CODE = '''
import json, os, time
calls = 0
def handler(event, context):
    global calls
    calls += 1
    print("the event is", json.dumps(event))
    if event.get("fail"):
        raise ValueError("as asked for")
    if event.get("sleep"):
        time.sleep(event["sleep"])
    return {"event": event, "variable": os.environ.get("GREETING"), "name": context.function_name, "version": context.function_version,
            "arn": context.invoked_function_arn, "request": context.aws_request_id, "calls": calls, "memory": context.memory_limit_in_mb,
            "custom": (context.client_context.custom if context.client_context else None)}
'''


def client(service, key=None):
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, read_timeout=120)
    keys = dict(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]) if key else {}
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=REGION, config=config, **keys)


lam, iam, s3, sts = client("lambda"), client("iam"), client("s3"), client("sts")
ACCOUNT = sts.get_caller_identity()["Account"]
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"


def check(name, got, want=True):
    print(f"ok {name}" if got == want else f"not ok {name}: {got!r}, want {want!r}", flush=True)


def refusal(call, **arguments):
    """The code, the status and the message of a refusal; 'done' without one."""
    try:
        call(**arguments)
        return "done"
    except ClientError as e:
        return f"{e.response['Error']['Code']} {e.response['ResponseMetadata']['HTTPStatusCode']} {e.response['Error']['Message']}"


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in files.items():
            z.writestr(name, text)
    return out.getvalue()


def invoke(payload=None, by=lam, name=NAME, **more):
    answer = by.invoke(FunctionName=name, Payload=json.dumps(payload if payload is not None else {}), **more)
    body = answer["Payload"].read()
    return answer, json.loads(body) if body else None


def ready(name=NAME, **more):
    lam.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 100}, **more)
    lam.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 100}, **more)


role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
code = archive({"app/index.py": CODE})
common = dict(Runtime="python3.12", Role=role, Handler="app/index.handler", Code={"ZipFile": code})

# Making one, and what is refused.
check("a name that is none", refusal(lam.create_function, FunctionName="no name", **common).split(": Member")[0],
      "ValidationException 400 1 validation error detected: Value 'no name' at 'functionName' failed to satisfy constraint")
check("a retired runtime", refusal(lam.create_function, FunctionName=NAME, **{**common, "Runtime": "nodejs14.x"}),
      "InvalidParameterValueException 400 The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda "
      "functions. We recommend you use a supported runtime while creating or updating functions.")
check("no zip", refusal(lam.create_function, FunctionName=NAME, **{**common, "Code": {"ZipFile": b"text"}}),
      "InvalidParameterValueException 400 Could not unzip uploaded file. Please check your file, then try to upload again.")
check("a zip that leads out", refusal(lam.create_function, FunctionName=NAME, **{**common, "Code": {"ZipFile": archive({"../out": "x"})}}),
      "InvalidParameterValueException 400 Could not unzip uploaded file. Please check your file, then try to upload again.")
check("a reserved variable", refusal(lam.create_function, FunctionName=NAME, Environment={"Variables": {"AWS_REGION": "x"}}, **common),
      "InvalidParameterValueException 400 Lambda was unable to configure your environment variables because the environment variables you "
      "have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION")
check("too many variables", refusal(lam.create_function, FunctionName=NAME, Environment={"Variables": {"BIG": "x" * 4096}}, **common)[:180],
      ("InvalidParameterValueException 400 Lambda was unable to configure your environment variables because the environment variables you "
       "have provided exceeded the 4KB limit. String measured: {\"BIG\":\"xx")[:180])
iam.create_role(RoleName=ROLE + "-other", AssumeRolePolicyDocument=json.dumps(TRUST).replace("lambda.", "ec2."))
check("a role that trusts another service", refusal(lam.create_function, FunctionName=NAME, **{**common, "Role": role + "-other"}),
      "InvalidParameterValueException 400 The role defined for the function cannot be assumed by Lambda.")
check("too much memory", refusal(lam.create_function, FunctionName=NAME, MemorySize=20000, **common),
      "ValidationException 400 1 validation error detected: Value '20000' at 'memorySize' failed to satisfy constraint: Member must have value "
      "less than or equal to 10240")
check("not there yet", refusal(lam.get_function, FunctionName=NAME), f"ResourceNotFoundException 404 Function not found: {ARN}")

made = lam.create_function(FunctionName=NAME, Description="first", Environment={"Variables": {"GREETING": "hello"}}, Tags={"team": "red"},
                           Timeout=10, MemorySize=256, **common)
check("made", [made["State"], made["Version"], made["FunctionArn"], made["ResponseMetadata"]["HTTPStatusCode"]],
      ["Pending", "$LATEST", ARN, 201])
check("its code's hash", made["CodeSha256"], base64.b64encode(hashlib.sha256(code).digest()).decode())
check("made again", refusal(lam.create_function, FunctionName=NAME, **common), f"ResourceConflictException 409 Function already exist: {NAME}")
ready()
got = lam.get_function(FunctionName=NAME)
check("active", [got["Configuration"]["State"], got["Configuration"]["LastUpdateStatus"]], ["Active", "Successful"])
check("tags and variables", [got["Tags"], got["Configuration"]["Environment"]], [{"team": "red"}, {"Variables": {"GREETING": "hello"}}])
check("the code can be had back", urllib.request.urlopen(got["Code"]["Location"]).read() == code)
check("by its ARN", lam.get_function_configuration(FunctionName=ARN)["FunctionName"], NAME)
check("by a part of it", lam.get_function_configuration(FunctionName=f"{ACCOUNT}:function:{NAME}")["FunctionName"], NAME)
check("of another region", refusal(lam.get_function, FunctionName=ARN.replace(REGION, "eu-west-3")),
      f"ResourceNotFoundException 404 Functions from 'eu-west-3' are not reachable in this region ('{REGION}')")

# Invocation.
answer, out = invoke({"a": 1})
check("invoked", [answer["StatusCode"], answer["ExecutedVersion"], out["event"], out["variable"], out["version"], out["arn"]],
      [200, "$LATEST", {"a": 1}, "hello", "$LATEST", ARN])
check("its request id", out["request"], answer["ResponseMetadata"]["RequestId"])
answer, out = invoke({"b": 2}, LogType="Tail")
log = base64.b64decode(answer["LogResult"]).decode()
check("warm, with its log", [out["calls"], "the event is" in log, f"END RequestId: {out['request']}" in log], [2, True, True])
answer, out = invoke({"fail": True})
check("an exception", [answer["FunctionError"], out["errorType"], out["errorMessage"]], ["Unhandled", "ValueError", "as asked for"])
context = base64.b64encode(json.dumps({"custom": {"k": "v"}}).encode()).decode()
check("a client context", invoke({}, ClientContext=context)[1]["custom"], {"k": "v"})
check("no JSON", refusal(lam.invoke, FunctionName=NAME, Payload=b"{").split(" Could")[0], "InvalidRequestContentException 400")
check("too large an event", refusal(lam.invoke, FunctionName=NAME, InvocationType="Event", Payload=json.dumps("x" * (1 << 20))),
      f"RequestEntityTooLargeException 413 {(1 << 20) + 2} byte payload is too large for the Event invocation type (limit 1048576 bytes)")
check("a dry run", lam.invoke(FunctionName=NAME, InvocationType="DryRun")["StatusCode"], 204)
check("asynchronously", lam.invoke(FunctionName=NAME, InvocationType="Event", Payload=b"{}")["StatusCode"], 202)

# Changes and versions.
revision = lam.get_function_configuration(FunctionName=NAME)["RevisionId"]
first = lam.publish_version(FunctionName=NAME, Description="one")
check("published", [first["Version"], first["FunctionArn"], first["Description"]], ["1", ARN + ":1", "one"])
check("nothing new to publish", lam.publish_version(FunctionName=NAME)["Version"], "1")
check("another revision", refusal(lam.update_function_configuration, FunctionName=NAME, RevisionId=str(uuid.uuid4())).split(" The")[0],
      "PreconditionFailedException 412")
changed = lam.update_function_configuration(FunctionName=NAME, RevisionId=revision, Environment={"Variables": {"GREETING": "bye"}})
check("being updated", [changed["LastUpdateStatus"], changed["State"]], ["InProgress", "Active"])
ready()
check("a version stays as it is", [invoke()[1]["variable"], invoke(Qualifier="1")[1]["variable"], invoke(Qualifier="1")[0]["ExecutedVersion"]],
      ["bye", "hello", "1"])
dry = lam.update_function_code(FunctionName=NAME, ZipFile=archive({"app/index.py": CODE + "#"}), DryRun=True)
check("a dry update changes nothing", dry["CodeSha256"] != lam.get_function_configuration(FunctionName=NAME)["CodeSha256"])
second = lam.update_function_code(FunctionName=NAME, ZipFile=archive({"app/index.py": CODE.replace("as asked for", "changed")}), Publish=True)
check("new code, published", second["Version"], "2")
ready()
check("the new code runs", invoke({"fail": True})[1]["errorMessage"], "changed")
check("versions", [v["Version"] for v in lam.list_versions_by_function(FunctionName=NAME)["Versions"]], ["$LATEST", "1", "2"])
check("in pages", [[v["Version"] for v in p["Versions"]] for p in lam.get_paginator("list_versions_by_function").paginate(
    FunctionName=NAME, PaginationConfig={"PageSize": 2})], [["$LATEST", "1"], ["2"]])
check("listed", NAME in [f["FunctionName"] for p in lam.get_paginator("list_functions").paginate() for f in p["Functions"]])

# Code from S3 is read as the caller.
s3.create_bucket(Bucket=BUCKET, **({} if REGION == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": REGION}}))
s3.put_object(Bucket=BUCKET, Key="code.zip", Body=code)
check("code in S3", lam.update_function_code(FunctionName=NAME, S3Bucket=BUCKET, S3Key="code.zip")["CodeSha256"], made["CodeSha256"])
check("code that is not in S3", refusal(lam.update_function_code, FunctionName=NAME, S3Bucket=BUCKET, S3Key="none"),
      "InvalidParameterValueException 400 Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.")
iam.create_user(UserName=USER)
iam.put_user_policy(UserName=USER, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["lambda:UpdateFunctionCode", "lambda:InvokeFunction"], "Resource": ARN}]}))
somebody = client("lambda", iam.create_access_key(UserName=USER)["AccessKey"])
check("code that the caller may not read", refusal(somebody.update_function_code, FunctionName=NAME, S3Bucket=BUCKET, S3Key="code.zip").split(".")[0],
      f"AccessDeniedException 403 Your access has been denied by S3, please make sure your request credentials have permission to GetObject for {BUCKET}/code")

# Aliases.
alias = lam.create_alias(FunctionName=NAME, Name="live", FunctionVersion="1")
check("an alias", [alias["AliasArn"], alias["FunctionVersion"]], [ARN + ":live", "1"])
check("again", refusal(lam.create_alias, FunctionName=NAME, Name="live", FunctionVersion="1"), f"ResourceConflictException 409 Alias already exists: {ARN}:live")
check("of a version that is not there", refusal(lam.create_alias, FunctionName=NAME, Name="x", FunctionVersion="10"),
      f"ResourceNotFoundException 404 Function not found: {ARN}:10")
check("invoked by it", [invoke(Qualifier="live")[0]["ExecutedVersion"], invoke(name=NAME + ":live")[1]["arn"]], ["1", ARN + ":live"])
lam.update_alias(FunctionName=NAME, Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}})
check("with all its traffic elsewhere", invoke(Qualifier="live")[0]["ExecutedVersion"], "2")
check("a version that an alias uses", refusal(lam.delete_function, FunctionName=NAME, Qualifier="1").split(" Version")[0], "ResourceConflictException 409")

# Who may: the function's ARN is not that of its versions and aliases, and a function policy gives what no other policy does.
check("a function is not its alias", invoke({}, by=somebody)[0]["StatusCode"], 200)
check("and the other way round", refusal(somebody.invoke, FunctionName=NAME, Qualifier="live"),
      f"AccessDeniedException 403 User: arn:aws:iam::{ACCOUNT}:user/{USER} is not authorized to perform: lambda:InvokeFunction on resource: "
      f"{ARN}:live because no identity-based policy allows the lambda:InvokeFunction action")
added = lam.add_permission(FunctionName=NAME, Qualifier="live", StatementId="s", Action="lambda:InvokeFunction",
                           Principal=f"arn:aws:iam::{ACCOUNT}:user/{USER}")
check("a permission", json.loads(added["Statement"]), {
    "Sid": "s", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{USER}"}, "Action": "lambda:InvokeFunction",
    "Resource": ARN + ":live"})
check("permits", somebody.invoke(FunctionName=NAME, Qualifier="live")["StatusCode"], 200)
check("again", refusal(lam.add_permission, FunctionName=NAME, Qualifier="live", StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"),
      "ResourceConflictException 409 The statement id (s) provided already exists. Please provide a new statement id, or remove the existing statement.")
check("a principal that is none", refusal(lam.add_permission, FunctionName=NAME, StatementId="t", Action="lambda:InvokeFunction", Principal="nobody"),
      "InvalidParameterValueException 400 The provided principal was invalid. Please check the principal and try again.")
lam.add_permission(FunctionName=NAME, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
                   SourceArn=f"arn:aws:s3:::{BUCKET}", SourceAccount=ACCOUNT)
check("the policy", json.loads(lam.get_policy(FunctionName=NAME)["Policy"])["Statement"][0]["Condition"], {
    "StringEquals": {"AWS:SourceAccount": ACCOUNT}, "ArnLike": {"AWS:SourceArn": f"arn:aws:s3:::{BUCKET}"}})
lam.remove_permission(FunctionName=NAME, Qualifier="live", StatementId="s")
check("taken away", refusal(somebody.invoke, FunctionName=NAME, Qualifier="live").split(" User")[0], "AccessDeniedException 403")
check("no policy any more", refusal(lam.get_policy, FunctionName=NAME, Qualifier="live"),
      "ResourceNotFoundException 404 The resource you requested does not exist.")

# Limits, tags, settings.
lam.put_function_concurrency(FunctionName=NAME, ReservedConcurrentExecutions=0)
try:
    invoke()
    check("throttled", "done", "TooManyRequestsException")
except ClientError as e:
    check("throttled", [e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"], e.response.get("Reason"), e.response["Error"]["Message"]],
          ["TooManyRequestsException", 429, "ReservedFunctionConcurrentInvocationLimitExceeded", "Rate Exceeded."])
check("the reserve", lam.get_function_concurrency(FunctionName=NAME)["ReservedConcurrentExecutions"], 0)
lam.delete_function_concurrency(FunctionName=NAME)
check("a reserve that leaves too little", refusal(lam.put_function_concurrency, FunctionName=NAME, ReservedConcurrentExecutions=901),
      "InvalidParameterValueException 400 Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
      "below its minimum value of [100].")
lam.tag_resource(Resource=ARN, Tags={"cost": "9"})
lam.untag_resource(Resource=ARN, TagKeys=["team"])
check("tags", lam.list_tags(Resource=ARN)["Tags"], {"cost": "9"})
check("account settings", lam.get_account_settings()["AccountLimit"]["ConcurrentExecutions"], 1000)
lam.put_function_event_invoke_config(FunctionName=NAME, MaximumRetryAttempts=1)
check("event settings", lam.get_function_event_invoke_config(FunctionName=NAME)["MaximumRetryAttempts"], 1)
layer = lam.publish_layer_version(LayerName="layer-" + RUN, Content={"ZipFile": archive({"python/shared.py": "value = 42"})}, CompatibleRuntimes=["python3.12"])
check("a layer", [layer["Version"], layer["LayerVersionArn"]], [1, f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:layer-{RUN}:1"])
lam.update_function_code(FunctionName=NAME, ZipFile=archive({"app/index.py": "import shared\ndef handler(e, c): return shared.value"}))
lam.update_function_configuration(FunctionName=NAME, Layers=[layer["LayerVersionArn"]])
ready()
check("code of a layer", invoke()[1], 42)
check("a layer that is not there", refusal(lam.update_function_configuration, FunctionName=NAME, Layers=[layer["LayerVersionArn"][:-1] + "7"]),
      f"InvalidParameterValueException 400 Layer version arn:aws:lambda:{REGION}:{ACCOUNT}:layer:layer-{RUN}:7 does not exist.")
lam.update_function_code(FunctionName=NAME, ZipFile=code)
lam.update_function_configuration(FunctionName=NAME, Timeout=1)  # now: one second is not always enough for a function that answers
ready()
answer, out = invoke({"sleep": 30})
check("out of time", [answer["FunctionError"], "Task timed out after 1.00 seconds" in out["errorMessage"]], ["Unhandled", True])
check("what is not served says so", refusal(lam.create_function_url_config, FunctionName=NAME, AuthType="NONE").split(" Ambit")[0],
      "NotImplementedException 501")

# The end.
lam.delete_alias(FunctionName=NAME, Name="live")
check("deleted", lam.delete_function(FunctionName=NAME)["ResponseMetadata"]["HTTPStatusCode"] in (200, 204))
check("gone", refusal(lam.invoke, FunctionName=NAME), f"ResourceNotFoundException 404 Function not found: {ARN}")
lam.delete_layer_version(LayerName="layer-" + RUN, VersionNumber=1)
s3.delete_object(Bucket=BUCKET, Key="code.zip")
s3.delete_bucket(Bucket=BUCKET)
for key in iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]:
    iam.delete_access_key(UserName=USER, AccessKeyId=key["AccessKeyId"])
iam.delete_user_policy(UserName=USER, PolicyName="p")
iam.delete_user(UserName=USER)
iam.delete_role(RoleName=ROLE)
iam.delete_role(RoleName=ROLE + "-other")
