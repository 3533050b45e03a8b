"""Writes and reads log events and parameters with boto3, and says of each step whether what came back is what CloudWatch Logs and
Parameter Store answer.

usage: logs_parameters.py ENDPOINT REGION

The credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Writes a line for every check: "ok NAME" or "not ok NAME: WHAT".
The group, the parameters and the user have names of their own and are removed at the end.
"""
import json
import sys
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, REGION = sys.argv[1:3]
RUN = uuid.uuid4().hex[:12]
GROUP, ROOT = "/conformance/" + RUN, "/conformance-" + RUN


def client(service, key=None):
    keys = dict(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]) if key else {}
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=REGION, config=Config(retries={"total_max_attempts": 1}), **keys)


logs, ssm, iam, sts = client("logs"), client("ssm"), client("iam"), client("sts")
ACCOUNT = sts.get_caller_identity()["Account"]
GROUP_ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}"
NOW = int(time.time() * 1000)


def check(name, got, want=True):
    print(f"ok {name}" if got == want else f"not ok {name}: {got!r}, want {want!r}", flush=True)


def code(call, **arguments):
    """The code of a refusal; 'done' without one."""
    try:
        call(**arguments)
        return "done"
    except ClientError as e:
        return e.response["Error"]["Code"]


def message(call, **arguments):
    try:
        call(**arguments)
        return "done"
    except ClientError as e:
        return e.response["Error"]["Message"]


def events(*messages, since=NOW - 60_000):
    return [{"timestamp": since + i, "message": m} for i, m in enumerate(messages)]


def texts(answer):
    return [e["message"] for e in answer["events"]]


def groups():
    logs.create_log_group(logGroupName=GROUP, tags={"team": "blue"})
    check("a group twice", code(logs.create_log_group, logGroupName=GROUP), "ResourceAlreadyExistsException")
    found = logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    check("describe_log_groups", [(g["logGroupName"], g["arn"], g["storedBytes"], g["metricFilterCount"]) for g in found], [(GROUP, GROUP_ARN + ":*", 0, 0)])
    check("creationTime is now", abs(found[0]["creationTime"] - NOW) < 600_000)
    check("no retention", "retentionInDays" in found[0], False)
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=7)
    check("retention", logs.describe_log_groups(logGroupNamePattern=RUN)["logGroups"][0]["retentionInDays"], 7)
    logs.delete_retention_policy(logGroupName=GROUP)
    check("retention of 8 days", code(logs.put_retention_policy, logGroupName=GROUP, retentionInDays=8), "InvalidParameterException")
    check("list_tags_for_resource", logs.list_tags_for_resource(resourceArn=GROUP_ARN)["tags"], {"team": "blue"})
    logs.tag_resource(resourceArn=GROUP_ARN, tags={"cost": "1"})
    logs.untag_resource(resourceArn=GROUP_ARN, tagKeys=["team"])
    check("list_tags_log_group", logs.list_tags_log_group(logGroupName=GROUP)["tags"], {"cost": "1"})
    check("a group that is not there", message(logs.delete_log_group, logGroupName=GROUP + "/none"), "The specified log group does not exist.")


def streams():
    for name in ("s1", "s2"):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
    check("a stream twice", code(logs.create_log_stream, logGroupName=GROUP, logStreamName="s1"), "ResourceAlreadyExistsException")
    answer = logs.put_log_events(logGroupName=GROUP, logStreamName="s1", logEvents=events("START", '{"level":"ERROR","code":500}', "ERROR end"))
    check("put_log_events", sorted(k for k in answer if k != "ResponseMetadata"), ["nextSequenceToken"])
    logs.put_log_events(logGroupName=GROUP, logStreamName="s2", logEvents=events("10.0.0.1 GET 404", since=NOW - 59_999), sequenceToken="any")
    found = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True)["logStreams"]
    check("describe_log_streams", [(s["logStreamName"], s["firstEventTimestamp"], s["lastEventTimestamp"], s["storedBytes"]) for s in found],
          [("s1", NOW - 60_000, NOW - 59_998, 0), ("s2", NOW - 59_999, NOW - 59_999, 0)])
    check("the ARN of a stream", found[0]["arn"], GROUP_ARN + ":log-stream:s1")
    check("storedBytes", logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"][0]["storedBytes"], 5 + 28 + 9 + 16 + 4 * 26)
    check("an old event", logs.put_log_events(logGroupName=GROUP, logStreamName="s2", logEvents=[{"timestamp": NOW - 15 * 86_400_000, "message": "m"}])
          ["rejectedLogEventsInfo"], {"tooOldLogEventEndIndex": 1})
    check("no order", code(logs.put_log_events, logGroupName=GROUP, logStreamName="s2", logEvents=events("a", "b")[::-1]), "InvalidParameterException")


def reads():
    of = dict(logGroupName=GROUP, logStreamName="s1")
    tail = logs.get_log_events(**of, limit=2)
    check("get_log_events from the tail", texts(tail), ['{"level":"ERROR","code":500}', "ERROR end"])
    check("backward", texts(logs.get_log_events(**of, nextToken=tail["nextBackwardToken"])), ["START"])
    end = logs.get_log_events(**of, nextToken=tail["nextForwardToken"], startFromHead=True)
    check("the end", (texts(end), end["nextForwardToken"]), ([], tail["nextForwardToken"]))
    check("from the head", texts(logs.get_log_events(**of, limit=1, startFromHead=True)), ["START"])
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP, PaginationConfig={"PageSize": 1})
    check("filter_log_events by pages", [m for p in pages for m in texts(p)], ["START", '{"level":"ERROR","code":500}', "10.0.0.1 GET 404", "ERROR end"])
    for pattern, want in (("ERROR", 2), ("ERROR -end", 1), ("?START ?GET", 2), ('"GET 404"', 1), ('{ $.level = "ERR*" && $.code >= 500 }', 1),
                          ("[ip, method, status = 4*]", 1), ("%^1[0-9]\\.%", 1), ("[..., last=end]", 1)):
        check("pattern " + pattern, len(logs.filter_log_events(logGroupName=GROUP, filterPattern=pattern)["events"]), want)
    check("one stream", texts(logs.filter_log_events(logGroupName=GROUP, logStreamNames=["s2"])), ["10.0.0.1 GET 404"])
    check("a bad pattern", code(logs.filter_log_events, logGroupName=GROUP, filterPattern="{ $.a"), "InvalidParameterException")
    check("no stream", message(logs.get_log_events, logGroupName=GROUP, logStreamName="none"), "The specified log stream does not exist.")
    logs.delete_log_stream(logGroupName=GROUP, logStreamName="s1")
    check("after delete_log_stream", texts(logs.filter_log_events(logGroupName=GROUP)), ["10.0.0.1 GET 404"])


def parameters():
    check("put_parameter", {k: v for k, v in ssm.put_parameter(Name=ROOT + "/db/host", Type="String", Value="h1", Description="d", Tags=[{"Key": "team", "Value": "blue"}]).items()
                            if k != "ResponseMetadata"}, {"Version": 1, "Tier": "Standard"})
    check("twice", code(ssm.put_parameter, Name=ROOT + "/db/host", Type="String", Value="h2"), "ParameterAlreadyExists")
    check("overwrite", ssm.put_parameter(Name=ROOT + "/db/host", Value="h2", Overwrite=True)["Version"], 2)
    ssm.put_parameter(Name=ROOT + "/db/password", Type="SecureString", Value="s3cret")
    ssm.put_parameter(Name=ROOT + "/db/replicas/list", Type="StringList", Value="a,b")
    p = ssm.get_parameter(Name=ROOT + "/db/host")["Parameter"]
    check("get_parameter", (p["Value"], p["Version"], p["Type"], p["DataType"], p["ARN"]),
          ("h2", 2, "String", "text", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{ROOT}/db/host"))
    check("LastModifiedDate is now", abs(p["LastModifiedDate"].timestamp() * 1000 - NOW) < 600_000)
    check("by version", ssm.get_parameter(Name=ROOT + "/db/host:1")["Parameter"]["Value"], "h1")
    check("by ARN", ssm.get_parameter(Name=p["ARN"])["Parameter"]["Value"], "h2")
    ssm.label_parameter_version(Name=ROOT + "/db/host", ParameterVersion=1, Labels=["live"])
    check("by label", [ssm.get_parameter(Name=ROOT + "/db/host:live")["Parameter"][k] for k in ("Value", "Selector")], ["h1", ":live"])
    check("bad labels", ssm.label_parameter_version(Name=ROOT + "/db/host", Labels=["9", "fine"])["InvalidLabels"], ["9"])
    check("unlabel", ssm.unlabel_parameter_version(Name=ROOT + "/db/host", ParameterVersion=1, Labels=["live", "fine"])["InvalidLabels"], ["fine"])
    check("decrypted", ssm.get_parameter(Name=ROOT + "/db/password", WithDecryption=True)["Parameter"]["Value"], "s3cret")
    check("not decrypted", "s3cret" in ssm.get_parameter(Name=ROOT + "/db/password")["Parameter"]["Value"], False)
    several = ssm.get_parameters(Names=[ROOT + "/db/host", ROOT + "/none"])
    check("get_parameters", ([x["Value"] for x in several["Parameters"]], several["InvalidParameters"]), (["h2"], [ROOT + "/none"]))
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=ROOT, Recursive=True, WithDecryption=True, PaginationConfig={"PageSize": 1})
    check("get_parameters_by_path", [x["Value"] for q in pages for x in q["Parameters"]], ["h2", "s3cret", "a,b"])
    check("one level", [x["Name"] for x in ssm.get_parameters_by_path(Path=ROOT + "/db")["Parameters"]], [ROOT + "/db/host", ROOT + "/db/password"])
    described = ssm.describe_parameters(ParameterFilters=[{"Key": "Path", "Option": "Recursive", "Values": [ROOT]}, {"Key": "Type", "Values": ["SecureString"]}])["Parameters"]
    check("describe_parameters", [(x["Name"], x["KeyId"], x["Tier"], x["Version"], x["Policies"]) for x in described], [(ROOT + "/db/password", "alias/aws/ssm", "Standard", 1, [])])
    check("by tag", [x["Name"] for x in ssm.describe_parameters(ParameterFilters=[{"Key": "tag:team", "Values": ["blue"]}, {"Key": "Name", "Option": "BeginsWith", "Values": [ROOT]}])["Parameters"]],
          [ROOT + "/db/host"])
    check("history", [(x["Value"], x["Version"], x.get("Description")) for x in ssm.get_parameter_history(Name=ROOT + "/db/host")["Parameters"]], [("h1", 1, "d"), ("h2", 2, "d")])
    check("tags", ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=ROOT + "/db/host")["TagList"], [{"Key": "team", "Value": "blue"}])
    check("a parameter that is not there", code(ssm.get_parameter, Name=ROOT + "/none"), "ParameterNotFound")
    check("a name of AWS's", code(ssm.put_parameter, Name="/aws/x", Type="String", Value="v"), "AccessDeniedException")
    check("a key of KMS", code(ssm.put_parameter, Name=ROOT + "/k", Type="SecureString", Value="v", KeyId="alias/mine"), "InvalidKeyId")


def permissions():
    user = "conformance-" + RUN
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    mine, read = client("logs", key), client("ssm", key)
    who = f"User: arn:aws:iam::{ACCOUNT}:user/{user} is not authorized to perform: "
    check("nothing allows", message(mine.put_log_events, logGroupName=GROUP, logStreamName="s2", logEvents=events("m")),
          f"{who}logs:PutLogEvents on resource: {GROUP_ARN}:log-stream:s2 because no identity-based policy allows the logs:PutLogEvents action")
    statements = [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": GROUP_ARN + ":log-stream:*"},
                  {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}, {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}]
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    mine.create_log_stream(logGroupName=GROUP, logStreamName="mine")
    check("a policy on streams", code(mine.put_log_events, logGroupName=GROUP, logStreamName="mine", logEvents=events("m")), "done")
    check("and no more", code(mine.filter_log_events, logGroupName=GROUP), "AccessDeniedException")
    check("ciphertext", code(read.get_parameter, Name=ROOT + "/db/password"), "done")
    check("a Deny of kms:Decrypt", message(read.get_parameter, Name=ROOT + "/db/password", WithDecryption=True)
          .startswith(f"{who}kms:Decrypt on resource: arn:aws:kms:{REGION}:{ACCOUNT}:key/"))
    iam.delete_user_policy(UserName=user, PolicyName="p")
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=user)


try:
    groups()
    streams()
    reads()
    parameters()
    permissions()
finally:
    names = [x["Name"] for x in ssm.get_parameters_by_path(Path=ROOT, Recursive=True)["Parameters"]]
    check("delete_parameters", ssm.delete_parameters(Names=names)["DeletedParameters"] if names else None, names)
    logs.delete_log_group(logGroupName=GROUP)
    check("after delete_log_group", logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"], [])
