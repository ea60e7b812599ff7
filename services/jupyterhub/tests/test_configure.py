import json
import unittest

from mlp_hub.configure import configure, groups_in
from mlp_hub.settings import parse

from .given import settings

SECRETS = {
    "MLP_PROXY_TOKEN": "p" * 32,
    "MLP_DATABASE_URI": "postgresql://hub@db/hub",
    "MLP_COOKIE_SECRET": "c" * 32,
    "MLP_CRYPT_KEY": "k" * 32,
    "MLP_CLIENT_SECRET": "s" * 32,
}


class Config(dict):
    """As traitlets' own: sections appear when they are named."""

    def __getattr__(self, name):
        return self.setdefault(name, Config())

    def __setattr__(self, name, value):
        self[name] = value


def configured(**changes) -> Config:
    c = Config()
    configure(c, settings(**changes), SECRETS)
    return c


class Configure(unittest.TestCase):
    def test_lets_in_the_teams_and_administrators_and_nobody_else(self):
        oauth = configured().GenericOAuthenticator
        self.assertFalse(oauth.allow_all)
        self.assertEqual(oauth.allowed_groups, {"team-vision", "team-language", "platform-admins"})
        self.assertEqual(oauth.allowed_users, {"eve@example.org"})
        self.assertEqual(oauth.admin_groups, {"platform-admins"})
        self.assertTrue(oauth.manage_groups and oauth.refresh_pre_spawn and oauth.enable_auth_state)

    def test_leaves_proxy_and_notebooks_when_the_hub_ends(self):
        c = configured()
        self.assertFalse(c.JupyterHub.cleanup_servers or c.JupyterHub.cleanup_proxy or c.ConfigurableHTTPProxy.should_start)

    def test_counts_the_default_server_among_a_users_servers(self):
        self.assertEqual(configured().JupyterHub.named_server_limit_per_user, 2)
        limits = {"concurrent_starts": 1, "start_seconds": 60, "servers_per_user": 1, "consecutive_failures": 0}
        self.assertFalse(configured(limits=limits).JupyterHub.allow_named_servers)

    def test_keys_are_32_bytes_whatever_the_secret(self):
        c = configured()
        self.assertEqual([len(c.JupyterHub.cookie_secret), *map(len, c.CryptKeeper["keys"])], [32, 32])

    def test_the_culler_may_neither_start_notebooks_nor_change_users(self):
        [role] = configured().JupyterHub.load_roles
        for scope in role["scopes"]:
            self.assertNotRegex(scope, r"^(admin:users|admin:servers|servers|start:|users|tokens)")

    def test_a_claim_that_is_missing_or_malformed_is_no_group(self):
        groups = groups_in("groups")
        self.assertEqual(groups({"oauth_user": {"groups": ["a", 7, "b"]}}), {"a", "b"})
        for state in ({}, {"oauth_user": None}, {"oauth_user": {}}, {"oauth_user": {"groups": "team-vision"}}):
            self.assertEqual(groups(state), set())

    def test_a_field_that_nobody_knows_is_an_error_that_names_it(self):
        with self.assertRaisesRegex(TypeError, "surprise"):
            settings(surprise=1)
        with self.assertRaises((KeyError, TypeError)):
            parse(json.dumps({"teams": []}))
