"""Backups in the object store: `<prefix><timestamp>/` holds a dump of each database, the roles, and a manifest."""

import hashlib
import json
import os

import boto3
from boto3.s3.transfer import TransferConfig

BUCKET = os.environ.get("BACKUP_BUCKET", "")
PREFIX = os.environ.get("BACKUP_PREFIX", "")
# Written last: a backup without it is none.
MANIFEST = "manifest.json"
ROLES = "roles.sql"

# Parts of 16 MiB, two at a time: little memory, and databases up to 160 GB in S3's 10,000 parts.
PARTS = TransferConfig(multipart_chunksize=16 << 20, multipart_threshold=16 << 20, max_concurrency=2)


class Digest:
    """A stream that counts and hashes what is read from it."""

    def __init__(self, stream):
        self.stream, self.bytes, self.sha256 = stream, 0, hashlib.sha256()

    def read(self, size=-1):
        data = self.stream.read() if size < 0 else self.stream.read(size)
        self.bytes += len(data)
        self.sha256.update(data)
        return data


class Backups:
    def __init__(self):
        self.s3 = boto3.client("s3")

    def put(self, timestamp, name, stream):
        """Stores a stream; returns its size and hash."""
        digest = Digest(stream)
        self.s3.upload_fileobj(digest, BUCKET, f"{PREFIX}{timestamp}/{name}", Config=PARTS)
        return {"bytes": digest.bytes, "sha256": digest.sha256.hexdigest()}

    def open(self, timestamp, name):
        return Digest(self.s3.get_object(Bucket=BUCKET, Key=f"{PREFIX}{timestamp}/{name}")["Body"])

    def manifest(self, timestamp):
        return json.load(self.open(timestamp, MANIFEST))

    def keys(self):
        """Names of each backup's objects by its timestamp, the oldest first."""
        found = {}
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=PREFIX):
            for entry in page.get("Contents", []):
                timestamp, _, name = entry["Key"].removeprefix(PREFIX).partition("/")
                if name:
                    found.setdefault(timestamp, []).append(name)
        return dict(sorted(found.items()))

    def delete(self, timestamp, names):
        # The manifest first: what is left of an interrupted deletion does not pass for a backup.
        for name in sorted(names, key=lambda each: each != MANIFEST):
            self.s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}{timestamp}/{name}")
