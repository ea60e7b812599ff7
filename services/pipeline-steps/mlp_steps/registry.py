"""Model versions in MLflow: registered once with all that is known of them, and the aliases that say which counts."""

import json
import os
import urllib.error
from typing import Any, Callable
from http.client import HTTPException
from urllib.parse import urlencode

from .errors import StepFailed
from .http import HttpError, Server, token

UID = "mlp.dev/workflow-uid"
METRIC = "mlp.dev/metric."
CHAMPION, CHALLENGER = "champion", "challenger"
_ATTEMPTS = 6

Ask = Callable[..., Any]


class Registry:
    """MLflow's registry in the team's workspace. `ask(method, path, body=None, patient=True)` sends one request."""

    def __init__(self, ask: Ask, say: Callable[[str], None] = print) -> None:
        self._ask = ask
        self._say = say

    @classmethod
    def of_environment(cls) -> "Registry":
        uri = os.environ.get("MLFLOW_TRACKING_URI")
        if not uri:
            raise StepFailed("MLFLOW_TRACKING_URI is not set: the team's namespace has no model registry")
        workspace = os.environ.get("MLFLOW_WORKSPACE", "")

        def headers() -> dict[str, str]:
            return {"Authorization": f"Bearer {token()}", **({"X-MLFLOW-WORKSPACE": workspace} if workspace else {})}

        return cls(Server("MLflow", uri, headers).ask)

    def register(self, model: str, source: str, tags: dict[str, str], run_id: str = "") -> dict[str, Any]:
        """
        The version of this workflow, made where there is none. MLflow makes a version and its tags in one transaction,
        so no reader sees one without the other.
        """
        if not tags.get(UID):
            raise StepFailed(f"the tag {UID} is missing: it tells a second try from a second model")
        self._ensure_model(model)
        body = {
            "name": model,
            "source": source,
            "tags": [{"key": key, "value": value} for key, value in sorted(tags.items())],
            **({"run_id": run_id} if run_id else {}),
        }
        for _ in range(_ATTEMPTS):
            if (found := self._of_workflow(model, tags[UID])) is not None:
                self._say(f"version {found['version']} of {model} is registered for this run")
                return found
            try:
                made = self._ask("POST", "/api/2.0/mlflow/model-versions/create", body, patient=False)
            except HttpError as error:
                if error.status < 500:
                    raise refused(error) from None
                self._say(f"MLflow answers {error.status}; looking whether the version is there")
            except (urllib.error.URLError, HTTPException, OSError) as error:
                self._say(f"MLflow's answer was lost ({error}); looking whether the version is there")
            else:
                return self._only_one(model, tags[UID], made["model_version"])
        raise StepFailed(f"model {model} could not be registered in {_ATTEMPTS} tries: see MLflow's log")

    def version_by_alias(self, model: str, alias: str) -> dict[str, Any] | None:
        query = urlencode({"name": model, "alias": alias})
        try:
            return self._ask("GET", f"/api/2.0/mlflow/registered-models/alias?{query}")["model_version"]
        except HttpError as error:
            if code_of(error) in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                return None
            raise refused(error) from None

    def version(self, model: str, version: str) -> dict[str, Any]:
        try:
            query = urlencode({"name": model, "version": version})
            return self._ask("GET", f"/api/2.0/mlflow/model-versions/get?{query}")["model_version"]
        except HttpError as error:
            raise refused(error) from None

    def set_alias(self, model: str, version: str, alias: str) -> None:
        body = {"name": model, "alias": alias, "version": version}
        try:
            self._ask("POST", "/api/2.0/mlflow/registered-models/alias", body)
        except HttpError as error:
            raise refused(error) from None
        self._say(f"{alias} of {model} is version {version}")

    def promote(self, model: str, version: str, metric: str, champion_value: float | None = None) -> bool:
        """
        Makes a version the challenger, and the champion where it is better than the one there is. `champion_value` is
        the champion measured anew, on the data of now; without it the metric of its own registration counts.
        """
        self.set_alias(model, version, CHALLENGER)
        value = metric_of(self.version(model, version), metric)
        if value is None:
            raise StepFailed(f"version {version} of {model} has no metric {metric}: register it with --metric {metric}=…")
        champion = self.version_by_alias(model, CHAMPION)
        if champion is not None and champion["version"] != version:
            theirs = metric_of(champion, metric) if champion_value is None else champion_value
            if theirs is not None and value <= theirs:
                self._say(f"version {champion['version']} stays champion: {metric} {theirs:g} against {value:g}")
                return False
        self.set_alias(model, version, CHAMPION)
        return True

    def _ensure_model(self, model: str) -> None:
        try:
            self._ask("POST", "/api/2.0/mlflow/registered-models/create", {"name": model})
        except HttpError as error:
            if code_of(error) != "RESOURCE_ALREADY_EXISTS":
                raise refused(error) from None

    def _of_workflow(self, model: str, uid: str) -> dict[str, Any] | None:
        """The oldest version that this workflow registered."""
        terms = f"name = '{model}' AND tags.`{UID}` = '{uid}'"
        try:
            found = self._ask("GET", f"/api/2.0/mlflow/model-versions/search?{urlencode({'filter': terms})}")
        except HttpError as error:
            raise refused(error) from None
        versions = (found or {}).get("model_versions", [])
        return min(versions, key=lambda one: int(one["version"]), default=None)

    def _only_one(self, model: str, uid: str, made: dict[str, Any]) -> dict[str, Any]:
        """Two tries at the same time may both register: the older version stays."""
        first = self._of_workflow(model, uid) or made
        if first["version"] != made["version"]:
            self._ask("DELETE", "/api/2.0/mlflow/model-versions/delete", {"name": model, "version": made["version"]})
        self._say(f"version {first['version']} of {model} is registered")
        return first


def metric_of(version: dict[str, Any], metric: str) -> float | None:
    """A metric that a version was registered with."""
    tags = {tag["key"]: tag["value"] for tag in version.get("tags", [])}
    try:
        return float(tags[f"{METRIC}{metric}"])
    except (KeyError, ValueError):
        return None


def code_of(error: HttpError) -> str:
    try:
        return str(json.loads(error.body)["error_code"])
    except (ValueError, KeyError, TypeError):
        return ""


def refused(error: HttpError) -> StepFailed:
    """MLflow's own words."""
    try:
        message = json.loads(error.body)["message"]
    except (ValueError, KeyError, TypeError):
        message = str(error)
    return StepFailed(f"MLflow refuses ({error.status}): {message}")
