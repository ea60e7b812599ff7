"""Folders in the team's part of the object store, known by the SHA-256 of their contents."""

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from .errors import StepFailed


class Store:
    """The artifacts bucket below the team's prefix. Paths are relative to that; whole `s3://…` URIs are taken too."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client = client
        self.bucket = bucket
        self.prefix = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"

    @classmethod
    def of_environment(cls) -> "Store":
        import boto3
        from botocore.config import Config

        bucket = os.environ.get("MLP_ARTIFACTS_BUCKET")
        if not bucket:
            raise StepFailed("MLP_ARTIFACTS_BUCKET is not set: run this in a team's namespace, with mlp-environment")
        retries = {"mode": "standard", "total_max_attempts": 8}
        region = os.environ.get("AWS_REGION")
        config = Config(retries=retries, s3={"addressing_style": "path"} if "AWS_ENDPOINT_URL_S3" in os.environ else {})
        client = boto3.client("s3", region_name=region, config=config)
        return cls(client, bucket, os.environ.get("MLP_OBJECT_PREFIX", ""))

    def uri(self, path: str) -> str:
        return f"s3://{self.bucket}/{self._key(path)}"

    def put(self, folder: Path, path: str) -> tuple[str, str]:
        """
        Uploads a file or all files of a folder. A place named by its contents never holds half of something else, so
        `{sha256}` in `path` stands for the digest.

        Returns the URI and the digest.
        """
        files = files_of(folder)
        if not files:
            raise StepFailed(f"{folder} holds no file: there is nothing to put")
        digest = digest_of(files)
        path = path.replace("{sha256}", digest)
        for name, file in files.items():
            self._guarded(f"{path}/{name}", lambda: self._client.upload_file(str(file), self.bucket, self._key(f"{path}/{name}")))
        return self.uri(path), digest

    def fetch(self, path: str, folder: Path, digest: str | None = None) -> str:
        """Downloads what lies at a path into a folder; returns its digest, which must be `digest` where that is given."""
        key = self._key(path).rstrip("/")
        keys = self._keys(path, f"{key}/")
        if not keys:
            keys = self._keys(path, key, exactly=True)
        if not keys:
            raise StepFailed(f"there is no artifact s3://{self.bucket}/{key}: put it there first, or correct the path")
        for one in keys:
            name = one.removeprefix(f"{key}/") if one != key else os.path.basename(one)
            file = folder / name
            if not file.resolve().is_relative_to(folder.resolve()):
                raise StepFailed(f"s3://{self.bucket}/{one} would lie outside {folder}")
            file.parent.mkdir(parents=True, exist_ok=True)
            self._guarded(path, lambda: self._client.download_file(self.bucket, one, str(file)))
        found = digest_of({one: folder / one for one in names_of(keys, key)})
        if digest and found != digest:
            raise StepFailed(f"s3://{self.bucket}/{key} has SHA-256 {found}, but {digest} was wanted: it was changed")
        return found

    def _keys(self, path: str, prefix: str, exactly: bool = False) -> list[str]:
        def list_all() -> list[str]:
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            return [item["Key"] for page in pages for item in page.get("Contents", [])]

        found = [key for key in self._guarded(path, list_all) if not key.endswith("/")]
        return [key for key in found if key == prefix] if exactly else found

    def _key(self, path: str) -> str:
        if path.startswith("s3://"):
            url = urlparse(path)
            if url.netloc != self.bucket:
                raise StepFailed(f"{path} lies in another bucket than {self.bucket}")
            return url.path.lstrip("/")
        return f"{self.prefix}{path.lstrip('/')}"

    def _guarded(self, path: str, work: Any) -> Any:
        """Names the place in what the store says; boto3's own exceptions name the operation only."""
        try:
            return work()
        except Exception as error:
            response = getattr(error, "response", None)
            reason = response.get("Error", {}).get("Message") or str(error) if isinstance(response, dict) else str(error)
            raise StepFailed(f"the object store refuses {self.uri(path)}: {reason}") from error


def files_of(folder: Path) -> dict[str, Path]:
    """Files below a folder by their path within it, in order; a file is a folder of one."""
    if folder.is_file():
        return {folder.name: folder}
    return {str(file.relative_to(folder)): file for file in sorted(folder.rglob("*")) if file.is_file()}


def names_of(keys: list[str], key: str) -> list[str]:
    return [one.removeprefix(f"{key}/") if one != key else os.path.basename(one) for one in keys]


def digest_of(files: dict[str, Path]) -> str:
    """SHA-256 over names and contents, whatever the order in which they were found."""
    whole = hashlib.sha256()
    for name in sorted(files):
        with open(files[name], "rb") as file:
            contents = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{name}\0{contents}\n".encode())
    return whole.hexdigest()
