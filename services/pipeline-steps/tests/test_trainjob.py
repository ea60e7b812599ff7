import unittest
from contextlib import nullcontext

from mlp_steps.errors import StepFailed
from mlp_steps.trainjob import TrainJobStep, describe, image_of, prefix_of, prepared
from mlp_steps.workflow import Workflow

WORKFLOW = Workflow("digits-x7k2p", "uid-1")
MANIFEST = {"apiVersion": "trainer.kubeflow.org/v1alpha1", "kind": "TrainJob", "metadata": {"generateName": "digits-"}}
IMAGE = f"mlp.internal/torch@sha256:{'a' * 64}"


def pod(name="digits-1-node-0-0-abcde", phase="Running", state=None, image_id=IMAGE):
    container = {"name": "node", "image": "torch:1", "imageID": image_id, "state": state or {"running": {}}}
    return {"metadata": {"name": name}, "status": {"phase": phase, "containerStatuses": [container]}}


def ended(code, message="", at="2026-01-01T00:00:00Z"):
    return {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed", "message": message, "finishedAt": at}}


class FakeCluster:
    """Plays one list of states: each look at the job takes the next one, and the last one stays."""

    namespace = "team-vision"

    def __init__(self, *states, existing=None):
        self.states = list(states)
        self.job = existing
        self.created = []
        self.deleted = []
        self.log = [b"epoch 1\n", b"epoch 2\n"]

    def find(self, kind, name):
        if self.job is not None and self.states and self.created_or_adopted:
            self.job["status"], self.pods = self.states[0]
            if len(self.states) > 1:
                self.states.pop(0)
        return self.job

    created_or_adopted = True

    def list(self, kind, selector):
        return self.pods

    def create(self, kind, manifest):
        self.created.append(manifest)
        self.job = {"metadata": {**manifest["metadata"], "uid": "job-uid"}, "status": {}}
        return self.job

    def delete(self, kind, name, uid):
        self.deleted.append(name)
        self.job = None

    def follow_log(self, name):
        return nullcontext(self.log)


def condition(kind, message=""):
    return {"conditions": [{"type": kind, "status": "True", "message": message}]}


def run(cluster, **options):
    said = []
    clock = iter(range(10_000))
    step = TrainJobStep(
        cluster, prepared(MANIFEST, WORKFLOW, "train"), said.append, sleep=lambda _: None, now=lambda: next(clock), **options
    )
    return step, said


class Prepared(unittest.TestCase):
    def test_a_retry_finds_the_job_of_the_try_before(self):
        self.assertEqual(prepared(MANIFEST, WORKFLOW, "train"), prepared(MANIFEST, WORKFLOW, "train"))

    def test_other_workflows_steps_and_manifests_have_jobs_of_their_own(self):
        other = {**MANIFEST, "spec": {"trainer": {"numNodes": 2}}}
        names = {
            prepared(manifest, workflow, step)["metadata"]["name"]
            for manifest, workflow, step in [
                (MANIFEST, WORKFLOW, "train"),
                (MANIFEST, WORKFLOW, "sweep"),
                (MANIFEST, Workflow("digits-x7k2p", "uid-2"), "train"),
                (other, WORKFLOW, "train"),
            ]
        }
        self.assertEqual(len(names), 4)

    def test_the_job_goes_with_its_workflow(self):
        metadata = prepared(MANIFEST, WORKFLOW, "train")["metadata"]
        self.assertEqual(metadata["ownerReferences"][0]["uid"], "uid-1")
        self.assertRegex(metadata["name"], r"^digits-[0-9a-f]{8}$")

    def test_another_kind_is_refused(self):
        with self.assertRaisesRegex(StepFailed, "holds a Job, not a TrainJob"):
            prepared({"kind": "Job"}, WORKFLOW, "train")


class Following(unittest.TestCase):
    def test_logs_and_result_of_a_job_that_completes(self):
        done = pod(state=ended(0, '{"accuracy": 0.97}\n'), phase="Succeeded")
        cluster = FakeCluster((({}), []), ({}, [pod()]), (condition("Complete"), [done]))
        step, said = run(cluster)
        result = step.run()
        self.assertEqual(result["image"], f"sha256:{'a' * 64}")
        self.assertEqual(result["result"], '{"accuracy": 0.97}')
        self.assertIn(f"[{prefix_of(pod()['metadata']['name'], step.name)}] epoch 2", said)
        self.assertEqual(len(cluster.created), 1)

    def test_a_failure_names_the_first_pod_that_failed_and_its_last_line(self):
        first = pod("j-node-0-1-b", "Failed", ended(1, "Traceback\nValueError: no such column: label\n"))
        second = pod("j-node-0-0-a", "Failed", ended(143, "killed", at="2026-01-01T00:00:09Z"))
        step, _ = run(FakeCluster((condition("Failed", "jobset failed"), [second, first])))
        with self.assertRaisesRegex(StepFailed, r"pod j-node-0-1-b: Error \(exit code 1\): ValueError: no such column"):
            step.run()

    def test_a_failure_is_told_in_the_words_of_the_program_though_its_launcher_has_the_last(self):
        only = pod("j-node-0-0-a", "Failed", ended(1, "train.py FAILED\n=====\n"))
        cluster = FakeCluster((condition("Failed", "jobset failed"), [only]))
        cluster.log = [
            b"[rank0]: ValueError: no such column: label\n",
            b"torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n",
            b"=====\n",
        ]
        step, _ = run(cluster)
        with self.assertRaisesRegex(StepFailed, r"Error \(exit code 1\): ValueError: no such column: label$"):
            step.run()

    def test_a_failure_leaves_lines_without_words_out(self):
        only = pod("j-node-0-0-a", "Failed", ended(1, "train.py FAILED\n=====\n"))
        step, _ = run(FakeCluster((condition("Failed", "jobset failed"), [only])))
        with self.assertRaisesRegex(StepFailed, r"train.py FAILED$"):
            step.run()

    def test_a_job_of_an_earlier_try_is_followed_on(self):
        existing = {"metadata": {"name": "digits", "uid": "old"}}
        cluster = FakeCluster((condition("Complete"), [pod(state=ended(0))]), existing=existing)
        step, said = run(cluster)
        step.run()
        self.assertEqual(cluster.created, [])
        self.assertIn("there from an earlier attempt", said[0])

    def test_a_job_that_failed_in_an_earlier_try_is_made_anew(self):
        existing = {"metadata": {"name": "digits", "uid": "old"}}
        cluster = FakeCluster((condition("Failed"), []), (condition("Complete"), [pod(state=ended(0))]), existing=existing)
        step, _ = run(cluster)
        step.run()
        self.assertEqual(len(cluster.deleted), 1)
        self.assertEqual(len(cluster.created), 1)

    def test_an_image_that_is_missing_ends_the_step_and_the_job(self):
        state = {"waiting": {"reason": "ErrImagePull", "message": "not found"}}
        cluster = FakeCluster(({}, [pod(phase="Pending", state=state)]))
        step, _ = run(cluster, patience=20)
        with self.assertRaisesRegex(StepFailed, "cannot start: image torch:1: ErrImagePull: not found"):
            step.run()
        self.assertEqual(cluster.deleted, [step.name])

    def test_a_step_that_is_stopped_leaves_no_job(self):
        cluster = FakeCluster(({}, []))
        step, _ = run(cluster)
        step._adopt_or_create()
        step.stop()
        self.assertEqual(cluster.deleted, [step.name])
        with self.assertRaisesRegex(StepFailed, "was stopped"):
            step._follow()

    def test_a_job_that_is_deleted_meanwhile_is_told_of(self):
        cluster = FakeCluster(({}, []))
        step, _ = run(cluster)
        step._adopt_or_create()
        cluster.job = None
        with self.assertRaisesRegex(StepFailed, "was deleted while it ran"):
            step._follow()


class Describing(unittest.TestCase):
    def test_says_what_pods_wait_for(self):
        unscheduled = {
            "metadata": {"name": "a"},
            "status": {
                "phase": "Pending",
                "conditions": [{"type": "PodScheduled", "status": "False", "message": "0/1 nodes: Insufficient memory"}],
            },
        }
        self.assertEqual(describe([pod(), unscheduled]), "pods: 1 Pending, 1 Running; 0/1 nodes: Insufficient memory")

    def test_an_image_without_a_digest_has_none(self):
        self.assertEqual(image_of(pod(image_id="")), "")
        self.assertEqual(image_of(None), "")


if __name__ == "__main__":
    unittest.main()
