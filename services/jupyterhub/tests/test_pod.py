import unittest

from mlp_hub.choice import choose
from mlp_hub.pod import security_settings, spawner_settings

from .given import settings, team


def pod(profile="small", **changes) -> dict:
    given = settings(**changes)
    return spawner_settings(given, choose(given, "ana", {"team-vision"}, {"profile": profile}))


class Pod(unittest.TestCase):
    def test_runs_in_the_teams_namespace_with_its_account_and_environment(self):
        made = pod()
        self.assertEqual((made["namespace"], made["service_account"]), ("team-vision", "member"))
        sources = made["extra_container_config"]["envFrom"]
        self.assertEqual(sources[0], {"configMapRef": {"name": "mlp-environment"}})
        self.assertEqual(sources[1], {"secretRef": {"name": "object-store"}})

    def test_gets_a_gpu_of_its_pool_and_no_other_profile_does(self):
        with_gpu, without = pod("gpu-a10"), pod()
        self.assertEqual(with_gpu["extra_resource_limits"]["nvidia.com/gpu"], "1")
        self.assertEqual(with_gpu["node_selector"], {"mlp.dev/pool": "a10"})
        self.assertEqual([each["key"] for each in with_gpu["tolerations"]], ["nvidia.com/gpu"])
        self.assertEqual(without["tolerations"], [])
        self.assertNotIn("nvidia.com/gpu", without["extra_resource_limits"])

    def test_a_choice_leaves_nothing_of_the_one_before(self):
        self.assertEqual(set(pod("gpu-a10")), set(pod()))

    def test_waits_in_the_teams_queue_where_it_has_one(self):
        queued = pod(teams=[team("vision", queue="default")])
        self.assertEqual(queued["extra_labels"]["kueue.x-k8s.io/queue-name"], "default")
        self.assertNotIn("kueue.x-k8s.io/queue-name", pod()["extra_labels"])

    def test_meets_pod_security_restricted(self):
        made = security_settings()
        self.assertTrue(made["pod_security_context"]["runAsNonRoot"])
        self.assertFalse(made["allow_privilege_escalation"])
        self.assertEqual(made["container_security_context"]["capabilities"], {"drop": ["ALL"]})
        self.assertTrue(made["container_security_context"]["readOnlyRootFilesystem"])
        self.assertNotEqual(made["uid"], 0)
        kinds = {kind for volume in pod()["volumes"] for kind in volume if kind != "name"}
        self.assertEqual(kinds, {"persistentVolumeClaim", "emptyDir"})
