"""The configuration that the component writes, as plain records. Times are in seconds, quantities are Kubernetes' own."""

import json
from dataclasses import dataclass, field
from pathlib import Path

PATH = Path("/etc/hub/config.yaml")


@dataclass(frozen=True)
class Identity:
    client_id: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    username_claim: str
    groups_claim: str
    admin_group: str
    scopes: tuple[str, ...]
    ca_path: str | None = None


@dataclass(frozen=True)
class Team:
    name: str
    namespace: str
    service_account: str
    # Names as the identity provider writes them.
    groups: frozenset[str]
    users: frozenset[str]
    object_secret: str | None = None
    queue: str | None = None


@dataclass(frozen=True)
class Profile:
    name: str
    title: str
    cpu: str
    memory: str
    memory_limit: str
    idle_seconds: int
    cpu_limit: str | None = None
    gpu_resource: str | None = None
    gpus: int = 0
    gpu_idle_seconds: int | None = None
    node_selector: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    concurrent_starts: int
    start_seconds: int
    servers_per_user: int
    consecutive_failures: int


@dataclass(frozen=True)
class Culling:
    every_seconds: int


@dataclass(frozen=True)
class GpuMetrics:
    host: str
    port: int


@dataclass(frozen=True)
class Settings:
    public_url: str
    hub_url: str
    proxy_url: str
    proxy_api_url: str
    image: str
    identity: Identity
    teams: tuple[Team, ...]
    profiles: tuple[Profile, ...]
    volume_size: str
    limits: Limits
    culling: Culling
    environment: dict[str, str] = field(default_factory=dict)
    storage_class: str | None = None
    # ConfigMap in each team's namespace with certificates that notebooks trust besides the public ones.
    trust_config_map: str | None = None
    gpu_metrics: GpuMetrics | None = None


def parse(text: str) -> Settings:
    """Reads the component's JSON; an unknown or a missing field is an error that names itself."""
    given = json.loads(text)
    identity = given.pop("identity")
    return Settings(
        **{
            **given,
            "identity": Identity(**{**identity, "scopes": tuple(identity["scopes"])}),
            "teams": tuple(map(_team, given["teams"])),
            "profiles": tuple(Profile(**profile) for profile in given["profiles"]),
            "limits": Limits(**given["limits"]),
            "culling": Culling(**given["culling"]),
            "gpu_metrics": GpuMetrics(**given["gpu_metrics"]) if given.get("gpu_metrics") else None,
        }
    )


def load(path: Path = PATH) -> Settings:
    return parse(path.read_text())


def _team(given: dict) -> Team:
    return Team(**{**given, "groups": frozenset(given["groups"]), "users": frozenset(given["users"])})
