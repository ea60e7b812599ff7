"""Trains a digit classifier, data-parallel over all processes that torchrun started (PyTorch DDP)."""

import argparse
import json
import os
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

from model import SEED, accuracy, digits, network


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=20)
    epochs = parser.parse_args().epochs

    device = own_device()
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    rank, world = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(SEED)
    train_x, train_y, test_x, test_y = digits()
    test_x, test_y = test_x.to(device), test_y.to(device)
    data = TensorDataset(train_x, train_y)
    sampler = DistributedSampler(data, shuffle=True, seed=SEED)
    batches = DataLoader(data, batch_size=32, sampler=sampler)
    print(f"rank {rank} of {world}: {len(sampler)} of {len(data)} images", flush=True)

    model = DistributedDataParallel(network().to(device), device_ids=[device.index] if device.type == "cuda" else None)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, epochs + 1):
        model.train()
        sampler.set_epoch(epoch)
        total = torch.zeros(1, device=device)
        for images, labels in batches:
            images, labels = images.to(device), labels.to(device)
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(labels)
        dist.all_reduce(total)
        if rank == 0:
            reached = accuracy(model.module, test_x, test_y)
            print(f"epoch {epoch}/{epochs} loss {total.item() / len(data):.4f} accuracy {reached:.4f}", flush=True)

    if rank == 0:
        save(model.module, accuracy(model.module, test_x, test_y), world)
    dist.barrier()
    dist.destroy_process_group()


def own_device() -> torch.device:
    """The GPU of this process, which torchrun numbers within its node; the CPU where there is none."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    torch.cuda.set_device(device)
    return device


def save(model: nn.Module, reached: float, world: int) -> None:
    """Writes the model and what is known of it; a reader never sees half a file, and needs no GPU."""
    output = Path(os.environ["MLP_OUTPUT"])
    weights = {name: tensor.cpu() for name, tensor in model.state_dict().items()}
    torch.save(weights, output / "model.pt.part")
    os.replace(output / "model.pt.part", output / "model.pt")
    (output / "metrics.json").write_text(json.dumps({"accuracy": reached, "processes": world}))
    print(f"final accuracy {reached:.4f} with {world} processes, model in {output / 'model.pt'}", flush=True)


if __name__ == "__main__":
    main()
