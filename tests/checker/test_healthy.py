"""A healthy history has no anomaly, however it was drawn."""

import unittest

from report import check, to_text
from synthetic import healthy


class Healthy(unittest.TestCase):
    def test_random_histories_with_faults_are_clean(self) -> None:
        for seed in range(100):
            with self.subTest(seed=seed):
                report = check(healthy(seed).run())
                self.assertEqual(report.exit_code, 0, to_text(report))

    def test_random_histories_without_faults_are_clean(self) -> None:
        for seed in range(100):
            with self.subTest(seed=seed):
                report = check(healthy(seed, faults=False).run())
                self.assertEqual(report.exit_code, 0, to_text(report))

    def test_every_check_has_told_something(self) -> None:
        report = check(healthy(3, orders=200).run())
        self.assertEqual(report.untold, [])
        self.assertGreater(report.counts["void_outcomes"], 0)
        self.assertGreater(report.counts["outcome_copies"], 0)
        self.assertGreater(report.counts["dead_letters"], 0)


if __name__ == "__main__":
    unittest.main()
