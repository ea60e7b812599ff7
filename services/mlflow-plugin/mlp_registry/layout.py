"""Where a team's artifacts lie: `<root>/<namespace>/mlflow/`, as its credentials for the object store want it."""

import urllib.parse
from posixpath import normpath


def artifact_root(root: str, workspace: str) -> str:
    """The folder of one workspace's artifacts."""
    return f"{root.rstrip('/')}/{workspace}/mlflow"


def lies_below(uri: str, prefix: str) -> bool:
    """Whether `uri` names something below `prefix`, however it is spelt."""
    wanted, found = urllib.parse.urlsplit(prefix), urllib.parse.urlsplit(uri)
    if (found.scheme, found.netloc) != (wanted.scheme, wanted.netloc) or found.query or found.fragment:
        return False
    path = found.path.rstrip("/")
    if "%" in path or "\\" in path or normpath(path) != path:
        return False
    return f"{path}/".startswith(f"{wanted.path.rstrip('/')}/")
