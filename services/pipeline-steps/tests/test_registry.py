import json
import unittest
import urllib.error
from urllib.parse import parse_qs, urlparse

from mlp_steps.errors import StepFailed
from mlp_steps.http import HttpError
from mlp_steps.registry import UID, Registry

TAGS = {UID: "uid-1", "mlp.dev/git-commit": "3f1c"}


def no(code, status=400):
    return HttpError(status, json.dumps({"error_code": code, "message": f"{code} it is"}), "MLflow")


class FakeMlflow:
    """MLflow's answers to the few requests that a step makes."""

    def __init__(self):
        self.versions = []
        self.aliases = {}
        self.models = set()
        self.lose_answers = 0
        self.before_create = lambda: None

    def __call__(self, method, path, body=None, patient=True):
        url = urlparse(path)
        query = {key: value[0] for key, value in parse_qs(url.query).items()}
        return getattr(self, url.path.removeprefix("/api/2.0/mlflow/").replace("/", "_").replace("-", "_"))(
            {**query, **(body or {})}, method
        )

    def registered_models_create(self, body, _):
        if body["name"] in self.models:
            raise no("RESOURCE_ALREADY_EXISTS")
        self.models.add(body["name"])

    def model_versions_create(self, body, _):
        self.before_create()
        made = {**body, "version": str(len(self.versions) + 1)}
        self.versions.append(made)
        if self.lose_answers > 0:
            self.lose_answers -= 1
            raise urllib.error.URLError("connection reset")
        return {"model_version": made}

    def model_versions_search(self, body, _):
        uid = body["filter"].split("'")[-2]
        found = [one for one in self.versions if {"key": UID, "value": uid} in one["tags"]]
        return {"model_versions": found}

    def model_versions_get(self, body, _):
        return {"model_version": next(one for one in self.versions if one["version"] == body["version"])}

    def model_versions_delete(self, body, _):
        self.versions = [one for one in self.versions if one["version"] != body["version"]]

    def registered_models_alias(self, body, method):
        if method == "POST":
            self.aliases[body["alias"]] = body["version"]
            return {}
        if body["alias"] not in self.aliases:
            raise no("INVALID_PARAMETER_VALUE")
        return self.model_versions_get({"version": self.aliases[body["alias"]]}, "GET")


class Registering(unittest.TestCase):
    def setUp(self):
        self.mlflow = FakeMlflow()
        self.registry = Registry(self.mlflow, say=lambda _: None)

    def register(self, **more):
        return self.registry.register("digits", "s3://b/m", {**TAGS, **more})

    def test_a_version_has_its_tags_from_its_first_moment(self):
        made = self.register()
        self.assertEqual({tag["key"]: tag["value"] for tag in made["tags"]}, TAGS)

    def test_a_second_try_registers_nothing_more(self):
        self.assertEqual(self.register()["version"], self.register()["version"])
        self.assertEqual(len(self.mlflow.versions), 1)

    def test_another_workflow_has_a_version_of_its_own(self):
        self.register()
        self.assertEqual(self.register(**{UID: "uid-2"})["version"], "2")

    def test_an_answer_that_is_lost_after_the_version_was_made_registers_it_once(self):
        self.mlflow.lose_answers = 1
        self.assertEqual(self.register()["version"], "1")
        self.assertEqual(len(self.mlflow.versions), 1)

    def test_of_two_tries_at_the_same_time_the_older_version_stays(self):
        tags = [{"key": UID, "value": "uid-1"}]

        def other_try():
            self.mlflow.before_create = lambda: None
            self.mlflow.versions.append({"version": "1", "name": "digits", "tags": tags})

        self.mlflow.before_create = other_try
        self.assertEqual(self.register()["version"], "1")
        self.assertEqual([one["version"] for one in self.mlflow.versions], ["1"])

    def test_a_refusal_is_in_mlflows_own_words(self):
        def refuse():
            raise no("PERMISSION_DENIED", 403)

        self.mlflow.before_create = refuse
        with self.assertRaisesRegex(StepFailed, r"MLflow refuses \(403\): PERMISSION_DENIED it is"):
            self.register()

    def test_nothing_is_registered_that_cannot_be_told_from_a_second_try(self):
        with self.assertRaisesRegex(StepFailed, "workflow-uid is missing"):
            self.registry.register("digits", "s3://b/m", {})


class Promoting(unittest.TestCase):
    def setUp(self):
        self.mlflow = FakeMlflow()
        self.registry = Registry(self.mlflow, say=lambda _: None)

    def version(self, uid, accuracy):
        return self.registry.register("digits", "s3://b/m", {UID: uid, "mlp.dev/metric.accuracy": accuracy})["version"]

    def test_the_first_version_is_challenger_and_champion(self):
        self.assertTrue(self.registry.promote("digits", self.version("a", "0.9"), "accuracy"))
        self.assertEqual(self.mlflow.aliases, {"challenger": "1", "champion": "1"})

    def test_only_a_better_version_takes_the_champions_place(self):
        for uid, accuracy in (("a", "0.9"), ("b", "0.9"), ("c", "0.91")):
            self.registry.promote("digits", self.version(uid, accuracy), "accuracy")
        self.assertEqual(self.mlflow.aliases, {"challenger": "3", "champion": "3"})

    def test_an_equal_version_is_challenger_only(self):
        self.registry.promote("digits", self.version("a", "0.9"), "accuracy")
        self.assertFalse(self.registry.promote("digits", self.version("b", "0.9"), "accuracy"))
        self.assertEqual(self.mlflow.aliases, {"challenger": "2", "champion": "1"})

    def test_the_champion_measured_anew_counts(self):
        self.registry.promote("digits", self.version("a", "0.99"), "accuracy")
        self.assertTrue(self.registry.promote("digits", self.version("b", "0.9"), "accuracy", champion_value=0.5))

    def test_a_second_try_changes_nothing(self):
        version = self.version("a", "0.9")
        self.assertTrue(self.registry.promote("digits", version, "accuracy"))
        self.assertTrue(self.registry.promote("digits", version, "accuracy"))

    def test_a_version_without_the_metric_is_told_of(self):
        version = self.registry.register("digits", "s3://b/m", {UID: "a"})["version"]
        with self.assertRaisesRegex(StepFailed, "has no metric accuracy"):
            self.registry.promote("digits", version, "accuracy")


if __name__ == "__main__":
    unittest.main()
