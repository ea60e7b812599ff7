"""A configuration as the component writes it."""

import json

from mlp_hub.settings import Settings, parse

PROFILES = [
    {"name": "small", "title": "Small", "cpu": "250m", "memory": "512Mi", "memory_limit": "1Gi", "idle_seconds": 3600},
    {
        "name": "gpu-a10",
        "title": "One A10",
        "cpu": "2",
        "memory": "8Gi",
        "memory_limit": "16Gi",
        "idle_seconds": 3600,
        "gpu_idle_seconds": 600,
        "gpu_resource": "nvidia.com/gpu",
        "gpus": 1,
        "node_selector": {"mlp.dev/pool": "a10"},
    },
]


def team(name: str, **more) -> dict:
    return {
        "name": name,
        "namespace": f"team-{name}",
        "service_account": "member",
        "groups": [f"team-{name}"],
        "users": [],
        **more,
    }


def settings(**changes) -> Settings:
    given = {
        "public_url": "https://hub.mlp.localhost:26532",
        "hub_url": "http://hub.mlp-notebooks.svc:8081",
        "proxy_url": "http://proxy.mlp-notebooks.svc:8000",
        "proxy_api_url": "http://proxy.mlp-notebooks.svc:8001",
        "image": "mlp.internal/notebook:1",
        "identity": {
            "client_id": "jupyterhub",
            "authorization_endpoint": "https://id/authorize",
            "token_endpoint": "https://id/token",
            "userinfo_endpoint": "https://id/me",
            "username_claim": "email",
            "groups_claim": "groups",
            "admin_group": "platform-admins",
            "scopes": ["openid", "email", "groups"],
            "ca_path": "/etc/identity/ca.crt",
        },
        "teams": [team("vision", object_secret="object-store"), team("language", users=["eve@example.org"])],
        "profiles": PROFILES,
        "volume_size": "10Gi",
        "limits": {"concurrent_starts": 20, "start_seconds": 300, "servers_per_user": 3, "consecutive_failures": 10},
        "culling": {"every_seconds": 60},
        **changes,
    }
    return parse(json.dumps(given))
