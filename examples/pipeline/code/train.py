"""Trains a digit classifier, data-parallel over all processes that torchrun started, and logs it to MLflow itself."""

import json
import os
from pathlib import Path

import boto3
import mlflow
import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

from plots import confusion_matrix

SEED = 7
DATA = Path("/workspace/data/digits.csv")


def main() -> None:
    epochs, rate = int(os.environ["EPOCHS"]), float(os.environ["LEARNING_RATE"])
    dist.init_process_group("gloo")
    rank, world = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(SEED)
    (train_x, train_y), (test_x, test_y) = digits()
    data = TensorDataset(train_x, train_y)
    sampler = DistributedSampler(data, shuffle=True, seed=SEED)
    print(f"rank {rank} of {world}: {len(sampler)} of {len(data)} images", flush=True)

    log = rank == 0
    if log:
        mlflow.set_experiment("digits")
        mlflow.start_run(run_name=os.environ["MLP_WORKFLOW_NAME"], tags=lineage())
        mlflow.log_params({"epochs": epochs, "learning_rate": rate, "processes": world})
    model = DistributedDataParallel(network())
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for epoch in range(1, epochs + 1):
        loss = one_epoch(model, optimizer, DataLoader(data, batch_size=32, sampler=sampler), sampler, epoch) / len(data)
        if log:
            reached = accuracy(model.module, test_x, test_y)
            mlflow.log_metrics({"loss": loss, "accuracy": reached}, step=epoch)
            print(f"epoch {epoch}/{epochs} loss {loss:.4f} accuracy {reached:.4f}", flush=True)
    if log:
        finish(model.module, test_x, test_y)
    dist.barrier()
    dist.destroy_process_group()


def one_epoch(model, optimizer, batches, sampler, epoch) -> float:
    """Sum of the loss over the images of all processes."""
    model.train()
    sampler.set_epoch(epoch)
    total = torch.zeros(1)
    for images, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(labels)
    dist.all_reduce(total)
    return total.item()


def network() -> nn.Module:
    """Classifies an 8×8 image of a handwritten digit, given as 64 numbers from 0 to 1."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * 4 * 4, 10),
    )


def digits():
    """Every fourth image is held back, as in the steps that compare models."""
    table = np.loadtxt(DATA, delimiter=",", dtype=np.float32)
    held = np.arange(len(table)) % 4 == 0
    part = lambda rows: (torch.tensor(rows[:, 1:] / 16), torch.tensor(rows[:, 0], dtype=torch.int64))  # noqa: E731
    return part(table[~held]), part(table[held])


def accuracy(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of images that the model names rightly."""
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()


def lineage() -> dict[str, str]:
    return {"mlp.dev/workflow": os.environ["MLP_WORKFLOW_NAME"], "mlp.dev/workflow-uid": os.environ["MLP_WORKFLOW_UID"]}


def finish(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> None:
    """Puts the model where the pipeline registers it from, and tells the pipeline in this pod's last message."""
    output = Path(os.environ["MLP_OUTPUT"])
    reached = accuracy(model, images, labels)
    torch.jit.trace(model, images[:1]).save(str(output / "model.ts"))
    (output / "confusion.svg").write_text(confusion_matrix(model(images).argmax(1).numpy(), labels.numpy()))
    (output / "metrics.json").write_text(json.dumps({"accuracy": reached}))
    mlflow.log_artifact(str(output / "confusion.svg"), "plots")

    bucket, path = os.environ["MLP_ARTIFACTS_BUCKET"], os.environ["MLP_OBJECT_PREFIX"] + os.environ["MODEL_PATH"]
    store = boto3.client("s3")
    for name in ("model.ts", "metrics.json"):
        store.upload_file(str(output / name), bucket, f"{path}/{name}")
    source = f"s3://{bucket}/{path}"
    mlflow.set_tag("mlp.dev/model", source)
    run_id = mlflow.active_run().info.run_id
    mlflow.end_run()
    result = {"accuracy": reached, "run_id": run_id, "source": source}
    Path("/dev/termination-log").write_text(json.dumps(result))
    print(f"final accuracy {reached:.4f}, model in {source}", flush=True)


if __name__ == "__main__":
    main()
