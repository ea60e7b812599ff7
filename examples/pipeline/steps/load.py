"""Loads the digits that ship inside scikit-learn, refuses what is no such data, and writes it as one CSV file."""

import hashlib
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

images, labels = load_digits(return_X_y=True)
problems = []
if images.shape[0] != labels.shape[0] or images.shape[1:] != (64,):
    problems.append(f"shapes are {images.shape} and {labels.shape}")
if not np.isfinite(images).all() or images.min() < 0 or images.max() > 16:
    problems.append("pixels are not all from 0 to 16")
if sorted(set(labels)) != list(range(10)):
    problems.append(f"labels are {sorted(set(labels))}, not 0 to 9")
if np.bincount(labels).min() < 100:
    problems.append("a digit has fewer than 100 images")
if problems:
    raise SystemExit("the data is not valid: " + "; ".join(problems))

folder = Path("/tmp/digits")
folder.mkdir()
table = np.column_stack([labels, images]).astype(int)
np.savetxt(folder / "digits.csv", table, fmt="%d", delimiter=",")
digest = hashlib.sha256((folder / "digits.csv").read_bytes()).hexdigest()
Path("/tmp/sha256").write_text(digest)
print(f"{len(labels)} images are valid, SHA-256 {digest}", flush=True)
