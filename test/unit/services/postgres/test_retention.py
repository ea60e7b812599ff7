import unittest
from datetime import datetime, timedelta, timezone

from retention import moment_of, outdated, timestamp_of

NOW = datetime(2026, 3, 1, 3, 0, 0, tzinfo=timezone.utc)


def ago(**time):
    return timestamp_of(NOW - timedelta(**time))


class Timestamps(unittest.TestCase):
    def test_there_and_back(self):
        self.assertEqual(timestamp_of(NOW), "20260301T030000Z")
        self.assertEqual(moment_of("20260301T030000Z"), NOW)

    def test_their_order_as_text_is_that_of_time(self):
        moments = [ago(days=days, seconds=days) for days in range(800, -1, -1)]
        self.assertEqual(sorted(moments), moments)

    def test_what_is_none(self):
        for text in ("", "notes", "20260301", "20261301T030000Z", "20260301T030000Z.old"):
            self.assertIsNone(moment_of(text), text)


class Outdated(unittest.TestCase):
    def test_no_backups(self):
        self.assertEqual(outdated([], [], NOW, 7), [])

    def test_whole_ones_go_after_the_days_and_no_earlier(self):
        kept, gone = [ago(days=1), ago(days=7)], [ago(days=7, seconds=1), ago(days=30)]
        self.assertEqual(outdated([*gone, *kept], [], NOW, 7), sorted(gone))

    def test_the_newest_whole_one_stays_however_old_it_is(self):
        self.assertEqual(outdated([ago(days=400)], [], NOW, 7), [])
        self.assertEqual(outdated([ago(days=400), ago(days=300)], [], NOW, 7), [ago(days=400)])

    def test_a_newer_partial_one_takes_no_whole_one_s_place(self):
        self.assertEqual(outdated([ago(days=400)], [ago(hours=1)], NOW, 7), [])

    def test_partial_ones_go_after_a_day_so_that_a_running_backup_is_left_alone(self):
        partial = [ago(minutes=5), ago(days=1), ago(days=1, seconds=1), ago(days=2)]
        self.assertEqual(outdated([], partial, NOW, 7), [ago(days=2), ago(days=1, seconds=1)])

    def test_a_folder_that_is_no_backup_is_left_alone(self):
        self.assertEqual(outdated(["by-hand", ago(days=0)], ["notes"], NOW, 7), [])

    def test_what_is_dated_ahead_is_kept(self):
        self.assertEqual(outdated([timestamp_of(NOW + timedelta(days=1)), ago(days=1)], [], NOW, 7), [])
