"""The few requests to the Kubernetes API that a step makes, with the pod's own service account."""

import json
import os
import ssl
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from .errors import StepFailed
from .http import ACCOUNT, HttpError, Server, token

_GROUPS = {
    "trainjobs": "/apis/trainer.kubeflow.org/v1alpha1",
    "pods": "/api/v1",
}


class Api(Protocol):
    """What steps need of a cluster; tests give their own."""

    namespace: str

    def find(self, kind: str, name: str) -> dict[str, Any] | None: ...

    def list(self, kind: str, selector: str) -> list[dict[str, Any]]: ...

    def create(self, kind: str, manifest: dict[str, Any]) -> dict[str, Any]: ...

    def delete(self, kind: str, name: str, uid: str) -> None: ...

    def follow_log(self, pod: str) -> Any: ...


class Cluster:
    """The API server as a pod reaches it."""

    def __init__(self) -> None:
        try:
            self.namespace = (ACCOUNT / "namespace").read_text(encoding="utf-8").strip()
            host = os.environ["KUBERNETES_SERVICE_HOST"]
        except (OSError, KeyError):
            raise StepFailed("this step needs a pod with a service account's token: set serviceAccountName") from None
        host = f"[{host}]" if ":" in host else host
        url = f"https://{host}:{os.environ.get('KUBERNETES_SERVICE_PORT', '443')}"
        context = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
        self._server = Server("Kubernetes", url, lambda: {"Authorization": f"Bearer {token()}"}, context)

    def find(self, kind: str, name: str) -> dict[str, Any] | None:
        try:
            return self._server.ask("GET", self._path(kind, name))
        except HttpError as error:
            if error.status == 404:
                return None
            raise refused(error) from None

    def list(self, kind: str, selector: str) -> list[dict[str, Any]]:
        try:
            return self._server.ask("GET", f"{self._path(kind)}?{urlencode({'labelSelector': selector})}")["items"]
        except HttpError as error:
            raise refused(error) from None

    def create(self, kind: str, manifest: dict[str, Any]) -> dict[str, Any]:
        """An object that is there already, as after a lost answer, is given back as it is."""
        try:
            return self._server.ask("POST", self._path(kind), manifest)
        except HttpError as error:
            found = self.find(kind, manifest["metadata"]["name"]) if error.status == 409 else None
            if found is None:
                raise refused(error) from None
            return found

    def delete(self, kind: str, name: str, uid: str) -> None:
        options = {"propagationPolicy": "Background", "preconditions": {"uid": uid}}
        try:
            self._server.ask("DELETE", self._path(kind, name), options)
        except HttpError as error:
            if error.status not in (404, 409):
                raise refused(error) from None

    def follow_log(self, pod: str) -> Any:
        return self._server.lines(f"{self._path('pods', pod)}/log?follow=true")

    def _path(self, kind: str, name: str = "") -> str:
        below = f"/{quote(name)}" if name else ""
        return f"{_GROUPS[kind]}/namespaces/{quote(self.namespace)}/{kind}{below}"


def refused(error: HttpError) -> StepFailed:
    """The API server's own words, without the rest of its Status object."""
    try:
        message = json.loads(error.body)["message"]
    except (ValueError, KeyError, TypeError):
        message = str(error)
    return StepFailed(f"Kubernetes refuses: {message}")
