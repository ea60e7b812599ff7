"""Measures the new model and the champion on the same images."""

import io
import json
import os
from pathlib import Path
from urllib.parse import urlparse

import boto3
import numpy as np
import torch
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

result = json.loads(os.environ["RESULT"])
table = np.loadtxt("/inputs/digits/digits.csv", delimiter=",", dtype=np.float32)
held = np.arange(len(table)) % 4 == 0
images, labels = torch.tensor(table[held, 1:] / 16), torch.tensor(table[held, 0], dtype=torch.int64)


def measured(source):
    url = urlparse(source)
    body = boto3.client("s3").get_object(Bucket=url.netloc, Key=url.path.lstrip("/") + "/model.ts")["Body"].read()
    model = torch.jit.load(io.BytesIO(body)).eval()
    with torch.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()


try:
    champion = MlflowClient().get_model_version_by_alias(os.environ["MODEL"], "champion")
except MlflowException as error:
    if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
        raise
    champion = None

outputs = dict(accuracy=str(measured(result["source"])), source=result["source"])
outputs["run-id"] = result["run_id"]
outputs["champion-accuracy"] = "" if champion is None else str(measured(champion.source))
folder = Path("/tmp/outputs")
folder.mkdir(exist_ok=True)
for name, value in outputs.items():
    (folder / name).write_text(value)
against = "no champion yet" if champion is None else f"champion {champion.version}: {outputs['champion-accuracy']}"
print(f"accuracy {outputs['accuracy']} ({against})", flush=True)
