"""Creates a TrainJob, follows it to its end, and removes it when the step is stopped."""

import copy
import hashlib
import json
import re
import threading
import time
from typing import Any, Callable, Mapping

from .errors import StepFailed
from .kubernetes import Api
from .workflow import Workflow

JOBSET = "jobset.sigs.k8s.io/jobset-name"
WORKFLOW = "mlp.dev/workflow-uid"
# States of a container in which it will not start by itself, however long one waits.
_HOPELESS = {"ErrImagePull", "ErrImageNeverPull", "ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError"}
# The last line of a traceback, as torchrun passes it on or with the rank before it.
_RAISED = re.compile(r"(?:\[rank\d+\]: *)?(?P<what>(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Interrupt)\b.*)")

Say = Callable[[str], None]


def prepared(manifest: dict[str, Any], workflow: Workflow, step: str) -> dict[str, Any]:
    """
    The manifest as it is created. Its name is the same for every attempt of the step, so that a retry finds the job of
    the attempt before; it is deleted with its workflow.
    """
    if manifest.get("kind") != "TrainJob":
        raise StepFailed(f"MLP_TRAINJOB holds a {manifest.get('kind', 'manifest without a kind')}, not a TrainJob")
    job = copy.deepcopy(manifest)
    metadata = job.setdefault("metadata", {})
    wanted = metadata.pop("generateName", None) or metadata.get("name") or "train-"
    text = json.dumps([workflow.uid, step, manifest], sort_keys=True)
    base = re.sub(r"[^a-z0-9-]", "-", wanted.lower()).strip("-")[:40]
    metadata["name"] = f"{base}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    metadata.pop("namespace", None)
    metadata.setdefault("labels", {})[WORKFLOW] = workflow.uid
    metadata["ownerReferences"] = [
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "name": workflow.name, "uid": workflow.uid}
    ]
    return job


def end_of(job: dict[str, Any]) -> dict[str, Any] | None:
    """The condition that ends a job, if it has ended."""
    conditions = job.get("status", {}).get("conditions", [])
    return next((one for one in conditions if one["type"] in ("Complete", "Failed") and one["status"] == "True"), None)


class TrainJobStep:
    """One attempt of a training step."""

    def __init__(
        self,
        api: Api,
        manifest: dict[str, Any],
        say: Say,
        patience: float = 120,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._manifest = manifest
        self._say = say
        self._patience = patience
        self._sleep = sleep
        self._now = now
        self.name: str = manifest["metadata"]["name"]
        self._uid = ""
        self._followed: dict[str, threading.Thread] = {}
        # What each pod's program raised, as its log says: a launcher's own last lines hide it.
        self._raised: dict[str, str] = {}
        self._stopped = threading.Event()

    def run(self) -> dict[str, str]:
        """Returns the job's name, the digest of its image and what its first node wrote as its result."""
        self._adopt_or_create()
        pods, end = self._follow()
        for thread in self._followed.values():
            thread.join(timeout=5)
        if end["type"] == "Failed":
            why = failure(pods, self._raised) or end.get("message") or end.get("reason")
            raise StepFailed(f"TrainJob {self.name} failed: {why}")
        first = next(iter(sorted(pods, key=lambda pod: pod["metadata"]["name"])), None)
        return {"trainjob": self.name, "image": image_of(first), "result": message_of(first)}

    def stop(self) -> None:
        """Removes the job: nobody waits for it any more."""
        self._stopped.set()
        if self._uid:
            self._api.delete("trainjobs", self.name, self._uid)
            self._say(f"stopped: TrainJob {self.name} is deleted")

    def _adopt_or_create(self) -> None:
        found = self._api.find("trainjobs", self.name)
        ended = found and end_of(found)
        if found and ended and ended["type"] == "Failed":
            self._say(f"TrainJob {self.name} of an earlier attempt failed: it is made anew")
            self._remove(found)
            found = None
        if found:
            self._say(f"TrainJob {self.name} is there from an earlier attempt: it is followed on")
        else:
            found = self._api.create("trainjobs", self._manifest)
            self._say(f"TrainJob {self.name} is created")
        self._uid = found["metadata"]["uid"]

    def _remove(self, job: dict[str, Any]) -> None:
        uid = job["metadata"]["uid"]
        self._api.delete("trainjobs", self.name, uid)
        end = self._now() + self._patience
        while (left := self._api.find("trainjobs", self.name)) and left["metadata"]["uid"] == uid:
            if self._now() > end:
                raise StepFailed(f"TrainJob {self.name} of an earlier attempt is not deleted: see its finalizers")
            self._sleep(1)

    def _follow(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        said = ""
        hopeless_since: float | None = None
        while not self._stopped.is_set():
            job = self._api.find("trainjobs", self.name)
            if job is None or job["metadata"]["uid"] != self._uid:
                raise StepFailed(f"TrainJob {self.name} was deleted while it ran")
            pods = self._api.list("pods", f"{JOBSET}={self.name}")
            state = describe(pods)
            if state != said:
                said = state
                self._say(state)
            for pod in pods:
                self._stream(pod)
            if (end := end_of(job)) is not None:
                return pods, end
            why = next((reason for reason in map(hopeless, pods) if reason), None)
            hopeless_since = None if why is None else hopeless_since or self._now()
            if hopeless_since is not None and self._now() - hopeless_since >= self._patience:
                self._api.delete("trainjobs", self.name, self._uid)
                raise StepFailed(f"TrainJob {self.name} cannot start: {why}")
            self._sleep(1)
        raise StepFailed(f"TrainJob {self.name} was stopped")

    def _stream(self, pod: dict[str, Any]) -> None:
        name = pod["metadata"]["name"]
        started = any(status["state"].get("running") or status["state"].get("terminated") for status in statuses(pod))
        if name in self._followed or not started:
            return
        thread = threading.Thread(target=self._copy_log, args=(name, prefix_of(name, self.name)), daemon=True)
        self._followed[name] = thread
        thread.start()

    def _copy_log(self, pod: str, prefix: str) -> None:
        try:
            with self._api.follow_log(pod) as lines:
                for line in lines:
                    text = line.decode("utf-8", "replace").rstrip()
                    if (raised := _RAISED.match(text)) and "ChildFailedError" not in text:
                        self._raised[pod] = raised["what"]
                    self._say(f"[{prefix}] {text}")
        except Exception as error:  # The job goes on without its log.
            self._say(f"[{prefix}] its log cannot be read further: {error}")


def prefix_of(pod: str, job: str) -> str:
    """`node-1` of `<job>-node-0-1-abcde`."""
    rest = pod.removeprefix(f"{job}-").split("-")
    return f"{'-'.join(rest[:-3])}-{rest[-2]}" if len(rest) >= 4 else pod


def statuses(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """States of the containers that train."""
    return pod.get("status", {}).get("containerStatuses", [])


def describe(pods: list[dict[str, Any]]) -> str:
    """One line about all pods: how many in which phase, and what those wait for that do not run."""
    if not pods:
        return "waiting for the operator to create the pods"
    phases = [pod.get("status", {}).get("phase", "Pending") for pod in pods]
    counts = ", ".join(f"{phases.count(phase)} {phase}" for phase in sorted(set(phases)))
    return "; ".join([f"pods: {counts}", *sorted({reason for reason in map(waiting, pods) if reason})])


def waiting(pod: dict[str, Any]) -> str | None:
    """Why a pod does not run yet."""
    status = pod.get("status", {})
    for condition in status.get("conditions", []):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return condition.get("message") or condition.get("reason")
    for one in [*status.get("initContainerStatuses", []), *statuses(pod)]:
        state = one["state"].get("waiting")
        if state and state.get("reason") not in (None, "PodInitializing", "ContainerCreating"):
            return ": ".join(text for text in (state.get("reason"), state.get("message")) if text)
    return None


def hopeless(pod: dict[str, Any]) -> str | None:
    """What keeps a pod from ever starting, with its image where that is the cause."""
    for one in [*pod.get("status", {}).get("initContainerStatuses", []), *statuses(pod)]:
        state = one["state"].get("waiting") or {}
        if state.get("reason") in _HOPELESS:
            return f"image {one.get('image', '')}: {state['reason']}: {state.get('message', '')}".rstrip(": ")
    return None


def failure(pods: list[dict[str, Any]], raised: Mapping[str, str] | None = None) -> str | None:
    """The end of the first container that failed by itself: the others are ended when the first has failed."""
    ends = []
    for pod in pods:
        for one in [*pod.get("status", {}).get("initContainerStatuses", []), *statuses(pod)]:
            ended = one["state"].get("terminated")
            if ended and ended.get("exitCode") != 0:
                ends.append((ended.get("finishedAt") or "", pod["metadata"]["name"], one["name"], ended))
    if not ends:
        return None
    _, pod, container, ended = min(ends, key=lambda end: end[:3])
    where = f"pod {pod}" if container == "node" else f"{container} of pod {pod}"
    words = [line for line in (ended.get("message") or "").splitlines() if re.search(r"\w", line)]
    last = [raised[pod]] if raised and pod in raised else words[-1:]
    return ": ".join([f"{where}: {ended.get('reason', 'Error')} (exit code {ended.get('exitCode')})", *last])


def message_of(pod: dict[str, Any] | None) -> str:
    """What the first node wrote to /dev/termination-log."""
    ended = [one["state"].get("terminated") or {} for one in statuses(pod or {}) if one["name"] == "node"]
    return next((one.get("message", "").strip() for one in ended), "")


def image_of(pod: dict[str, Any] | None) -> str:
    """Digest of the image that trained, as the node's container runtime names it."""
    for one in statuses(pod or {}):
        found = re.search(r"sha256:[0-9a-f]{64}", one.get("imageID", "")) if one["name"] == "node" else None
        if found:
            return found.group()
    return ""
