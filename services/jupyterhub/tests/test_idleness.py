import unittest
from datetime import UTC, datetime, timedelta

from mlp_hub.gpu import pods_in_use
from mlp_hub.idleness import GpuUse, Server, reason_to_stop, time_of, use_of

from .given import settings

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SMALL, GPU = settings().profiles


def ago(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


def server(started: int, active: int) -> Server:
    return Server("ana", "", "small", "/user/ana/", ago(started), ago(active))


class Idleness(unittest.TestCase):
    def test_a_notebook_ends_when_its_profiles_time_is_over(self):
        self.assertIsNone(reason_to_stop(NOW, server(9000, 3599), SMALL, None))
        self.assertIn("3600", reason_to_stop(NOW, server(9000, 3600), SMALL, None))

    def test_one_that_has_just_begun_stays(self):
        self.assertIsNone(reason_to_stop(NOW, server(10, 9000), SMALL, None))

    def test_an_idle_gpu_goes_earlier_though_a_page_is_open(self):
        page_open = server(9000, 0)
        self.assertIn("GPU", reason_to_stop(NOW, page_open, GPU, GpuUse(False, ago(600))))
        self.assertIsNone(reason_to_stop(NOW, page_open, GPU, GpuUse(False, ago(599))))
        self.assertIn("GPU", reason_to_stop(NOW, page_open, GPU, GpuUse(False, None)))

    def test_what_computes_stays_however_long_nobody_looks(self):
        self.assertIsNone(reason_to_stop(NOW, server(90000, 90000), GPU, GpuUse(True, ago(90000))))

    def test_a_gpus_use_is_that_of_kernels_terminals_and_metrics(self):
        idle = {"execution_state": "idle", "last_activity": "2026-11-24T11:00:00Z"}
        busy = {"execution_state": "busy", "last_activity": "2026-11-24T10:00:00Z"}
        terminal = {"name": "1", "last_activity": "2026-11-24T11:30:00Z"}
        self.assertEqual(use_of([], [], None), GpuUse(False, None))
        self.assertTrue(use_of([idle, busy], [], None).busy)
        self.assertEqual(use_of([idle], [terminal], None).last, time_of(terminal["last_activity"]))
        self.assertEqual(use_of([idle], [terminal], NOW).last, NOW)


class Gpus(unittest.TestCase):
    def test_a_pod_uses_its_gpu_when_its_utilisation_is_not_nought(self):
        metrics = "\n".join(
            [
                "# TYPE DCGM_FI_DEV_GPU_UTIL gauge",
                'DCGM_FI_DEV_GPU_UTIL{gpu="0",container="notebook",namespace="team-vision",pod="notebook-ana"} 37',
                'DCGM_FI_DEV_GPU_UTIL{gpu="1",container="notebook",namespace="team-vision",pod="notebook-bob"} 0',
                'DCGM_FI_DEV_GPU_UTIL{gpu="2",modelName="A \\"10\\"",namespace="",pod=""} 99',
                'DCGM_FI_DEV_GPU_TEMP{gpu="1",namespace="team-vision",pod="notebook-bob"} 60',
            ]
        )
        self.assertEqual(pods_in_use(metrics), {("team-vision", "notebook-ana")})
