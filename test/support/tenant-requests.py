"""Asks the platform's services what the plan names, and prints status and beginning of each answer as JSON."""
import json
import os
import ssl
import sys
import urllib.error
import urllib.request

import boto3
import botocore.exceptions

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/"
TLS = ssl._create_unverified_context()
BASES = {
    "mlflow": os.environ["MLFLOW_TRACKING_URI"],
    "argo": "https://" + os.environ["ARGO_SERVER"],
    "store": os.environ["AWS_ENDPOINT_URL_S3"],
}
TOKEN = open(ACCOUNT + "token").read()
OWN = open(ACCOUNT + "namespace").read()
STORE = boto3.client("s3")


def ask(service, path, workspace=None, body=None, anonymous=False):
    headers = {} if anonymous else {"Authorization": "Bearer " + TOKEN}
    if service == "mlflow":
        headers["X-MLFLOW-WORKSPACE"] = workspace or OWN
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASES[service] + path, data=data, headers=headers)
    try:
        answer = urllib.request.urlopen(request, timeout=30, context=TLS)
        return [answer.status, answer.read(4000).decode(errors="replace")]
    except urllib.error.HTTPError as error:
        return [error.code, error.read(400).decode(errors="replace")]


def objects(operation, **arguments):
    """A request with the team's signature."""
    try:
        answer = getattr(STORE, operation)(**{"Bucket": os.environ["MLP_ARTIFACTS_BUCKET"], **arguments})
        return [200, " ".join(item["Key"] for item in answer.get("Contents", []))]
    except botocore.exceptions.ClientError as error:
        return [error.response["ResponseMetadata"]["HTTPStatusCode"], str(error)]


plan = json.loads(sys.argv[1])
print(json.dumps({name: objects(**one) if "operation" in one else ask(**one) for name, one in plan.items()}))
