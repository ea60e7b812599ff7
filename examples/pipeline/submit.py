"""
Submits the pipeline with other parameters and waits for its end. From any place that reaches Argo's server:

    pip install -r requirements.txt
    ARGO_SERVER=argo.example.org:443 ARGO_NAMESPACE=team-vision ARGO_TOKEN="$(kubectl create token member -n team-vision)" \\
        python submit.py --epochs 12 --learning-rates 0.001 0.005

In a notebook on the platform nothing has to be set: the environment has the first two, and the pod's own token is taken.
"""

import argparse
import json
import os
import time
from pathlib import Path

from hera.workflows import WorkflowsService
from hera.workflows.models import SubmitOpts, WorkflowSubmitRequest

POD_TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
ENDED = {"Succeeded", "Failed", "Error"}


def service() -> WorkflowsService:
    server = os.environ["ARGO_SERVER"]
    # The CA of the platform's own certificate; REQUESTS_CA_BUNDLE names it where the system does not know it.
    verify = os.environ.get("ARGO_INSECURE_SKIP_VERIFY", "false") != "true"
    return WorkflowsService(
        host=server if "://" in server else f"https://{server}",
        token=os.environ.get("ARGO_TOKEN") or POD_TOKEN.read_text().strip(),
        namespace=os.environ["ARGO_NAMESPACE"],
        verify_ssl=verify,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Submit the digits pipeline.")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--sweep-epochs", type=int)
    parser.add_argument("--learning-rates", type=float, nargs="+")
    parser.add_argument("--git-commit")
    parser.add_argument("--no-wait", action="store_true")
    args = vars(parser.parse_args())
    wait = not args.pop("no_wait")
    if args["learning_rates"]:
        args["learning_rates"] = json.dumps([f"{rate:g}" for rate in args["learning_rates"]])
    parameters = [f"{name.replace('_', '-')}={value}" for name, value in args.items() if value is not None]

    argo = service()
    request = WorkflowSubmitRequest(
        namespace=argo.namespace,
        resource_kind="WorkflowTemplate",
        resource_name="digits",
        submit_options=SubmitOpts(generate_name="digits-", parameters=parameters),
    )
    name = argo.submit_workflow(request).metadata.name
    print(f"submitted {name}", flush=True)
    phase = None
    while wait and phase not in ENDED:
        time.sleep(2)
        status = argo.get_workflow(name).status
        if status and status.phase != phase:
            phase = status.phase
            print(f"{name}: {phase} {status.message or ''}".rstrip(), flush=True)
    return 0 if phase in (None, "Succeeded") else 1


if __name__ == "__main__":
    raise SystemExit(main())
