"""Workspaces are the namespaces of teams.

The store of mlflow-kubernetes-plugins asks the API server for its MLflowConfig objects on every request where their
CRD is missing, and puts a workspace's artifacts below `workspaces/`: this one only knows namespaces and our layout.
"""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from kubernetes import client, config
from mlflow.entities.workspace import Workspace
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST
from mlflow.store.workspace.abstract_store import AbstractStore
from mlflow_kubernetes_plugins.workspace_plugin.caches import NamespaceCache

from mlp_registry.layout import artifact_root


class TeamNamespaces(AbstractStore):
    """Read-only: teams are made by the platform."""

    def __init__(self, label_selector: str) -> None:
        self._selector = label_selector
        config.load_incluster_config()
        self._namespaces = NamespaceCache(client.CoreV1Api(), label_selector, ())

    def list_workspaces(self) -> Iterable[Workspace]:
        return [Workspace(name=info.name, description=info.description) for info in self._namespaces.list_namespaces()]

    def get_workspace(self, workspace_name: str) -> Workspace:
        info = self._namespaces.get_namespace(workspace_name)
        if info is None:
            raise MlflowException(
                f"No workspace {workspace_name!r}: it must be a namespace with the label {self._selector}",
                RESOURCE_DOES_NOT_EXIST,
            )
        return Workspace(name=info.name, description=info.description)

    def get_default_workspace(self) -> Workspace:
        raise NotImplementedError("Name a workspace: MLFLOW_WORKSPACE, or the header X-MLFLOW-WORKSPACE")

    def resolve_artifact_root(self, default_artifact_root: str | None, workspace_name: str) -> tuple[str | None, bool]:
        if default_artifact_root is None:
            return None, True
        return artifact_root(default_artifact_root, workspace_name), False


def create_store(workspace_uri: str, **_: object) -> TeamNamespaces:
    """Of a URI such as `team-namespaces://?label_selector=mlp.dev/team`."""
    (selector,) = parse_qs(urlsplit(workspace_uri).query)["label_selector"]
    return TeamNamespaces(selector)
