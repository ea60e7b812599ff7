"""Ends notebooks that are idle, the sooner where they hold a GPU. Their volumes stay.

The hub starts it beside itself and gives it a token that may list, reach and stop notebooks and nothing else.
"""

import json
import os
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime

from .configure import HUB_PORT
from .gpu import pods_in_use
from .idleness import GpuUse, Server, reason_to_stop, time_of, use_of
from .settings import GpuMetrics, Profile, Settings, load

API = f"http://127.0.0.1:{HUB_PORT}/hub/api"
PAGE = 200
TIMEOUT = 10


class Culler:
    def __init__(self, settings: Settings, token: str) -> None:
        self._settings = settings
        self._profiles = {profile.name: profile for profile in settings.profiles}
        self._token = token
        # When metrics last showed a pod's GPU in use; forgotten with this process, kernels still tell.
        self._seen: dict[tuple[str, str], datetime] = {}
        # Since when a notebook with a GPU gives no answer.
        self._silent: dict[str, datetime] = {}

    def round(self, now: datetime) -> None:
        servers = self._servers()
        if any(self._profile_of(server).gpus for server, _ in servers):
            self._look_at_gpus(now)
        for server, pod in servers:
            profile = self._profile_of(server)
            use = self._use(now, server, pod) if profile.gpus else None
            reason = reason_to_stop(now, server, profile, use)
            if reason is not None:
                say(f"stopping {server.key}: {reason}")
                self._stop(server)

    def _profile_of(self, server: Server) -> Profile:
        """A profile that is no more counts as the first one."""
        return self._profiles.get(server.profile or "", self._settings.profiles[0])

    def _servers(self) -> list[tuple[Server, tuple[str, str]]]:
        """Notebooks that run, each with namespace and name of its pod."""
        found = []
        offset = 0
        while True:
            users = self._ask(f"{API}/users?state=ready&limit={PAGE}&offset={offset}")
            for user in users:
                for server in user.get("servers", {}).values():
                    if server["ready"] and not server["pending"]:
                        found.append((server_of(user["name"], server), pod_of(server)))
            if len(users) < PAGE:
                return found
            offset += PAGE

    def _use(self, now: datetime, server: Server, pod: tuple[str, str]) -> GpuUse | None:
        try:
            kernels = self._ask_notebook(server, "api/kernels")
            terminals = self._ask_notebook(server, "api/terminals", missing=[])
        except (OSError, ValueError) as error:
            since = self._silent.setdefault(server.key, now)
            say(f"{server.key} does not tell what its kernels do since {since:%H:%M:%S}: {error}")
            return GpuUse(busy=False, last=max(since, self._seen.get(pod, since)))
        self._silent.pop(server.key, None)
        return use_of(kernels, terminals, self._seen.get(pod))

    def _look_at_gpus(self, now: datetime) -> None:
        source = self._settings.gpu_metrics
        if source is None:
            return
        for address in addresses_of(source):
            try:
                with urllib.request.urlopen(f"http://{address}:{source.port}/metrics", timeout=TIMEOUT) as answer:
                    self._seen.update({pod: now for pod in pods_in_use(answer.read().decode())})
            except OSError as error:
                say(f"no metrics of the GPUs at {address}: {error}")

    def _ask_notebook(self, server: Server, path: str, missing=None):
        try:
            return self._ask(f"{self._settings.proxy_url}{server.url}{path}?no_track_activity=1")
        except urllib.error.HTTPError as error:
            if error.code == 404 and missing is not None:
                return missing
            raise

    def _stop(self, server: Server) -> None:
        user, name = urllib.parse.quote(server.user, safe=""), urllib.parse.quote(server.name, safe="")
        try:
            self._ask(f"{API}/users/{user}/" + (f"servers/{name}" if name else "server"), "DELETE")
        except OSError as error:
            say(f"{server.key} was not stopped: {error}")

    def _ask(self, url: str, method: str = "GET"):
        request = urllib.request.Request(url, method=method, headers={"Authorization": f"token {self._token}"})
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            body = answer.read()
        return json.loads(body) if body else None


def server_of(user: str, model: dict) -> Server:
    started = time_of(model["started"])
    return Server(
        user=user,
        name=model["name"],
        profile=(model.get("user_options") or {}).get("profile"),
        url=model["url"],
        started=started,
        last_activity=time_of(model["last_activity"]) if model.get("last_activity") else started,
    )


def pod_of(model: dict) -> tuple[str, str]:
    state = model.get("state") or {}
    return state.get("namespace", ""), state.get("pod_name", "")


def addresses_of(source: GpuMetrics) -> set[str]:
    """Of every exporter: the name is a headless Service's."""
    try:
        return {entry[4][0] for entry in socket.getaddrinfo(source.host, source.port, type=socket.SOCK_STREAM)}
    except OSError as error:
        say(f"no exporter of GPU metrics: {error}")
        return set()


def say(message: str) -> None:
    print(f"culler: {message}", flush=True)


def main() -> None:
    settings = load()
    culler = Culler(settings, os.environ["JUPYTERHUB_API_TOKEN"])
    while True:
        time.sleep(settings.culling.every_seconds)
        try:
            culler.round(datetime.now(UTC))
        except (OSError, ValueError, KeyError) as error:
            # The hub may be starting; the next round comes soon.
            say(f"this round failed: {error!r}")


if __name__ == "__main__":
    main()
