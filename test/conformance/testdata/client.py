"""Makes calls with boto3, or with the AWS CLI, as its user does.

usage: client.py boto3|cli ENDPOINT REGION

Reads one call a line from standard input and writes one answer a line, both JSON. An empty ENDPOINT is AWS itself.
"""
import base64
import contextlib
import datetime
import io
import json
import os
import re
import subprocess
import sys
import tempfile


def shown(value):
    """Writes what JSON cannot say."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value))


class Boto3:
    def __init__(self, endpoint, region):
        import boto3
        self.boto3, self.endpoint, self.region, self.clients = boto3, endpoint or None, region, {}

    def client(self, service, keys):
        name = (service, keys["AccessKeyID"])
        if name not in self.clients:
            self.clients[name] = self.boto3.client(
                service, endpoint_url=self.endpoint, region_name=self.region, aws_access_key_id=keys["AccessKeyID"],
                aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"] or None)
        return self.clients[name]

    def call(self, service, operation, members, pages, keys):
        from botocore.exceptions import ClientError
        client = self.client(service, keys)
        method = {v: k for k, v in client.meta.method_to_api_mapping.items()}.get(operation)
        if not method:
            return {"unknown": "boto3 %s does not know %s" % (self.boto3.__version__, operation)}
        try:
            if pages:
                found = list(self.pages(client, method, members))
                assert all(len(page[pages]) <= 1 for page in found), "a page has more than one element"
                return {"output": {pages: [element for page in found for element in page[pages]]}}
            output = getattr(client, method)(**members)
            del output["ResponseMetadata"]
            return {"output": output}
        except ClientError as e:
            return {"error": {"code": e.response["Error"]["Code"], "message": e.response["Error"]["Message"]}}


    @staticmethod
    def pages(client, method, members):
        if client.can_paginate(method):
            yield from client.get_paginator(method).paginate(PaginationConfig={"PageSize": 1}, **members)
            return
        marker = {}  # a version that has no paginator for the call
        while True:
            page = getattr(client, method)(MaxItems=1, **marker, **members)
            yield page
            if not page["IsTruncated"]:
                return
            marker = {"Marker": page["Marker"]}


class CLI:
    def __init__(self, endpoint, region):
        if endpoint:
            os.environ["AWS_ENDPOINT_URL"] = endpoint
        os.environ.update(AWS_DEFAULT_REGION=region, AWS_EC2_METADATA_DISABLED="true", AWS_PAGER="")
        try:  # version 1 can be run without a process for every call
            from awscli.clidriver import create_clidriver
            self.create = create_clidriver
        except ImportError:
            self.create = None
        self.drivers = {}
        self.arguments = ["--endpoint-url", endpoint] if endpoint else []

    def call(self, service, operation, members, pages, keys):
        os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"] = keys["AccessKeyID"], keys["SecretAccessKey"]
        os.environ.pop("AWS_SESSION_TOKEN", None)
        if keys["SessionToken"]:
            os.environ["AWS_SESSION_TOKEN"] = keys["SessionToken"]
        line = [service, dashed(operation)] + [word for name, value in members.items() for word in flag(name, value)]
        if operation == "RunInstances":  # the CLI has one option for the two
            line = [service, "run-instances", "--image-id", members["ImageId"], "--count", str(members["MaxCount"])]
        if pages:
            line += ["--page-size", "1"]
        seed = None
        if operation == "CreateVirtualMFADevice":  # the CLI keeps the seed out of what it prints
            handle, seed = tempfile.mkstemp()
            os.close(handle)
            line += ["--outfile", seed, "--bootstrap-method", "Base32StringSeed"]
        try:
            status, out, err = self.run(line + ["--output", "json"] + self.arguments)
            if status:
                told = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: (.*)", err, re.S)
                if not told and re.search("(?i)invalid choice|unknown options: --page-size", err):
                    return {"unknown": "this AWS CLI does not know aws " + " ".join(line)}
                if not told:
                    return {"crash": "aws %s: %s" % (" ".join(line), err)}
                return {"error": {"code": told.group(1), "message": told.group(2).rstrip("\n")}}
            output = json.loads(out) if out.strip() else {}
            if seed:
                with open(seed) as f:
                    output["VirtualMFADevice"]["Base32StringSeed"] = f.read()
            return {"output": output}
        finally:
            if seed:
                os.unlink(seed)

    def run(self, line):
        if not self.create:
            done = subprocess.run(["aws"] + line, capture_output=True, text=True)
            return done.returncode, done.stdout, done.stderr
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                key = os.environ["AWS_ACCESS_KEY_ID"]  # a driver finds its credentials once
                if key not in self.drivers:
                    self.drivers[key] = self.create()
                status = self.drivers[key].main(line)
            except SystemExit as e:
                status = e.code
        return status, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()


def dashed(name):
    """Spells a name of the API as the CLI does: CreateSAMLProvider is create-saml-provider."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1-\2", name.replace("IDs", "Ids"))
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).replace("--", "-").lower()


def flag(name, value):
    """Writes a member as somebody types it: lists as words, lists of pairs in shorthand, what is deeper as JSON."""
    option = "--" + dashed(name)
    if value is True:
        return [option]
    if value is False:
        return ["--no-" + option[2:]]
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return [option] + value
    if isinstance(value, list) and value and all(isinstance(v, dict) and plain(v) for v in value):
        return [option] + [",".join(k + "=" + inner for k, inner in v.items()) for v in value]
    if isinstance(value, (dict, list)):
        return [option, json.dumps(value)]
    return [option, str(value)]


def plain(pairs):
    return all(isinstance(v, str) and re.fullmatch(r"[\w:/.-]+", v) for v in pairs.values())


def main():
    client = {"boto3": Boto3, "cli": CLI}[sys.argv[1]](sys.argv[2], sys.argv[3])
    for line in sys.stdin:
        c = json.loads(line)
        try:
            answer = client.call(c["service"], c["operation"], c["with"] or {}, c["pages"], c["keys"])
        except Exception as e:  # is told to the test, which fails
            answer = {"crash": "%s: %s" % (type(e).__name__, e)}
        sys.__stdout__.write(json.dumps(answer, default=shown) + "\n")
        sys.__stdout__.flush()


main()
