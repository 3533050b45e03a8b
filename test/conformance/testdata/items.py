"""Asks the same of an endpoint and of moto, and tells what they answer differently.

usage: items.py ENDPOINT REGION

The credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Writes one JSON object a line: {"ask", "here", "moto"}, and at the
end how much was asked: {"asked": n}.
"""
import json
import os
import sys
from itertools import groupby

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

S, N, B = (lambda v: {"S": v}), (lambda v: {"N": str(v)}), (lambda v: {"B": v})
L, M, BOOL = (lambda *v: {"L": list(v)}), (lambda **v: {"M": v}), (lambda v: {"BOOL": v})
SS, NS, NULL = (lambda *v: {"SS": list(v)}), (lambda *v: {"NS": [str(x) for x in v]}), {"NULL": True}

TABLE = dict(
    TableName="films", BillingMode="PAY_PER_REQUEST",
    KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}],
    AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "N"},
                          {"AttributeName": "g", "AttributeType": "S"}, {"AttributeName": "l", "AttributeType": "S"}],
    GlobalSecondaryIndexes=[{"IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}],
    LocalSecondaryIndexes=[{"IndexName": "by-l", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}],
                            "Projection": {"ProjectionType": "KEYS_ONLY"}}])

ITEMS = [
    {"p": S("a"), "s": N(i), "n": N(i * 1.5), "title": S(t), "g": S("x" if i % 2 else "y"), "l": S(t[:1]), "tags": SS("a", t), "nums": NS(i, i + 1),
     "crew": L(S("x"), M(part=S(t)), N(i)), "info": M(rating=N(i + 0.5), deep=M(er=N(1))), "ok": BOOL(i % 3 == 0), "nil": NULL, "bin": B(b"\x00\xff")}
    for i, t in enumerate(["alpha", "beta", "Gamma", "delta", "alphabet", "zeta"])
] + [{"p": S("b"), "s": N(-1)}, {"p": S("b"), "s": N("1e3"), "n": S("text"), "title": N(7)}]

VALUES = {":zero": N(0), ":one": N(1), ":three": N("3.0"), ":nine": N(9), ":half": N("4.5"), ":al": S("al"), ":alpha": S("alpha"), ":x": S("x"), ":S": S("S"), ":N": S("N"),
          ":yes": BOOL(True), ":null": NULL, ":tags": SS("alpha", "a"), ":more": SS("b", "c"), ":nums": NS(1), ":list": L(S("q")), ":map": M(k=N(1)),
          ":byte": B(b"\x00"), ":empty": S(""), ":Q": S("Q"), ":a": S("a"), ":b": S("b"), ":two": N(2)}
NAMES = {"#n": "n", "#size": "size", "#d": "a.b", "#info": "info", "#t": "title", "#p": "p"}

CONDITIONS = """
n = :three|n <> :three|n < :three|n <= :three|n > :three|n >= :three|title < :x|n < :alpha|ok = :yes|nil = :null|tags = :tags|absent = :one|NOT absent = :one|
:three = n|n BETWEEN :one AND :half|n between :one and :half and ok = :yes|title BETWEEN :al AND :x|absent BETWEEN :one AND :nine|
n IN (:three, :half)|title IN (:alpha)|n IN (:alpha, :three)|absent IN (:one)|
attribute_exists(info.deep.er)|attribute_exists(info.no)|attribute_not_exists(title)|attribute_not_exists(#d)|attribute_exists(crew[1].part)|attribute_exists(crew[9])|
attribute_type(title, :S)|attribute_type(title, :N)|begins_with(title, :al)|begins_with(l, :al)|begins_with(absent, :al)|
contains(title, :al)|contains(tags, :alpha)|contains(crew, :x)|contains(crew, :one)|contains(nums, :one)|contains(absent, :x)|contains(n, :one)|
size(title) > :three|size(crew) = :three|size(tags) = size(nums)|size(info) < :three|size(bin) = :two|size(n) > :zero|size(absent) > :zero|
crew[1].part = :alpha|crew[0] = :x|info.rating > :three|#info.rating > #n|info.deep.er = :one|
n = :three OR n = :half|n = :three AND ok = :yes OR title = :alpha|n = :three AND (ok = :yes OR title = :alpha)|NOT (n = :three OR ok = :yes)|NOT n = :three AND ok = :yes|
NOT NOT n = :three|(n) = (:three)|(n = :three)|n=:three|n  =  :three|
""".replace("\n", "").strip("|").split("|")

BROKEN = """
n = |n|n == :three|n = :three extra|n = :three AND|(n = :three|n IN ()|((n = :three))|size = :one|nosuch(n)|size(n)|attribute_exists(:one)|attribute_exists(n, title)|
begins_with(title, :one)|attribute_type(title, :Q)|n = n|tags < :tags|n BETWEEN :nine AND :one|n = :nope|#nope = :one|n ! :one|contains(title, :al) = :yes|size(:one) = :one|
n = :three OR|AND n = :three|n BETWEEN :one|n NOT IN (:one)|begins_with(title)
""".replace("\n", "").strip("|").split("|")

UPDATES = """
SET n = :one|SET n = n + :one|SET n = :nine - n, copy = n|SET fresh = if_not_exists(fresh, :zero) + :one|SET n = if_not_exists(n, :one)|SET crew = list_append(crew, :list)|
SET crew = list_append(:list, crew)|SET crew[0] = :one|SET crew[9] = :one|SET crew[1].part = :one|SET info.rating = info.rating + :one|SET info.fresh = :map|SET info.deep.er = :x, title = :x|
REMOVE n|REMOVE n, title|REMOVE crew[0]|REMOVE crew[0], crew[2]|REMOVE info.deep|REMOVE info.deep.er|REMOVE crew[1].part|REMOVE absent|REMOVE crew[9]|
ADD n :one|ADD fresh :one|ADD tags :more|ADD fresh :more|ADD nums :nums|DELETE tags :tags|DELETE tags :more|DELETE absent :more|DELETE nums :nums|
SET n = :one REMOVE title ADD nums :nums DELETE tags :tags|REMOVE n SET copy = n|set n = :one remove title|SET #size = :one|SET #d = :one|SET title = :empty|SET title = :null
""".replace("\n", "").strip("|").split("|")

BROKEN_UPDATES = """
n = :one|SET n :one|SET n = :one SET title = :x|SET n = :one REMOVE n|SET info.x = :one, info = :map|SET n = size(title)|SET n = if_not_exists(n)|SET n = if_not_exists(:one, n)|
SET n = n + :x|SET n = title + :one|SET n = absent|SET absent.x = :one|SET title.x = :one|REMOVE absent.x|ADD n :x|ADD title :one|ADD info :one|DELETE n :one|DELETE title :more|
DELETE tags :nums|REMOVE status|SET size = :one|SET p = :x|SET s = :one|REMOVE s|SET n = list_append(n, :list)|SET n = :nope|SET #nope = :one|SET n = :one extra|SET n = n = :one|SET|
SET crew[x] = :one|SET n = nosuch(n)|ADD n title
""".replace("\n", "").strip("|").split("|")

PROJECTIONS = ["p, n", "crew[1]", "crew[0], crew[2]", "crew[1].part, info.deep", "info.rating, info.no", "absent", "#info.deep.er", "#n, #t", "crew[7]", "info, info.deep", "p,", "p n", "name", "",
               "#nope", "crew[0], crew[0]"]

KEYS = ["p = :a", ":a = p", "p = :a AND s = :one", "p = :a AND s < :three", "p = :a AND s <= :three", "p = :a AND s > :three", "p = :a AND s >= :three", "p = :a AND s BETWEEN :one AND :three",
        "s > :one AND p = :a", "p = :b", "p = :b AND s > :zero", "p = :a and s = :nine", "(p = :a) AND (s > :one)", "p = :a AND :one < s"]
BROKEN_KEYS = ["s = :one", "p > :a", "p <> :a", "p = :a OR s = :one", "NOT p = :a", "p IN (:a)", "contains(p, :a)", "p = :a AND n = :one", "p = :a AND s = :x", "p = :one", "p = :a AND p = :b",
               "p = :a AND begins_with(s, :one)", "p = s", "p = :a AND s <> :one", "p = :empty", "size(p) = :one", "p = :a AND s > :one AND s < :nine", "info.x = :a"]


def placeholders(*texts):
    """Those that are spoken of."""
    import re
    spoken = set(re.findall(r"[#:]\w+", " ".join(texts)))
    out = {}
    names = {k: v for k, v in NAMES.items() if k in spoken}
    values = {k: v for k, v in VALUES.items() if k in spoken}
    if names:
        out["ExpressionAttributeNames"] = names
    if values:
        out["ExpressionAttributeValues"] = values
    return out


def asks():
    """Every call with the name that a difference is told by. Those that write do so to an item that is put there first."""
    key = {"p": S("a"), "s": N(1)}
    for text in CONDITIONS + BROKEN:
        yield "filter: " + text, "scan", dict(FilterExpression=text, ProjectionExpression="#p, s", **placeholders(text, "#p"))
    for text in CONDITIONS + BROKEN:
        yield "condition: " + text, "put_item", dict(Item=ITEMS[1], ConditionExpression=text, **placeholders(text))
    for text in UPDATES + BROKEN_UPDATES:
        yield "update: " + text, "update_item", dict(Key=key, UpdateExpression=text, ReturnValues="ALL_NEW", **placeholders(text))
    for values in ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]:
        for text in ["SET n = :one, fresh = :x", "SET info.rating = :one", "REMOVE n", "ADD nums :nums", "SET crew[0] = :one"]:
            yield f"update, {values}: {text}", "update_item", dict(Key=key, UpdateExpression=text, ReturnValues=values, **placeholders(text))
        yield f"update of none, {values}", "update_item", dict(
            Key={"p": S("new"), "s": N(1)}, UpdateExpression="SET n = :one", ReturnValues=values, **placeholders(":one"))
        yield f"put, {values}", "put_item", dict(Item=dict(key, n=N(1)), ReturnValues=values)
        yield f"delete, {values}", "delete_item", dict(Key=key, ReturnValues=values)
    for text in PROJECTIONS:
        yield "projection: " + text, "get_item", dict(Key=key, ProjectionExpression=text, **placeholders(text))
    for text in KEYS + BROKEN_KEYS:
        yield "key: " + text, "query", dict(KeyConditionExpression=text, **placeholders(text))
        yield "key, backwards: " + text, "query", dict(KeyConditionExpression=text, ScanIndexForward=False, Limit=2, **placeholders(text))
    yield "index", "query", dict(IndexName="by-g", KeyConditionExpression="g = :x", Select="COUNT", **placeholders(":x"))
    yield "local index", "query", dict(IndexName="by-l", KeyConditionExpression="p = :a AND l = :a", **placeholders(":a"))
    yield "local index, all", "query", dict(IndexName="by-l", KeyConditionExpression="p = :a AND begins_with(l, :a)", Select="ALL_ATTRIBUTES", **placeholders(":a"))
    yield "no index", "query", dict(IndexName="none", KeyConditionExpression="p = :a", **placeholders(":a"))
    yield "unused name", "scan", dict(ExpressionAttributeNames={"#n": "n"}, FilterExpression="s > :one", **placeholders(":one"))
    yield "unused value", "scan", dict(ExpressionAttributeValues={":one": N(1), ":two": N(2)}, FilterExpression="s > :one")
    yield "names without expression", "scan", dict(ExpressionAttributeNames={"#n": "n"})
    yield "values without expression", "scan", dict(ExpressionAttributeValues={":n": N(1)})
    for name, item in {
        "no key": {"p": S("a")}, "wrong kind of key": {"p": S("a"), "s": S("1")}, "empty key": {"p": S(""), "s": N(1)}, "no number": dict(key, n=N("x")),
        "too many digits": dict(key, n=N("1" * 39)), "too large a number": dict(key, n=N("1e126")), "too small a number": dict(key, n=N("1e-131")), "exact number": dict(key, n=N("1" * 38)),
        "empty set": dict(key, n={"SS": []}), "set with duplicates": dict(key, n=SS("a", "a")), "empty string": dict(key, n=S("")), "too large": dict(key, n=S("x" * 410_000)),
        "wrong kind of index key": dict(key, g=N(1)), "empty index key": dict(key, g=S("")), "nested": dict(key, n=L(M(a=L(NULL, BOOL(False), N("1.50"))))),
    }.items():
        yield "item: " + name, "put_item", dict(Item=item)
    yield "key with more", "get_item", dict(Key=dict(key, n=N(1)))
    yield "key with less", "get_item", dict(Key={"p": S("a")})
    yield "key of another kind", "delete_item", dict(Key={"p": S("a"), "s": S("1")})
    yield "no limit", "scan", dict(Limit=0)
    yield "segment alone", "scan", dict(Segment=0)
    yield "segment too high", "scan", dict(Segment=2, TotalSegments=2)
    yield "count and projection", "scan", dict(Select="COUNT", ProjectionExpression="s")
    yield "specific without projection", "scan", dict(Select="SPECIFIC_ATTRIBUTES")
    yield "no such selection", "scan", dict(Select="NOTHING")
    yield "filter about the key", "query", dict(KeyConditionExpression="p = :a", FilterExpression="s > :one", **placeholders(":a", ":one"))


def plain(value):
    """Makes two answers comparable: sets have no order, and neither have the items of a scan; numbers are what they are."""
    if isinstance(value, dict):
        if len(value) == 1:
            (kind, inner), = value.items()
            if kind in ("SS", "NS", "BS"):
                return {kind: sorted(inner, key=repr)}
            if kind == "N":
                from decimal import Decimal
                return {"N": format(Decimal(inner).normalize(), "f")}
        return {k: plain(v) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.hex() if isinstance(value, bytes) else value


def answer(client, method, members):
    try:
        out = getattr(client, method)(TableName="films", **members)
    except ClientError as e:
        return {"error": e.response["Error"]["Code"], "message": e.response["Error"]["Message"]}
    del out["ResponseMetadata"]
    if "ReturnConsumedCapacity" not in members:
        out.pop("ConsumedCapacity", None)  # moto gives it unasked
    if out.get("Attributes") == {}:
        del out["Attributes"]  # and an empty one
    out = plain(out)
    if method == "scan" and "Items" in out:
        out["Items"].sort(key=repr)
    if method == "query" and "IndexName" in members and "Items" in out:  # DynamoDB leaves the order open in which equal keys of an index come
        out["Items"] = [i for _, equal in groupby(out["Items"], key=lambda i: i.get("l")) for i in sorted(equal, key=repr)]
    return out


def prepare(client):
    client.create_table(**TABLE)
    for item in ITEMS:
        client.put_item(TableName="films", Item=item)


def main(endpoint, region):
    quick = Config(retries={"max_attempts": 1}, parameter_validation=False)
    here = boto3.client("dynamodb", endpoint_url=endpoint, region_name=region, config=quick, aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"])
    asked = 0
    with mock_aws():
        there = boto3.client("dynamodb", region_name=region, config=quick, aws_access_key_id="x", aws_secret_access_key="x")
        for client in here, there:
            prepare(client)
        for name, method, members in asks():
            told = []
            for client in here, there:
                if method not in ("scan", "query", "get_item"):
                    client.put_item(TableName="films", Item=ITEMS[1])
                try:
                    told.append(answer(client, method, members))
                except Exception as e:  # moto fails at some of it
                    told.append({"error": type(e).__name__, "message": str(e)})
                if method not in ("scan", "query", "get_item"):
                    client.delete_item(TableName="films", Key={"p": S("new"), "s": N(1)})
                    client.put_item(TableName="films", Item=ITEMS[1])
            asked += 1
            if told[0] != told[1]:
                print(json.dumps({"ask": name, "here": told[0], "moto": told[1]}))
    print(json.dumps({"asked": asked}))


main(*sys.argv[1:])
