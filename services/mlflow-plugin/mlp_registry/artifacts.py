"""What the server itself may read of the object store on a caller's behalf.

The server's own credentials reach every team's artifacts, so that pages can show them, and a model version's source is
whatever its author wrote. Without this a team could register another team's object and download it through the server.
"""

import os

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED
from mlflow.store.artifact.s3_artifact_repo import S3ArtifactRepository
from mlflow.utils.workspace_context import get_request_workspace

from mlp_registry.layout import lies_below

# Set by `mlflow server` in its processes alone.
ROOT = "_MLFLOW_SERVER_ARTIFACT_ROOT"


class TeamArtifacts(S3ArtifactRepository):
    """Refuses whatever does not lie in the folder of the request's workspace."""

    def __init__(self, artifact_uri: str, *args: object, **kwargs: object) -> None:
        root = os.environ.get(ROOT)
        if root is not None:
            require_own(artifact_uri, root, get_request_workspace())
        super().__init__(artifact_uri, *args, **kwargs)


def require_own(uri: str, root: str, workspace: str | None) -> None:
    if not workspace or not lies_below(uri, f"{root.rstrip('/')}/{workspace}"):
        raise MlflowException(f"{uri} does not lie in the folder of workspace {workspace!r}", PERMISSION_DENIED)
