"""JupyterHub's own configuration, from the component's settings and the secrets in the environment."""

import hashlib
import sys
from collections.abc import Mapping

from .pod import HOME, PORT, security_settings
from .settings import Settings

CULLER = "culler"
HUB_PORT = 8081


def configure(c, settings: Settings, environment: Mapping[str, str]) -> None:
    """`c` is JupyterHub's configuration object."""
    _hub(c, settings, environment)
    _sign_in(c, settings, environment)
    _notebooks(c, settings)
    _culling(c)


def _hub(c, settings: Settings, environment: Mapping[str, str]) -> None:
    c.JupyterHub.hub_bind_url = f"http://0.0.0.0:{HUB_PORT}"
    c.JupyterHub.hub_connect_url = settings.hub_url
    c.JupyterHub.public_url = settings.public_url
    # The proxy is a pod of its own: neither its end nor the hub's takes the other along, and notebooks stay.
    c.JupyterHub.cleanup_servers = False
    c.JupyterHub.cleanup_proxy = False
    c.ConfigurableHTTPProxy.should_start = False
    c.ConfigurableHTTPProxy.api_url = settings.proxy_api_url
    c.ConfigurableHTTPProxy.auth_token = environment["MLP_PROXY_TOKEN"]
    # How long the pages of a proxy that was started anew lead nowhere.
    c.JupyterHub.proxy_check_interval = 10
    c.JupyterHub.db_url = environment["MLP_DATABASE_URI"]
    # One hub at a time: it may bring its tables to what it wants.
    c.JupyterHub.upgrade_db = True
    c.JupyterHub.cookie_secret = _key(environment["MLP_COOKIE_SECRET"])
    c.CryptKeeper.keys = [_key(environment["MLP_CRYPT_KEY"])]
    c.JupyterHub.concurrent_spawn_limit = settings.limits.concurrent_starts
    c.JupyterHub.allow_named_servers = settings.limits.servers_per_user > 1
    # The default server is not counted among the named ones.
    c.JupyterHub.named_server_limit_per_user = settings.limits.servers_per_user - 1
    # Of its own statistics nothing leaves the cluster, and who is not signed in reads none.
    c.JupyterHub.authenticate_prometheus = True
    # Activity decides what is culled: it must be newer than the shortest limit.
    c.JupyterHub.last_activity_interval = max(10, min(300, _shortest_limit(settings) // 3))
    c.JupyterHub.init_spawners_timeout = 30


def _sign_in(c, settings: Settings, environment: Mapping[str, str]) -> None:
    identity = settings.identity
    c.JupyterHub.authenticator_class = "generic-oauth"
    oauth = c.GenericOAuthenticator
    oauth.client_id = identity.client_id
    oauth.client_secret = environment["MLP_CLIENT_SECRET"]
    oauth.authorize_url = identity.authorization_endpoint
    oauth.token_url = identity.token_endpoint
    oauth.userdata_url = identity.userinfo_endpoint
    oauth.oauth_callback_url = f"{settings.public_url}/hub/oauth_callback"
    oauth.scope = list(identity.scopes)
    oauth.username_claim = identity.username_claim
    oauth.login_service = "the platform's sign-in"
    oauth.auto_login = True
    if identity.ca_path:
        oauth.http_request_kwargs = {"ca_certs": identity.ca_path}
    oauth.manage_groups = True
    oauth.auth_state_groups_key = groups_in(identity.groups_claim)
    oauth.allow_all = False
    oauth.allowed_groups = {group for team in settings.teams for group in team.groups} | {identity.admin_group}
    oauth.allowed_users = {user for team in settings.teams for user in team.users}
    oauth.admin_groups = {identity.admin_group}
    # Who leaves a group is out at the next start of a notebook, and no later than after this many seconds.
    oauth.enable_auth_state = True
    oauth.auth_refresh_age = 300
    oauth.refresh_pre_spawn = True


def groups_in(claim: str):
    """A function and no key: a provider leaves the claim out for who is in no group."""

    def groups(auth_state: dict) -> set[str]:
        found = (auth_state.get("oauth_user") or {}).get(claim) or []
        return {group for group in found if isinstance(group, str)} if isinstance(found, list) else set()

    return groups


def _notebooks(c, settings: Settings) -> None:
    c.JupyterHub.spawner_class = "mlp_hub.spawner.TeamSpawner"
    spawner = c.TeamSpawner
    for name, value in security_settings().items():
        spawner[name] = value
    spawner.image = settings.image
    spawner.image_pull_policy = "IfNotPresent"
    spawner.cmd = ["start-notebook"]
    spawner.default_url = "/lab"
    spawner.notebook_dir = HOME
    spawner.working_dir = HOME
    spawner.port = PORT
    spawner.pod_name_template = "notebook-{user_server}"
    spawner.pvc_name_template = "notebook-{user_server}"
    spawner.remember_pvc_name = False
    spawner.storage_pvc_ensure = True
    spawner.storage_capacity = settings.volume_size
    spawner.storage_access_modes = ["ReadWriteOnce"]
    if settings.storage_class:
        spawner.storage_class = settings.storage_class
    spawner.environment = notebook_environment(settings)
    # A pod that waits for a GPU's node or in a queue is not lost.
    spawner.start_timeout = settings.limits.start_seconds
    spawner.http_timeout = 60
    spawner.consecutive_failure_limit = settings.limits.consecutive_failures
    spawner.delete_grace_period = 5
    spawner.k8s_api_request_timeout = 10


def notebook_environment(settings: Settings) -> dict[str, str]:
    home = {"HOME": HOME, "JUPYTER_RUNTIME_DIR": "/tmp/jupyter", "XDG_CACHE_HOME": f"{HOME}/.cache"}
    return {**home, **settings.environment}


def _culling(c) -> None:
    c.JupyterHub.services = [{"name": CULLER, "command": [sys.executable, "-m", "mlp_hub.culler"]}]
    # To see what a kernel does it must reach the notebook's own API; the state says which pod it is.
    scopes = ["list:users", "read:users:activity", "read:servers", "admin:server_state"]
    scopes += ["delete:servers", "access:servers"]
    c.JupyterHub.load_roles = [{"name": CULLER, "scopes": scopes, "services": [CULLER]}]


def _shortest_limit(settings: Settings) -> int:
    return min(profile.idle_seconds for profile in settings.profiles)


def _key(secret: str) -> bytes:
    """32 bytes, whatever the secret's length and letters."""
    return hashlib.sha256(secret.encode()).digest()
