"""Read by JupyterHub at its start."""

import os

from mlp_hub import settings
from mlp_hub.configure import configure
from mlp_hub.spawner import TeamSpawner

TeamSpawner.settings = settings.load()
configure(c, TeamSpawner.settings, os.environ)  # noqa: F821 JupyterHub gives `c`
c.TeamSpawner.apply_user_options = TeamSpawner.apply  # noqa: F821
