"""The workflow that a step belongs to."""

import os
import socket
from typing import Callable

from .errors import StepFailed
from .kubernetes import Api

_WHERE = "give it MLP_WORKFLOW_NAME={{workflow.name}} and MLP_WORKFLOW_UID={{workflow.uid}}"


class Workflow:
    """Its name is for people; its uid is never given twice."""

    def __init__(self, name: str, uid: str) -> None:
        self.name = name
        self.uid = uid

    @classmethod
    def of_step(cls, cluster: Callable[[], Api]) -> "Workflow":
        """From the environment, or from the owner of the step's own pod."""
        name, uid = os.environ.get("MLP_WORKFLOW_NAME"), os.environ.get("MLP_WORKFLOW_UID")
        if name and uid:
            return cls(name, uid)
        pod = cluster().find("pods", socket.gethostname())
        for owner in (pod or {}).get("metadata", {}).get("ownerReferences", []):
            if owner["kind"] == "Workflow":
                return cls(owner["name"], owner["uid"])
        raise StepFailed(f"the workflow of this step is not known: {_WHERE}")
