import unittest

from mlp_hub.choice import Refused, choose, form_of, options_from_form, teams_of

from .given import PROFILES, settings, team

VISION = {"team-vision"}


class Choice(unittest.TestCase):
    def test_a_team_is_open_to_its_group_and_to_those_whom_it_names(self):
        names = lambda user, groups: [team.name for team in teams_of(settings(), user, groups)]  # noqa: E731
        self.assertEqual(names("ana@example.org", VISION), ["vision"])
        self.assertEqual(names("eve@example.org", set()), ["language"])
        self.assertEqual(names("eve@example.org", VISION), ["vision", "language"])
        self.assertEqual(names("bob@example.org", {"team-visions", "vision"}), [])

    def test_who_wishes_for_nothing_gets_the_first_of_their_teams_and_profiles(self):
        for wish in ({}, None, {"team": "", "profile": ""}, ["team"], "vision"):
            choice = choose(settings(), "ana", VISION, wish)
            self.assertEqual((choice.team.name, choice.profile.name), ("vision", "small"))

    def test_another_team_is_refused_in_the_same_words_as_one_that_does_not_exist(self):
        said = []
        for name in ("language", "nonesuch"):
            with self.assertRaises(Refused) as refusal:
                choose(settings(), "ana", VISION, {"team": name})
            said.append(str(refusal.exception).replace(name, "X"))
        self.assertEqual(said[0], said[1])
        self.assertNotIn("language", said[0])

    def test_what_is_no_name_is_refused(self):
        for wrong in (7, True, {"name": "vision"}, ["vision"], "team-vision", "vision ", "x" * 65):
            with self.assertRaises(Refused):
                choose(settings(), "ana", VISION, {"team": wrong})
            with self.assertRaises(Refused):
                choose(settings(), "ana", VISION, {"profile": wrong})

    def test_who_is_in_no_team_gets_none_an_administrator_neither(self):
        with self.assertRaises(Refused):
            choose(settings(), "root", {"platform-admins"}, {"team": "vision"})

    def test_a_form_says_no_more_than_team_and_profile(self):
        form = {"team": ["vision", "language"], "profile": [""], "image": ["evil"], "namespace": ["kube-system"]}
        self.assertEqual(options_from_form(form), {"team": "vision", "profile": ""})

    def test_the_form_shows_the_users_own_teams_and_escapes_what_others_wrote(self):
        profile = {**PROFILES[0], "title": "<script>"}
        html = form_of(settings(teams=[team("vision"), team("language")], profiles=[profile]), "ana", VISION)
        self.assertIn('value="vision"', html)
        self.assertNotIn("language", html)
        self.assertNotIn("<script>", html)
