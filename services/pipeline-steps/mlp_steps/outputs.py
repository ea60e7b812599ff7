"""Results of a step: files that the workflow reads as output parameters."""

import os
from pathlib import Path

FOLDER = "MLP_OUTPUTS"
DEFAULT_FOLDER = "/tmp/outputs"


def write(**values: str) -> None:
    """Writes each value to the file of its name, whole or not at all."""
    folder = Path(os.environ.get(FOLDER, DEFAULT_FOLDER))
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in values.items():
        file = folder / name.replace("_", "-")
        part = file.with_suffix(".part")
        part.write_text(value, encoding="utf-8")
        os.replace(part, file)
        print(f"{file.name}: {value}", flush=True)
