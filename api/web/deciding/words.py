"""What the pages say of a decision: what it is about, what will be recorded, what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from agreements import acts, publication
from agreements.acts import Act, RecordResolution, Votes
from agreements.decisions import Decided
from agreements.documents.forms import BodyForms, committee_forms, council_forms
from agreements.funding.money import euro
from agreements.glossary import label
from agreements.model.bodies import Body
from agreements.model.cases import Case, Task
from agreements.model.conclusion import Approval
from agreements.model.councils import Consultation, Resolution
from agreements.model.enums import (
    AuthorityAnswer,
    CommitteeKind,
    Outcome,
    StageState,
    TaskKind,
    Verdict,
)
from agreements.model.funding import FinancePlanVersion
from agreements.model.records import JournalEntry
from agreements.queries import cases, recorded
from agreements.queries.tasks import Basis, TaskLine
from api.rest.schemas import stage_title

Facts = list[tuple[str, str]]

_COUNCILS: Final = (CommitteeKind.COUNCIL, CommitteeKind.DISTRICT_COUNCIL)


def day(value: date) -> str:
    """A day as it is written in German."""
    return f"{value:%d.%m.%Y}"


def facts(basis: Basis) -> Facts:
    """What the decision is about, as far as the person may see it."""
    return [fact for part in _PARTS for fact in part(basis)]


def _text(basis: Basis) -> Iterator[tuple[str, str]]:
    version = basis.text
    if version is not None:
        frozen = f", festgeschrieben am {day(version.frozen_on)}" if version.frozen_on else ""
        words = f"Fassung {version.number} vom {day(version.written_on)}{frozen}"
        yield "Text der Vereinbarung", words


def _consultation(basis: Basis) -> Iterator[tuple[str, str]]:
    consultation = basis.consultation
    if consultation is None:
        return
    paper = consultation.paper
    yield "Gremium", f"{consultation.committee.name} ({label(consultation.role)})"
    yield "Beschlussvorlage", f"{paper.number} vom {day(paper.dated_on)}"
    if not consultation.public:
        yield "Öffentlichkeit", "nichtöffentliche Beratung"
    if basis.voting_members is not None:
        yield "Stimmberechtigt", f"{basis.voting_members} (heute)"


def _approval(basis: Basis) -> Iterator[tuple[str, str]]:
    approval = basis.approval
    if approval is None:
        return
    yield "Aufsichtsbehörde", approval.authority
    if approval.received_on:
        yield "Eingegangen", day(approval.received_on)
    if approval.clock_end_on:
        yield "Ende der Frist", f"{day(approval.clock_end_on)}. {approval.clock_derivation}"


def _publication(basis: Basis) -> Iterator[tuple[str, str]]:
    published = basis.publication
    if published is not None:
        where = f"{published.gazette}, Nr. {published.issue} vom {day(published.published_on)}"
        yield "Bekanntmachung", where


def _plan(basis: Basis) -> Iterator[tuple[str, str]]:
    if basis.plan is not None:
        yield from _figures(basis.plan)


def _figures(plan: FinancePlanVersion) -> Iterator[tuple[str, str]]:
    yield "Plan", f"Nr. {plan.number} vom {day(plan.planned_on)}"
    yield "Vorhaben", f"{plan.description} ({day(plan.starts_on)} bis {day(plan.ends_on)})"
    for item in plan.plan["items"]:
        eligible = "" if item["eligible"] else ", nicht zuwendungsfähig"
        yield item["label"], f"{euro(Decimal(item['amount']))}{eligible}"
    yield "Zuwendungsfähige Ausgaben", euro(plan.eligible)
    yield "Zuwendung", euro(plan.grant)
    yield "Eigenanteile", euro(plan.own_contribution)
    if plan.check_remark:
        yield "Bemerkung der Prüfung", plan.check_remark


def _application(basis: Basis) -> Iterator[tuple[str, str]]:
    application = basis.application
    if application is not None:
        yield "Bewilligungsbehörde", application.authority
        yield "Beantragte Zuwendung", euro(application.grant)
        yield "Eigenanteile", euro(application.own_contribution)


_PARTS: Final = (_text, _consultation, _approval, _publication, _plan, _application)


def in_one_sentence(act: Act, basis: Basis, body: Body) -> str:
    """What will be recorded."""
    match act:
        case acts.RecordResolution():
            return _resolution(act, basis.consultation, body)
        case acts.ConfirmUrgentDecision():
            return _confirmation(act, basis.consultation, body)
        case acts.GiveStatement() | acts.RecordNotice():
            return _of_body(act, body)
        case acts.RecordSignature():
            return _signature(act, body)
        case acts.SubmitToAuthority() | acts.RecordAuthorityAnswer():
            return _of_authority(act, basis.approval)
        case acts.RecordPublication():
            return _published(act)
        case acts.DraftFinancePlan() | acts.CheckFinancePlan() | acts.SubmitApplication():
            return _of_funding(act)
        case acts.JudgeAmendment() | acts.SettleReservation():
            return _of_resolution(act)
        case acts.SubmitDraft() | acts.FreezeVersion() | acts.ConfirmResolutions():
            return _of_text(act)
        case acts.CompleteAdHoc():
            return f"Die Aufgabe ist seit dem {day(act.done_on)} erledigt."


def committee_of(consultation: Consultation, body: Body) -> str:
    """The committee as the subject of a sentence, with its body."""
    committee, forms = consultation.committee, BodyForms.model_validate(body.forms)
    if committee.kind in _COUNCILS:
        return council_forms(committee.name, forms).nominative
    named = committee_forms(committee.name, committee.genitive).nominative
    return f"{named} {forms.genitive}"


def _resolution(act: RecordResolution, consultation: Consultation | None, body: Body) -> str:
    if consultation is None:
        return f"Das Ergebnis der Beratung vom {day(act.decided_on)} wird eingetragen."
    who, paper = committee_of(consultation, body), consultation.paper.number
    if act.outcome is Outcome.WITHDRAWN:
        said = f"Die Vorlage {paper} wurde am {day(act.decided_on)} zurückgezogen, bevor {who} "
        return said + "entschieden hat."
    said = f"{who} hat die Vorlage {paper} am {day(act.decided_on)} {label(act.outcome)}"
    said += f" ({counted(act.votes, act.unanimous)})."
    if not consultation.role.authoritative:
        said += f" Das war die {label(consultation.role)}; die Entscheidung trifft später ein "
        said += "anderes Gremium."
    return _capital(said)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def counted(votes: Votes, unanimous: bool | None = None) -> str:
    """The votes in words; what is not known is said."""
    manner = {True: "einstimmig", False: "mehrheitlich", None: ""}[unanimous]
    given = (votes.yes, votes.no, votes.abstained)
    if all(number is None for number in given):
        return manner or "Stimmenzahlen nicht bekannt"
    names = ("Ja", "Nein", "Enthaltung" if votes.abstained == 1 else "Enthaltungen")
    words = [
        f"{number} {name}" if number is not None else f"{name} nicht bekannt"
        for number, name in zip(given, names, strict=True)
    ]
    return ", ".join([*([manner] if manner else []), *words])


def _confirmation(
    act: acts.ConfirmUrgentDecision, consultation: Consultation | None, body: Body
) -> str:
    who = committee_of(consultation, body) if consultation is not None else "das Gremium"
    word = "genehmigt" if act.confirmed else "aufgehoben"
    said = f"{who} hat die Dringlichkeitsentscheidung am {day(act.decided_on)} {word}"
    return _capital(f"{said} ({counted(act.votes)}).")


def _of_body(act: acts.GiveStatement | acts.RecordNotice, body: Body) -> str:
    who = _capital(str(body.forms["nominative"]))
    if isinstance(act, acts.RecordNotice):
        published = day(act.published_on)
        return f"{who} hat am {published} auf die Bekanntmachung hingewiesen ({act.medium})."
    if act.verdict is Verdict.AGREED:
        return f"{who} ist mit der Textfassung {act.version} einverstanden."
    return f"{who} wünscht Änderungen an der Textfassung {act.version}."


def _of_text(act: acts.SubmitDraft | acts.FreezeVersion | acts.ConfirmResolutions) -> str:
    match act:
        case acts.SubmitDraft():
            return f"Der Entwurf der Vereinbarung wird zum {day(act.submitted_on)} vorgelegt."
        case acts.FreezeVersion():
            return (
                f"Die Textfassung {act.version} wird zum {day(act.frozen_on)} festgeschrieben; "
                "über sie beschließen die Gremien."
            )
        case acts.ConfirmResolutions():
            return (
                f"Zum {day(act.confirmed_on)} wird festgestellt, dass alle Beschlüsse vorliegen "
                "und denselben Text betreffen."
            )


def _signature(act: acts.RecordSignature, body: Body) -> str:
    second = f" und {act.co_signatory_name}" if act.co_signatory_name else ""
    have = "haben" if second else "hat"
    return (
        f"{act.signatory_name} ({act.signatory_function}){second} {have} am {day(act.signed_on)} "
        f"für {body.forms['accusative']} unterschrieben ({label(act.form)})."
    )


def _of_authority(
    act: acts.SubmitToAuthority | acts.RecordAuthorityAnswer, approval: Approval | None
) -> str:
    authority = approval.authority if approval is not None else "Aufsichtsbehörde"
    if isinstance(act, acts.SubmitToAuthority):
        sent, received = day(act.applied_on), day(act.received_on)
        return f"Abgesandt am {sent}, eingegangen am {received} ({authority})."
    if act.answer is AuthorityAnswer.DEEMED_APPROVED:
        return f"Die Genehmigung gilt am {day(act.answered_on)} als erteilt ({authority})."
    return f"{authority}, {day(act.answered_on)}: {label(act.answer)}."


def _published(act: acts.RecordPublication) -> str:
    page = f", Seite {act.page}" if act.page else ""
    return (
        f"Die Vereinbarung ist am {day(act.published_on)} bekannt gemacht worden ({act.gazette}, "
        f"Nr. {act.issue}{page})."
    )


def _of_funding(act: acts.DraftFinancePlan | acts.CheckFinancePlan | acts.SubmitApplication) -> str:
    match act:
        case acts.DraftFinancePlan():
            return (
                f"Der Plan hat Ausgaben von {euro(act.plan.total)}, davon "
                f"{euro(act.plan.eligible)} zuwendungsfähig, eine Zuwendung von "
                f"{euro(act.plan.grant)} und Eigenanteile von {euro(act.plan.own_contribution)}."
            )
        case acts.CheckFinancePlan(verdict=Verdict.AGREED):
            return f"Der Plan ist am {day(act.checked_on)} geprüft worden und bleibt, wie er ist."
        case acts.CheckFinancePlan():
            return "Der Plan geht zur Änderung zurück."
        case acts.SubmitApplication():
            return (
                f"Der Förderantrag ist am {day(act.submitted_on)} eingereicht worden "
                f"(Eingangsbestätigung: {act.receipt_reference})."
            )


def _of_resolution(act: acts.JudgeAmendment | acts.SettleReservation) -> str:
    if isinstance(act, acts.SettleReservation):
        word = "erfüllt" if act.fulfilled else "ausgefallen"
        return f"Der Vorbehalt ist seit dem {day(act.settled_on)} {word}."
    if act.consequence is None:
        return f"Die Abweichung ist {label(act.materiality)}; der Beschluss gilt trotzdem."
    return f"Die Abweichung ist {label(act.materiality)}. Folge: {label(act.consequence)}."


def what_follows(
    session: Session, case: Case, decided: Decided, opened: list[TaskLine]
) -> list[str]:
    """What the decision leads to, as the domain has carried it out in this transaction."""
    stage = decided.stage
    found = [_opened(line) for line in opened]
    entry = session.get(JournalEntry, (case.id, case.journal_number))
    if entry is not None:
        found += [str(sentence) for sentence in entry.data.get("missed", ())]
    if decided.task.kind is TaskKind.RECORD_PUBLICATION:
        published = publication.publication_of(session, case.id)
        if published is not None:
            effect = day(published.effective_on)
            found.append(f"Wirksam am {effect} ({published.effective_basis}).")
    if decided.task.kind is TaskKind.RECORD_SIGNATURE:
        found.append(_copy(session, decided.task))
    found.append(f"{stage_title(case, stage)}: {label(stage.state)}. {stage.reason}")
    return found


def _copy(session: Session, task: Task) -> str:
    """On which filed copy the signature stands."""
    name = recorded.copy_of(session, task)
    if name is None:
        return "Eine unterschriebene Ausfertigung ist noch nicht abgelegt."
    return f"Die Unterschrift steht auf der abgelegten Ausfertigung „{name}“."


def stands(session: Session, case: Case) -> list[str]:
    """How far the case has come: each stage that is due, and what it waits for."""
    return [
        f"{one.title}: {label(one.stage.state)}. {_waits_for(one)}"
        for one in cases.missing(session, case)
        if one.stage.state is not StageState.NOT_DUE
    ]


def _waits_for(one: cases.Missing) -> str:
    return " ".join((*filter(None, (one.obstacle,)), *one.sentences))


def _opened(line: TaskLine) -> str:
    task = line.task
    until = f", Frist bis {day(task.due_on)}" if task.due_on else ""
    return (
        f"Neue Aufgabe: „{task.title}“ für {line.body.forms['accusative']} "
        f"({label(task.role)}{until})."
    )


def of_subject(session: Session, task: Task) -> Facts:
    """The resolution that a task is about: how it was taken, what it changed, on what condition."""
    if task.subject_id is None or task.kind is TaskKind.AD_HOC:
        return []
    resolution = session.get(Resolution, task.subject_id)
    if resolution is None:
        return []
    found = [("Beschluss", f"{label(resolution.outcome)} am {day(resolution.decided_on)}")]
    for changed in (resolution.amendments or {"items": []})["items"]:
        found.append((f"Abweichung: {changed['place']}", changed["wording"]))
    if resolution.reservation is not None:
        found.append(("Vorbehalt", resolution.reservation.wording))
    if resolution.urgent is not None:
        found.append(("Begründung der Dringlichkeit", resolution.urgent["reason"]))
    return found
