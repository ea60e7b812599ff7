"""KubeSpawner that starts a notebook in the namespace of a team of the user's."""

import asyncio
import json

from jupyterhub.spawner import SpawnException
from kubernetes_asyncio.client.rest import ApiException
from kubespawner import KubeSpawner

from .choice import Refused, choose, form_of, options_from_form
from .pod import spawner_settings
from .settings import Settings

# Seconds.
MARGIN = 3


class TeamSpawner(KubeSpawner):
    # Set once by the configuration: there is one hub in a process.
    settings: Settings

    async def get_options_form(self) -> str:
        return form_of(self.settings, self.user.name, self._groups())

    def run_options_from_form(self, form):
        return options_from_form(form)

    def options_from_query(self, query):
        return options_from_form(query)

    def apply(self, wish) -> None:
        """The one place where a wish becomes a pod, whoever sent it and by which way."""
        try:
            choice = choose(self.settings, self.user.name, self._groups(), wish)
        except Refused as refusal:
            raise SpawnException(str(refusal), reason="refused", status_code=403) from refusal
        for name, value in spawner_settings(self.settings, choice).items():
            setattr(self, name, value)
        # What was chosen and not what was wished for: the culler goes by it, after a restart of the hub too.
        self.user_options = self.orm_spawner.user_options = {"team": choice.team.name, "profile": choice.profile.name}
        # A user has a volume in each of their teams: that there is one in another says nothing.
        self._pvc_exists = False

    async def _start(self):
        try:
            # Earlier than the hub itself gives up, which could not say why.
            return await asyncio.wait_for(super()._start(), self.start_timeout - MARGIN)
        except ApiException as error:
            if error.status not in (403, 422):
                raise
            # A quota, a policy: not the hub's failure, and the user can do something about it.
            raise SpawnException(
                f"Kubernetes refused the notebook: {message_of(error)}", reason="kubernetes", status_code=409
            ) from error
        except TimeoutError as error:
            raise SpawnException(
                f"The notebook did not start: {self._why_pending()}", reason="timeout", status_code=409
            ) from error

    async def load_user_options(self):
        """Done already, before the hub began to start."""

    def _groups(self) -> set[str]:
        return {group.name for group in self.user.groups}

    def _why_pending(self) -> str:
        said = [event["message"] for event in self.events if event.get("message")]
        return said[-1] if said else f"its pod is not ready after {self.start_timeout} s, and no event says why"


def message_of(error: ApiException) -> str:
    """What the API server says, without its envelope."""
    try:
        return json.loads(error.body)["message"]
    except (KeyError, TypeError, ValueError):
        return str(error.reason)
