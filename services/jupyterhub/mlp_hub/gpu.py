"""Which pods use their GPUs, by the metrics of NVIDIA's DCGM exporter."""

import re

UTILISATION = "DCGM_FI_DEV_GPU_UTIL"
_SAMPLE = re.compile(rf"^{UTILISATION}\{{(?P<labels>.*)\}} (?P<value>[0-9.eE+-]+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def pods_in_use(metrics: str) -> set[tuple[str, str]]:
    """Namespace and name of every pod with a GPU that does something."""
    pods = set()
    for line in metrics.splitlines():
        sample = _SAMPLE.match(line)
        if sample is None or float(sample["value"]) <= 0:
            continue
        labels = dict(_LABEL.findall(sample["labels"]))
        if labels.get("pod"):
            pods.add((labels.get("namespace", ""), labels["pod"]))
    return pods
