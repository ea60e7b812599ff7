import unittest

from mlp_registry.layout import artifact_root, lies_below

TEAM = "s3://artifacts/team-a"


class LiesBelow(unittest.TestCase):
    def assert_below(self, uri, prefix=TEAM):
        self.assertTrue(lies_below(uri, prefix), uri)

    def assert_outside(self, uri, prefix=TEAM):
        self.assertFalse(lies_below(uri, prefix), uri)

    def test_the_folder_and_what_is_in_it(self):
        for uri in (TEAM, f"{TEAM}/", f"{TEAM}/mlflow", f"{TEAM}/mlflow/1/artifacts/", f"{TEAM}/..data/x", f"{TEAM}/a..b"):
            self.assert_below(uri)

    def test_a_slash_at_the_prefix_end_changes_nothing(self):
        self.assert_below(f"{TEAM}/mlflow", f"{TEAM}/")
        self.assert_below(TEAM, f"{TEAM}/")
        self.assert_outside("s3://artifacts/team-ab/mlflow", f"{TEAM}/")

    def test_a_sibling_whose_name_begins_alike(self):
        for uri in ("s3://artifacts/team-ab", "s3://artifacts/team-ab/x", "s3://artifacts/team-a.old/x", "s3://artifacts/team"):
            self.assert_outside(uri)

    def test_a_way_out(self):
        for path in ("..", "../", "../team-b/x", "x/../../team-b", "./../team-b", ".\t./team-b", "x/.."):
            self.assert_outside(f"{TEAM}/{path}")

    def test_a_way_in_from_elsewhere(self):
        self.assert_outside("s3://artifacts/team-b/../team-a/x")
        self.assert_outside("s3://artifacts//team-a/x")
        self.assert_outside("s3://artifacts/x/team-a/x")

    def test_other_spellings(self):
        for path in ("%2e%2e/team-b", "..%2fteam-b", "%2F..", "..\\team-b", "x//y", "./x"):
            self.assert_outside(f"{TEAM}/{path}")

    def test_another_place_altogether(self):
        for uri in (
            "s3://backups/team-a/x",
            "s3://artifacts.evil/team-a/x",
            "s3://key@artifacts/team-a/x",
            "http://artifacts/team-a/x",
            "file:///artifacts/team-a/x",
            "/team-a/x",
            "team-a/x",
            "s3://artifacts",
            "",
        ):
            self.assert_outside(uri)

    def test_a_query_or_a_fragment(self):
        self.assert_outside(f"{TEAM}/x?versionId=1")
        self.assert_outside(f"{TEAM}/x#y")


class ArtifactRoot(unittest.TestCase):
    def test_lies_in_the_folder_of_its_workspace_alone(self):
        for root in ("s3://artifacts", "s3://artifacts/"):
            found = artifact_root(root, "team-a")
            self.assertEqual(found, "s3://artifacts/team-a/mlflow")
            self.assertTrue(lies_below(found, TEAM))
            self.assertFalse(lies_below(found, "s3://artifacts/team"))
