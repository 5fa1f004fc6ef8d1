"""E3 and E7: a council defers, and a deadline runs before the session."""

from __future__ import annotations

from datetime import date

from tests.api.scenarios.play import Play


def test_a_deferral_asks_again_in_the_next_session(before_councils: Play) -> None:
    play = before_councils
    play.resolve("kamen")
    play.resolve("kamen", "deferred", next_meeting_on="2026-06-25", agenda_item="Ö 7")
    task = play.task("sb.kamen", "record_resolution")
    assert task["due_on"] == "2026-07-09"
    assert task["due_reason"] == (
        "Sitzung am 25.06.2026; zum Erfassen setzt das Verfahren eine Frist von zwei Wochen danach."
    )
    assert play.state("agreement_councils") == ("open", 1)
    with play.on(date(2026, 6, 25)):
        play.resolve("kamen", votes={"yes": 30, "no": 2, "abstained": 1})
        [rat] = [
            c for p in play.papers("kamen") for c in p["consultations"] if c["role"] == "decision"
        ]
        assert [r["outcome"] for r in rat["resolutions"]] == ["deferred", "adopted"]
        # A deferral decides nothing, so it opens no detour either.
        assert rat["state"] == "held"
        assert play.entry("resolution_recorded")["legal_date"] == "2026-06-25"
    play.verify()


def test_a_later_session_is_checked_against_the_cut_off(before_councils: Play) -> None:
    play = before_councils
    play.resolve("kamen")
    play.resolve("kamen", "deferred", next_meeting_on="2027-01-14")
    [missed] = play.entry("resolution_recorded")["data"]["missed"]
    assert missed.startswith("Die Antragsfrist des Förderprogramms endet am 31.12.2026")
    assert "Dringlichkeitsentscheidung" in missed


def test_a_session_in_time_misses_nothing(before_councils: Play) -> None:
    play = before_councils
    play.resolve("kamen")
    play.resolve("kamen", "deferred", next_meeting_on="2026-12-31")
    assert play.entry("resolution_recorded")["data"]["missed"] == []
