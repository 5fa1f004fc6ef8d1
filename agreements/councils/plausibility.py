"""Can these numbers be? Votes against those who may vote, quorum and majority.

The paragraphs come from the case's Land (``agreements.law.councils``); what is not known is not
checked and nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agreements.acts import RecordResolution, Votes
from agreements.errors import Refusal
from agreements.law.councils import CouncilLaw
from agreements.model.bodies import Committee
from agreements.model.enums import Outcome, Quorum
from agreements.standing import ADOPTING


def voting_members(committee: Committee, on: date) -> int | None:
    """How many could vote in the committee on that date; None if it is not known."""
    valid = [
        size
        for size in committee.sizes
        if size.valid_from <= on and (size.valid_to is None or on <= size.valid_to)
    ]
    if not valid:
        return None
    return max(valid, key=lambda size: size.valid_from).voting_members


def check_votes(
    act: RecordResolution, members: int | None, committee: Committee, law: CouncilLaw
) -> None:
    """Refuse numbers that can't be; each refusal names the field and what would be accepted."""
    _check_presence(act, members, committee, law)
    _check_sum(act, members, committee)
    _check_unanimity(act)
    _check_majority(act.outcome, act.votes, law)


def _check_presence(
    act: RecordResolution, members: int | None, committee: Committee, law: CouncilLaw
) -> None:
    present = act.members_present
    if members is not None and act.members_excluded > members:
        raise Refusal(
            "too-many-excluded",
            f"{act.members_excluded} Befangene sind mehr als die Stimmberechtigten "
            f"{committee.genitive} ({members}).",
            "members_excluded",
            f"höchstens {members}",
        )
    if present is None:
        return
    if members is not None and present > members:
        raise Refusal(
            "too-many-present",
            f"{present} Anwesende sind mehr als die Stimmberechtigten {committee.genitive} "
            f"({members}).",
            "members_present",
            f"höchstens {members}",
        )
    if act.members_excluded > present:
        raise Refusal(
            "more-excluded-than-present",
            f"Von {present} Anwesenden können nicht {act.members_excluded} wegen Befangenheit "
            "ausgeschlossen sein.",
            "members_excluded",
            f"höchstens {present}",
        )
    _check_quorum(act, members, committee, law)


def _check_quorum(
    act: RecordResolution, members: int | None, committee: Committee, law: CouncilLaw
) -> None:
    if members is None or act.members_present is None or act.quorum is not Quorum.COUNTED:
        return
    taking_part = act.members_present - act.members_excluded
    if 2 * taking_part <= members and act.outcome is not Outcome.DEFERRED:
        raise Refusal(
            "no-quorum",
            f"{taking_part} Mitwirkende sind nicht mehr als die Hälfte der {members} "
            f"Stimmberechtigten {committee.genitive}; das Gremium war damit nicht beschlussfähig "
            f"({law.quorum}).",
            "quorum",
            "not_questioned, wenn die Beschlussunfähigkeit in der Sitzung nicht festgestellt "
            "wurde; second_call bei zweiter Einberufung; sonst das Ergebnis „vertagt“",
        )


def _limits(act: RecordResolution, members: int | None) -> Iterator[tuple[int, str]]:
    excluded = act.members_excluded
    without = f" ohne {excluded} Befangene" if excluded else ""
    if members is not None:
        yield members - excluded, f"die Zahl der Stimmberechtigten{{genitive}}{without}"
    if act.members_present is not None:
        yield act.members_present - excluded, f"die Zahl der Anwesenden{without}"


def _check_sum(act: RecordResolution, members: int | None, committee: Committee) -> None:
    given = sum(_known(act.votes))
    for most, what in _limits(act, members):
        if given > most:
            named = what.replace("{genitive}", f" {committee.genitive}")
            raise Refusal(
                "too-many-votes",
                f"Die Zahl der Stimmen ({given}) übersteigt {named} ({most}).",
                "votes",
                f"zusammen höchstens {most}",
            )


def _known(votes: Votes) -> list[int]:
    return [v for v in (votes.yes, votes.no, votes.abstained) if v is not None]


def _check_unanimity(act: RecordResolution) -> None:
    if not act.unanimous:
        return
    if act.outcome in ADOPTING and act.votes.no:
        raise Refusal(
            "unanimous-with-no",
            "Einstimmig beschlossen und Gegenstimmen schließen einander aus.",
            "unanimous",
            "false, oder keine Nein-Stimmen",
        )
    if act.outcome is Outcome.REJECTED and act.votes.yes:
        raise Refusal(
            "unanimous-with-yes",
            "Einstimmig abgelehnt und Ja-Stimmen schließen einander aus.",
            "unanimous",
            "false, oder keine Ja-Stimmen",
        )


def _check_majority(outcome: Outcome, votes: Votes, law: CouncilLaw) -> None:
    yes, no = votes.yes, votes.no
    if outcome in ADOPTING and yes is not None and (yes == 0 or (no is not None and yes <= no)):
        raise Refusal(
            "no-majority",
            f"{yes} Ja- gegen {no if no is not None else 'unbekannt viele'} Nein-Stimmen sind "
            "keine Mehrheit; bei Stimmengleichheit ist ein Antrag abgelehnt "
            f"({law.majority}).",
            "outcome",
            "abgelehnt",
        )
    if outcome is Outcome.REJECTED and yes is not None and no is not None and yes > no:
        raise Refusal(
            "majority-for",
            f"{yes} Ja- gegen {no} Nein-Stimmen sind eine Mehrheit; das ist keine Ablehnung "
            f"({law.majority}).",
            "outcome",
            "beschlossen",
        )
