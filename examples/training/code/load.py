"""Loads the trained model from the output volume and measures it again."""

import os
from pathlib import Path

import torch

from model import accuracy, digits, network

model = network()
model.load_state_dict(torch.load(Path(os.environ["MLP_OUTPUT"]) / "model.pt", weights_only=True))
_, _, test_x, test_y = digits()
print(f"loaded accuracy {accuracy(model, test_x, test_y):.4f}", flush=True)
