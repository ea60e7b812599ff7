"""A plot as SVG: MLflow shows it, and no plotting library has to be in the image."""

import numpy as np

CELL = 32


def confusion_matrix(named: np.ndarray, labels: np.ndarray) -> str:
    """Rows: what the digit is. Columns: what the model named it."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (labels, named), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 11 * CELL
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" font-family="sans-serif" font-size="11">']
    text = lambda x, y, value, color="black": (  # noqa: E731
        f'<text x="{(x + 0.5) * CELL}" y="{(y + 0.6) * CELL}" text-anchor="middle" fill="{color}">{value}</text>'
    )
    for digit in range(10):
        parts += [text(0, digit + 1, digit), text(digit + 1, 0, digit)]
        for other in range(10):
            share, x, y = shares[digit, other], other + 1, digit + 1
            parts.append(
                f'<rect x="{x * CELL}" y="{y * CELL}" width="{CELL}" height="{CELL}" fill="#1f5fa8" fill-opacity="{share:.3f}"/>'
            )
            if counts[digit, other]:
                parts.append(text(x, y, counts[digit, other], "white" if share > 0.5 else "black"))
    return "\n".join([*parts, "</svg>"])
