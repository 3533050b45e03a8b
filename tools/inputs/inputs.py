#!/usr/bin/env python3
"""Writes the members of every input that catalog/operation speaks of, from AWS's own API models.

    python3 tools/inputs/inputs.py > catalog/operation/testdata/inputs.txt

The models are those of botocore (Apache-2.0); operations that are newer than the installed botocore are read from
aws-sdk-go-v2 (Apache-2.0) in the module cache. Only names are taken. One line per operation: service, operation, and its input's
members to a depth of three, a list marked by [], and those of the first level that are required by !.
"""
import gzip
import json
import os
import re
import subprocess
import sys

import botocore

# Of these services every operation is listed, of the others those that are named.
WHOLE = ["iam", "sts"]
PARTS = {
    "dynamodb": "PutResourcePolicy CreateTable DescribeTable ListTables DeleteTable PutItem GetItem UpdateItem DeleteItem Query Scan "
                "BatchGetItem BatchWriteItem TransactGetItems TransactWriteItems UpdateTable UpdateTimeToLive DescribeTimeToLive TagResource "
                "UntagResource ListTagsOfResource GetResourcePolicy DeleteResourcePolicy DescribeContinuousBackups UpdateContinuousBackups",
    "s3": "ListBuckets CreateBucket HeadBucket DeleteBucket GetBucketLocation ListObjects ListObjectsV2 PutObject GetObject "
          "HeadObject DeleteObject PutBucketPolicy"
          " CopyObject DeleteObjects GetObjectTagging PutObjectTagging DeleteObjectTagging"
          " ListObjectVersions CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload"
          " AbortMultipartUpload ListParts ListMultipartUploads GetBucketPolicy DeleteBucketPolicy"
          " GetBucketPolicyStatus GetPublicAccessBlock PutPublicAccessBlock DeletePublicAccessBlock"
          " GetBucketVersioning PutBucketVersioning GetBucketTagging PutBucketTagging DeleteBucketTagging"
          " GetBucketCors PutBucketCors DeleteBucketCors GetBucketEncryption PutBucketEncryption"
          " DeleteBucketEncryption GetBucketOwnershipControls PutBucketOwnershipControls"
          " DeleteBucketOwnershipControls GetBucketLifecycleConfiguration PutBucketLifecycleConfiguration"
          " DeleteBucketLifecycle GetBucketAcl GetBucketLogging GetBucketNotificationConfiguration"
          " GetBucketRequestPayment GetBucketAccelerateConfiguration GetBucketReplication GetBucketWebsite"
          " GetObjectAcl GetObjectAttributes GetObjectLockConfiguration PutBucketAccelerateConfiguration PutBucketLogging"
          " PutBucketNotificationConfiguration PutBucketReplication PutBucketRequestPayment PutBucketWebsite"
          " DeleteBucketReplication DeleteBucketWebsite",
    "ec2": "ModifyInstanceMetadataOptions CreateSecurityGroup DeleteSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress "
           "RevokeSecurityGroupIngress RevokeSecurityGroupEgress DescribeSecurityGroupRules DescribeAvailabilityZones DescribeImages DescribeInstanceAttribute DescribeInstanceCreditSpecifications DescribeInstanceStatus DescribeInstanceTypes DescribeInstances "
           "DescribeKeyPairs DescribeNetworkInterfaces DescribeRegions DescribeSecurityGroups DescribeSubnets DescribeTags DescribeVolumes DescribeVpcs "
           "RunInstances StartInstances StopInstances RebootInstances TerminateInstances CreateTags DeleteTags ModifyInstanceAttribute "
           "AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation DescribeIamInstanceProfileAssociations "
           "DisassociateIamInstanceProfile CreateLaunchTemplateVersion CreateKeyPair ImportKeyPair DeleteKeyPair",
    "lambda": "CreateFunction UpdateFunctionCode UpdateFunctionConfiguration Invoke InvokeAsync "
              "InvokeWithResponseStream AddPermission RemovePermission AddLayerVersionPermission TagResource "
              "UntagResource ListTags GetLayerVersionByArn GetFunction GetFunctionConfiguration ListFunctions "
              "DeleteFunction PublishVersion ListVersionsByFunction CreateAlias GetAlias ListAliases UpdateAlias "
              "DeleteAlias GetPolicy GetFunctionConcurrency PutFunctionConcurrency DeleteFunctionConcurrency "
              "PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig GetFunctionEventInvokeConfig "
              "DeleteFunctionEventInvokeConfig ListFunctionEventInvokeConfigs GetRuntimeManagementConfig "
              "PutRuntimeManagementConfig GetFunctionRecursionConfig PutFunctionRecursionConfig "
              "GetFunctionCodeSigningConfig DeleteFunctionCodeSigningConfig ListProvisionedConcurrencyConfigs "
              "GetAccountSettings PublishLayerVersion GetLayerVersion GetLayerVersionPolicy DeleteLayerVersion "
              "RemoveLayerVersionPermission ListLayers ListLayerVersions CreateFunctionUrlConfig "
              "UpdateFunctionUrlConfig GetFunctionUrlConfig DeleteFunctionUrlConfig ListFunctionUrlConfigs "
              "CreateEventSourceMapping UpdateEventSourceMapping GetEventSourceMapping DeleteEventSourceMapping "
              "ListEventSourceMappings ListCodeSigningConfigs GetCodeSigningConfig",
    "cloudformation": "CreateStack UpdateStack CreateChangeSet ExecuteChangeSet DescribeStacks",
    "glue": "CreateJob UpdateJob CreateDevEndpoint",
    "codebuild": "CreateProject StartBuild",
    "ecs": "RegisterTaskDefinition RunTask CreateService",
    "sagemaker": "CreateNotebookInstance CreateTrainingJob CreateProcessingJob UpdateNotebookInstanceLifecycleConfig",
    "datapipeline": "PutPipelineDefinition",
    "apprunner": "CreateService",
    "bedrock-agentcore": "CreateCodeInterpreter",
    "states": "CreateStateMachine",
    "scheduler": "CreateSchedule",
    "cloudtrail": "LookupEvents",
    "events": "PutTargets",
    "logs": "CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy PutLogGroupDeletionProtection "
            "CreateLogStream DeleteLogStream DescribeLogStreams PutLogEvents GetLogEvents FilterLogEvents StartLiveTail TagResource "
            "UntagResource ListTagsForResource TagLogGroup UntagLogGroup ListTagsLogGroup",
    "ssm": "StartAutomationExecution SendCommand StartSession PutParameter GetParameter GetParameters GetParametersByPath "
           "GetParameterHistory LabelParameterVersion UnlabelParameterVersion DeleteParameter DeleteParameters DescribeParameters "
           "AddTagsToResource RemoveTagsFromResource ListTagsForResource",
    "ec2-instance-connect": "SendSSHPublicKey",
    "ecr": "SetRepositoryPolicy",
    "kms": "CreateGrant PutKeyPolicy",
    "secretsmanager": "PutResourcePolicy",
    "sns": "AddPermission SetTopicAttributes",
    "sqs": "AddPermission SetQueueAttributes",
}

# Services whose model botocore keeps under another name than that of their signatures.
MODELS = {"bedrock-agentcore": "bedrock-agentcore-control", "states": "stepfunctions"}


def model(service):
    folder = os.path.join(os.path.dirname(botocore.__file__), "data", MODELS.get(service, service))
    newest = os.path.join(folder, max(v for v in os.listdir(folder) if v[0] == "2"), "service-2.json")
    with gzip.open(newest + ".gz") if os.path.exists(newest + ".gz") else open(newest, "rb") as f:
        return json.load(f)


def members(shapes, name, prefix="", depth=3):
    required = shapes[name].get("required", []) if not prefix else []
    for member, reference in sorted(shapes[name].get("members", {}).items()):
        shape, path, inner = shapes[reference["shape"]], prefix + member, reference["shape"]
        mark = "!" if member in required else ""
        if shape["type"] == "list":
            yield path + "[]" + mark
            inner = shape["member"]["shape"]
        else:
            yield path + mark
        if depth > 1 and shapes[inner]["type"] == "structure":
            yield from members(shapes, inner, path + ".", depth - 1)


def newer(service, known):
    """Operations that only the Go SDK has, with the members of their inputs."""
    module = "github.com/aws/aws-sdk-go-v2/service/" + service
    folder = subprocess.check_output(["go", "list", "-m", "-f", "{{.Dir}}", module], text=True).strip()
    for file in sorted(os.listdir(folder)):
        operation = re.fullmatch(r"api_op_(\w+)\.go", file)
        if operation is None or operation[1] in known or operation[1].endswith("_test"):
            continue
        with open(os.path.join(folder, file)) as f:
            body = re.search(r"^type %sInput struct \{\n(.*?)^\}" % operation[1], f.read(), re.M | re.S)[1]
        members, required = [], False
        for line in body.splitlines():
            required = required or line == "\t// This member is required."
            field = re.fullmatch(r"\t([A-Z]\w*) +(\S+)", line)
            if field:
                members.append(field[1] + ("[]" if field[2].startswith("[]") else "") + ("!" if required else ""))
                required = False
        yield operation[1], sorted(members)


def main():
    print("# Code generated by tools/inputs. DO NOT EDIT.")
    print("# Inputs of the operations, from the API models of botocore %s and aws-sdk-go-v2." % botocore.__version__)
    for service in sorted(WHOLE + list(PARTS)):
        described = model(service)
        names = sorted(described["operations"]) if service in WHOLE else sorted(PARTS[service].split())
        lines = {}
        for name in names:
            taken = described["operations"][name].get("input", {}).get("shape")
            lines[name] = list(members(described["shapes"], taken)) if taken else []
        if service in WHOLE:
            lines.update(newer(service, names))
        for name in sorted(lines):
            print(" ".join([service, name] + lines[name]))


if __name__ == "__main__":
    sys.exit(main())
