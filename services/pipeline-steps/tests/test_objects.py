import tempfile
import unittest
from pathlib import Path

from mlp_steps.errors import StepFailed
from mlp_steps.objects import Store, digest_of, files_of


class Refused(Exception):
    response = {"Error": {"Code": "AccessDenied", "Message": "Access Denied."}}


class FakeS3:
    def __init__(self):
        self.objects = {}

    def upload_file(self, file, bucket, key):
        if key.startswith("team-other/"):
            raise Refused
        self.objects[key] = Path(file).read_bytes()

    def download_file(self, bucket, key, file):
        Path(file).write_bytes(self.objects[key])

    def get_paginator(self, _):
        return self

    def paginate(self, Bucket, Prefix):  # noqa: N803 (boto3's names)
        return [{"Contents": [{"Key": key} for key in sorted(self.objects) if key.startswith(Prefix)]}]


class Objects(unittest.TestCase):
    def setUp(self):
        self.s3 = FakeS3()
        self.store = Store(self.s3, "artifacts", "team-vision/")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "in" / "lib").mkdir(parents=True)
        (self.folder / "in" / "digits.csv").write_text("1,2")
        (self.folder / "in" / "lib" / "more.csv").write_text("3")

    def put(self, path="datasets/{sha256}"):
        return self.store.put(self.folder / "in", path)

    def test_what_is_put_is_fetched_with_the_same_digest(self):
        uri, digest = self.put()
        self.assertEqual(uri, f"s3://artifacts/team-vision/datasets/{digest}")
        self.assertEqual(self.store.fetch(uri, self.folder / "out"), digest)
        self.assertEqual((self.folder / "out" / "lib" / "more.csv").read_text(), "3")

    def test_the_digest_tells_every_change_of_contents_and_names(self):
        digests = {self.put()[1]}
        (self.folder / "in" / "digits.csv").write_text("1,3")
        digests.add(self.put()[1])
        (self.folder / "in" / "digits.csv").rename(self.folder / "in" / "numbers.csv")
        digests.add(self.put()[1])
        self.assertEqual(len(digests), 3)

    def test_a_single_file_is_put_and_fetched(self):
        _, digest = self.store.put(self.folder / "in" / "digits.csv", "one")
        self.assertEqual(self.store.fetch("one/digits.csv", self.folder / "out"), digest)

    def test_an_artifact_that_is_not_there_gives_one_clear_line(self):
        with self.assertRaisesRegex(StepFailed, "^there is no artifact s3://artifacts/team-vision/gone: "):
            self.store.fetch("gone", self.folder / "out")

    def test_a_prefix_of_a_name_is_not_that_name(self):
        self.put("datasets/digits-2")
        with self.assertRaisesRegex(StepFailed, "there is no artifact"):
            self.store.fetch("datasets/digits", self.folder / "out")

    def test_what_was_changed_is_refused_where_a_digest_is_wanted(self):
        uri, digest = self.put("datasets/digits")
        self.s3.objects["team-vision/datasets/digits/digits.csv"] = b"9"
        with self.assertRaisesRegex(StepFailed, f"but {digest} was wanted"):
            self.store.fetch(uri, self.folder / "out", digest)

    def test_another_bucket_and_an_empty_folder_are_refused(self):
        with self.assertRaisesRegex(StepFailed, "another bucket"):
            self.store.fetch("s3://backups/x", self.folder / "out")
        (self.folder / "empty").mkdir()
        with self.assertRaisesRegex(StepFailed, "holds no file"):
            self.store.put(self.folder / "empty", "x")

    def test_a_key_that_leads_out_of_the_folder_is_refused(self):
        self.s3.objects["team-vision/evil/../../escaped"] = b"x"
        with self.assertRaisesRegex(StepFailed, "would lie outside"):
            self.store.fetch("evil", self.folder / "out")

    def test_a_refusal_names_the_place_and_the_reason(self):
        with self.assertRaisesRegex(StepFailed, "refuses s3://artifacts/team-other/x.*: Access Denied"):
            self.store.put(self.folder / "in", "s3://artifacts/team-other/x")

    def test_names_do_not_depend_on_where_the_folder_lies(self):
        self.assertEqual(digest_of(files_of(self.folder / "in")), self.put()[1])


if __name__ == "__main__":
    unittest.main()
