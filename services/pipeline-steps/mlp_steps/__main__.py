"""`mlp-steps`: what the platform's own pipeline steps do."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from . import outputs, registry
from .errors import StepFailed, say_why
from .kubernetes import Cluster
from .objects import Store
from .trainjob import TrainJobStep, prepared
from .workflow import Workflow

STOPPED = 143


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        return args.run(args) or 0
    except StepFailed as failed:
        print(f"error: {failed}", file=sys.stderr, flush=True)
        say_why(str(failed))
        return 1


def train(args: argparse.Namespace) -> int:
    text = os.environ.get("MLP_TRAINJOB")
    if not text:
        raise StepFailed("MLP_TRAINJOB is not set: it holds the TrainJob as JSON")
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise StepFailed(f"MLP_TRAINJOB is not JSON: {error}") from None
    lock = threading.Lock()

    def say(line: str) -> None:
        with lock:
            print(line, flush=True)

    cluster = Cluster()
    job = prepared(manifest, Workflow.of_step(lambda: cluster), args.job)
    step = TrainJobStep(cluster, job, say, patience=args.patience)

    def stop(*_: object) -> None:
        # A job that nobody follows would go on for hours.
        try:
            step.stop()
        finally:
            os._exit(STOPPED)

    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=stop).start())
    outputs.write(**step.run())
    return 0


def put(args: argparse.Namespace) -> None:
    uri, digest = Store.of_environment().put(Path(args.source), args.to)
    outputs.write(uri=uri, sha256=digest)


def fetch(args: argparse.Namespace) -> None:
    wanted = args.source or os.environ.get("STORAGE_URI", "")
    if not wanted:
        raise StepFailed("nothing to fetch: give --from, or STORAGE_URI in the environment")
    digest = Store.of_environment().fetch(wanted, Path(args.to), args.sha256 or os.environ.get("MLP_DATASET_SHA256"))
    outputs.write(uri=wanted, sha256=digest)


def register(args: argparse.Namespace) -> None:
    workflow = Workflow.of_step(Cluster)
    tags = {
        registry.UID: workflow.uid,
        "mlp.dev/workflow": workflow.name,
        "mlp.dev/git-commit": args.git_commit,
        "mlp.dev/trainjob": args.trainjob,
        "mlp.dev/dataset-sha256": args.dataset_sha256,
        "mlp.dev/image-digest": args.image,
        **{f"{registry.METRIC}{name}": value for name, value in map(_pair, args.metric)},
        **dict(map(_pair, args.tag)),
    }
    missing = [name for name, value in tags.items() if not value]
    if missing:
        raise StepFailed(f"the lineage is not complete: {', '.join(missing)} is empty")
    made = registry.Registry.of_environment().register(args.model, args.source, tags, args.run_id)
    outputs.write(model=args.model, version=str(made["version"]))


def champion(args: argparse.Namespace) -> None:
    found = registry.Registry.of_environment().version_by_alias(args.model, registry.CHAMPION)
    outputs.write(version=str(found["version"]) if found else "", source=str(found["source"]) if found else "")


def alias(args: argparse.Namespace) -> None:
    measured = float(args.champion_value) if args.champion_value else None
    better = registry.Registry.of_environment().promote(args.model, args.version, args.metric, measured)
    outputs.write(alias=registry.CHAMPION if better else registry.CHALLENGER)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise StepFailed(f"{text!r} is no NAME=VALUE")
    return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlp-steps", description="The platform's own pipeline steps.")
    commands = parser.add_subparsers(required=True)

    one = commands.add_parser("train", help="create the TrainJob in MLP_TRAINJOB and follow it to its end")
    one.add_argument("--job", default="", help="tells this step from others of its workflow")
    one.add_argument("--patience", type=float, default=120, help="seconds for what cannot start, such as a missing image")
    one.set_defaults(run=train)

    one = commands.add_parser("put", help="upload a file or folder below the team's prefix")
    one.add_argument("--from", dest="source", required=True)
    one.add_argument("--to", required=True, help="path below the prefix; {sha256} stands for the digest of the contents")
    one.set_defaults(run=put)

    one = commands.add_parser("fetch", help="download what lies at a path or s3:// URI into a folder")
    one.add_argument("--from", dest="source", help="default: STORAGE_URI")
    one.add_argument("--to", required=True)
    one.add_argument("--sha256", help="fail unless the contents have this digest; default: MLP_DATASET_SHA256")
    one.set_defaults(run=fetch)

    one = commands.add_parser("register", help="register a model version with its lineage, once for each workflow")
    for name in ("model", "source", "git-commit", "trainjob", "dataset-sha256", "image"):
        one.add_argument(f"--{name}", required=True)
    one.add_argument("--run-id", default="", help="the MLflow run that trained it")
    one.add_argument("--metric", action="append", default=[], metavar="NAME=VALUE")
    one.add_argument("--tag", action="append", default=[], metavar="NAME=VALUE")
    one.set_defaults(run=register)

    one = commands.add_parser("champion", help="say version and source of a model's champion")
    one.add_argument("--model", required=True)
    one.set_defaults(run=champion)

    one = commands.add_parser("alias", help="make a version the challenger, and the champion where it is better")
    for name in ("model", "version", "metric"):
        one.add_argument(f"--{name}", required=True)
    one.add_argument("--champion-value", help="the champion's metric, measured anew; default: that of its registration")
    one.set_defaults(run=alias)
    return parser


if __name__ == "__main__":
    sys.exit(main())
