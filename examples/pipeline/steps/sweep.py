"""One try of the sweep: a linear model for a few epochs with one learning rate, logged to MLflow."""

import json
import os
from pathlib import Path

import mlflow
import numpy as np
import torch

rate, epochs = float(os.environ["LEARNING_RATE"]), int(os.environ["EPOCHS"])
table = np.loadtxt("/inputs/digits/digits.csv", delimiter=",", dtype=np.float32)
images, labels = torch.tensor(table[:, 1:] / 16), torch.tensor(table[:, 0], dtype=torch.int64)
held = np.arange(len(labels)) % 4 == 0
torch.manual_seed(7)
model = torch.nn.Linear(64, 10)
optimizer = torch.optim.Adam(model.parameters(), lr=rate)

# Twice: of clients that make an experiment at the same moment, MLflow leaves the slower one without it.
mlflow.set_experiment("digits-sweep")
mlflow.set_experiment("digits-sweep")
with mlflow.start_run(run_name=f"learning rate {rate:g}"):
    mlflow.log_params(dict(learning_rate=rate, epochs=epochs))
    for epoch in range(epochs):
        for batch in torch.tensor(np.flatnonzero(~held)).split(32):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
        accuracy = (model(images[held]).argmax(1) == labels[held]).float().mean().item()
        mlflow.log_metric("accuracy", accuracy, step=epoch + 1)
        print(f"learning rate {rate:g} epoch {epoch + 1}/{epochs} accuracy {accuracy:.4f}", flush=True)

Path("/tmp/outputs").mkdir(exist_ok=True)
Path("/tmp/outputs/result").write_text(json.dumps(dict(rate=rate, accuracy=accuracy)))
