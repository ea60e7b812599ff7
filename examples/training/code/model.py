"""The network and the data, shared by training and by whoever loads the result."""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

SEED = 7


def network() -> nn.Module:
    """Classifies an 8×8 image of a handwritten digit."""
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
    """Real images that ship inside scikit-learn: (train images, train labels, test images, test labels)."""
    images, labels = load_digits(return_X_y=True)
    split = train_test_split(images / 16.0, labels, test_size=0.25, random_state=SEED, stratify=labels)
    train_x, test_x, train_y, test_y = split
    as_images = lambda array: torch.tensor(array, dtype=torch.float32)  # noqa: E731
    as_labels = lambda array: torch.tensor(array, dtype=torch.int64)  # noqa: E731
    return as_images(train_x), as_labels(train_y), as_images(test_x), as_labels(test_y)


def accuracy(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of images that the model names rightly."""
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()
