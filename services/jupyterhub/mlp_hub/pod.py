"""A notebook's pod: the spawner's settings, as far as they follow from team and profile."""

from .choice import Choice
from .settings import Settings

USER = 65532
HOME = "/home/member"
PORT = 8888
# Where a library writes besides the home: everything else is read-only.
SCRATCH = {"tmp": ("/tmp", {}), "shm": ("/dev/shm", {"medium": "Memory"})}
ENVIRONMENT_CONFIG_MAP = "mlp-environment"
TRUST = "/etc/mlp-trust"
QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
PROFILE_LABEL = "mlp.dev/notebook-profile"


def spawner_settings(settings: Settings, choice: Choice) -> dict:
    """Traits of KubeSpawner by name."""
    team, profile = choice.team, choice.profile
    gpus = {profile.gpu_resource: str(profile.gpus)} if profile.gpus else {}
    requests = {"cpu": profile.cpu, "memory": profile.memory, **gpus}
    limits = {"memory": profile.memory_limit, **({"cpu": profile.cpu_limit} if profile.cpu_limit else {}), **gpus}
    return {
        "namespace": team.namespace,
        "service_account": team.service_account,
        "extra_labels": {PROFILE_LABEL: profile.name, **({QUEUE_LABEL: team.queue} if team.queue else {})},
        "extra_resource_guarantees": requests,
        "extra_resource_limits": limits,
        "node_selector": dict(profile.node_selector),
        # Nodes with GPUs turn everybody else away.
        "tolerations": [{"key": profile.gpu_resource, "operator": "Exists", "effect": "NoSchedule"}] if gpus else [],
        "extra_container_config": {"envFrom": _environment(team.object_secret)},
        "volumes": _volumes(settings),
        "volume_mounts": _mounts(settings),
    }


def security_settings() -> dict:
    """What Pod Security `restricted` asks for, and a read-only root file system."""
    return {
        "uid": USER,
        "gid": USER,
        "fs_gid": USER,
        "allow_privilege_escalation": False,
        "automount_service_account_token": True,
        # A Service of the team's must not become a variable that some library reads.
        "extra_pod_config": {"enableServiceLinks": False},
        "pod_security_context": {
            "runAsNonRoot": True,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "container_security_context": {
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def _environment(object_secret: str | None) -> list[dict]:
    secret = [{"secretRef": {"name": object_secret}}] if object_secret else []
    return [{"configMapRef": {"name": ENVIRONMENT_CONFIG_MAP}}, *secret]


def _volumes(settings: Settings) -> list[dict]:
    trust = [{"name": "trust", "configMap": {"name": settings.trust_config_map}}] if settings.trust_config_map else []
    return [
        {"name": "home", "persistentVolumeClaim": {"claimName": "{pvc_name}"}},
        *({"name": name, "emptyDir": kind} for name, (_, kind) in SCRATCH.items()),
        *trust,
    ]


def _mounts(settings: Settings) -> list[dict]:
    trust = [{"name": "trust", "mountPath": TRUST, "readOnly": True}] if settings.trust_config_map else []
    return [
        {"name": "home", "mountPath": HOME},
        *({"name": name, "mountPath": path} for name, (path, _) in SCRATCH.items()),
        *trust,
    ]
