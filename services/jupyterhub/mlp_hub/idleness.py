"""When a notebook has been idle for long enough. Pure: what is known goes in, a reason comes out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .settings import Profile


@dataclass(frozen=True)
class Server:
    """A running notebook, as the hub tells of it."""

    user: str
    name: str
    profile: str | None
    url: str
    started: datetime
    # Of its user: pages, kernels, terminals.
    last_activity: datetime

    @property
    def key(self) -> str:
        return f"{self.user}/{self.name}"


@dataclass(frozen=True)
class GpuUse:
    """What is known of the use of a notebook's GPU."""

    busy: bool
    # Of kernels, terminals and the GPU itself; None where nothing ever ran.
    last: datetime | None


def reason_to_stop(now: datetime, server: Server, profile: Profile, use: GpuUse | None) -> str | None:
    """Why the notebook should end, None while it should not.

    A page that is open in a browser keeps a notebook alive but not its GPU: that counts what computes. `use` is None
    where it is unknown, for notebooks without GPUs too.
    """
    if profile.gpus and profile.gpu_idle_seconds is not None and use is not None:
        if use.busy:
            return None
        idle = now - max(server.started, use.last or server.started)
        if idle >= timedelta(seconds=profile.gpu_idle_seconds):
            return f"its GPU is idle for {_seconds(idle)} s, longer than {profile.gpu_idle_seconds} s"
        # Something computed lately, perhaps behind a closed page.
        return None
    idle = now - max(server.started, server.last_activity)
    if idle >= timedelta(seconds=profile.idle_seconds):
        return f"it is idle for {_seconds(idle)} s, longer than {profile.idle_seconds} s"
    return None


def use_of(kernels: list[dict], terminals: list[dict], gpu_seen: datetime | None) -> GpuUse:
    """The use of a GPU from the notebook's own API, and from when its metrics last showed any."""
    times = [time_of(one["last_activity"]) for one in (*kernels, *terminals) if one.get("last_activity")]
    busy = any(kernel.get("execution_state") == "busy" for kernel in kernels)
    return GpuUse(busy=busy, last=max([*times, *([gpu_seen] if gpu_seen else [])], default=None))


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
