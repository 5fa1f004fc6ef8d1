"""Subordinate clauses: conditions, changes and reasons, of which only the kind matters."""

from __future__ import annotations

import re

from agreements.results.folding import fold

_DOT = r"(?<=\d)\.(?=\s?\d|\s+(?-i:[a-zäöü]))|(?<=\babs)\.|(?<=\bnr)\.|(?<=\bart)\."
_TAIL = rf"(?:[^,.;:()\n]|{_DOT})+"
_LONG_TAIL = rf"(?:[^.;\n]|{_DOT})+"
_CHANGE = (
    r"(?:änderung(?:en)?|aenderung(?:en)?|ergänzung(?:en)?|ergaenzung(?:en)?|maßgaben?|massgaben?"
    r"|maszgaben?|zusatz|zusätzen|abweichung(?:en)?|klarstellung|präzisierung|streichung)"
)
_CONDITION = r"(?:vorbehalt|bedingung(?:en)?|voraussetzung(?:en)?|prämisse)"
_RESULT = (
    r"(?:(?:wird|wurde|bei|ein(?:e|er|em)?|\d{1,2}|zwei|drei|enthaltung(?:en)?|einstimmig"
    r"|mehrheitlich|beschlossen|angenommen|zugestimmt|genehmigt|gebilligt|verabschiedet|zu|an)\b\s*){0,5}"
)
_BY_CHANGE = re.compile(
    rf"\b(?:mit|unter)\s+(?:der|dem|den|einer|folgende[rnm]|nachfolgende[rnm])\s+{_CHANGE}"
    rf"(?:(?P<done>\s+{_RESULT})?,?\s*\b(?:dass|daß)\s(?P<that>{_TAIL})|\s*(?P<result>{_RESULT}):\s*(?P<said>{_LONG_TAIL}))",
    re.IGNORECASE,
)
_ON_CONDITION = re.compile(
    rf"(?:\b(?:unter|mit)\s+(?:dem|der|den|einer)\s+{_CONDITION}"
    rf"(?P<result>\s+{_RESULT})?,?\s*(?:dass|daß)\s"
    rf"|,\s*(?:sofern|vorausgesetzt,?(?:\s+dass)?)\s)(?P<tail>{_TAIL})",
    re.IGNORECASE,
)
# "vorbehaltlich der Zustimmung des Kreistages": whose word is awaited is not said by this body.
_SUBJECT_TO = re.compile(
    r"\b(?P<head>vorbehaltlich|unter\s+(?:dem\s+)?vorbehalt)\s+"
    r"(?:de[rs]|eine[rs]|ihre[rs]|seine[rs]|entsprechender|gleichlautender)\s+"
    r"(?P<tail>(?:[^,.;:()\n]|(?<=\babs)\.)+?)"
    r"(?=\s*(?:$|[,.;:()\n])|\s+(?:einstimmig|mehrheitlich|beschl|zugestimmt|zuzustimmen|zu\b"
    r"|angenommen|beizutreten|abzuschließen|abzuschliessen|an\s*$|wird|wurde|mit\s+\d|bei\s+\d"
    r"|empfohlen|genehmigt|ab\b|nicht\b))",
    re.IGNORECASE,
)
_REASON = re.compile(
    rf"(?:[,-]\s*\b(?:da|weil|nachdem|obwohl|obgleich)\b|\bweil\b)\s(?P<tail>{_TAIL})"
    r"(?=\s*(?:$|[.;:()\n]|,\s*(?:einstimmig|mehrheitlich|vertagt|abgesetzt|abgelehnt"
    r"|zurückgestellt|mit\s+\d|bei\s+\d)))",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"\b(?:form|art)\s+der\s+abstimmung\s*:?\s*(?:offene?|geheime?|namentliche?|per|durch"
    r"|handzeichen|abstimmung\b|mit\b|,|\s)+|\b(?:per|durch|mittels)\s+(?:handzeichen|handaufheben"
    r"|handheben|stimmzettel|akklamation)\b|\boffen\s+abgestimmt\b|\bin\s+offener\s+abstimmung\b",
    re.IGNORECASE,
)
# Votes of each group: "(5 CDU, 4 SPD, 2 BÜNDNIS 90/DIE GRÜNEN, 1 PRO NRW)".
_BY_GROUP = re.compile(
    r"\((?:\s*\d{1,2}\s+(?!ja|nein|enth|daf|dag|stimm|gegen|anw|bef)[^\W\d](?:[^(),;\d]|90)*[,;]?)"
    r"{1,12}\)",
    re.IGNORECASE,
)
# "Aufgrund des § 22 GO waren keine Mitglieder von der Abstimmung ausgeschlossen": who voted.
_NO_RESULT = (
    r"(?:(?!beschlossen|beschließt|lehn|stimmt\b|vertag|empf|angenommen|zurück|wiesen|setzt\b"
    r"|schoben|nicht\b|dagegen|kenntnis|erledigt|verworfen|mehrheit|einstimmig|\bja\b|\bnein\b)"
    r"[^;\n]){1,90}?"
)
_WHO_WAS_BARRED = re.compile(
    r"(?:\bbemerkung(?:en)?\s*:\s*)?\b(?:auf\s?grund|gemäß|gem\.|nach|wegen)\s+(?:des\s+|der\s+)?"
    rf"(?:§+|art){_NO_RESULT}\b(?:kein\w*|folgende\w*)\b{_NO_RESULT}\bausgeschlossen\b",
    re.IGNORECASE,
)
# In a tail these tell of another result, which a person has to read ("?").
_OTHER_RESULT = re.compile(
    r"ablehn|abgelehn|\blehnt|vertag|verweis|verwies|uberw|zuruck|abgesetz|absetz|verschob"
    r"|verschieb|kenntnis|aufgehob|aufheb|widerruf|erneut|nochmal|empfiehl|empfohl|empfehl"
    r"|enthalt|\bja\b|\bnein\b|abstimm|abgestimm|verzicht|erledig|stimmen\b|geschei|verworf|\?"
    r"|\bberat|beraten\b|entscheid|entschied|uberlass|vorgeleg|vorzuleg|pruf|verhandel|behandel"
    r"|unterbleib|aufgegeb|uberarbeit|eingestell|abgebroch|ruckgang|gekundig|kundigt\b"
)
_DENIED = re.compile(r"\bnicht|\bkein|\berst\b|\bnur\b|\bohne\b|\bstatt\b")
_ASSENT = re.compile(r"zustimm|zugestimm|genehmig|bewillig|beitr|beitreten|beschl|einverst|fass")
_DECIDED = re.compile(r"beschl|zugestimm|angenomm|einstimm|mehrheit|genehmigt wird|abstand")


_FEW = r"(?:(?!nicht\b|kein|ableh|abzul|vertag|zurück|verweis)[^\W\d_]+\s+)"
# Ways to say it that words further apart make up.
_SAYINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (
            r"\b(?:auf|von)\s+(?:eine[rn]?\s+)?(?:weitere[rn]?\s+)?(?:abstimmung|beschlussfassung)\s+"
            rf"{_FEW}{{0,5}}(?:verzichtet|abgesehen)\b",
            " keine Abstimmung ",
        ),
        (
            rf"\b(?:eine\s+)?abstimmung\s+{_FEW}{{0,4}}(?:erfolgte?|fand|findet)\s+{_FEW}{{0,3}}"
            r"nicht\b(?:\s+statt\b)?",
            " keine Abstimmung ",
        ),
        (
            rf"\b(?:nimmt|nahm|nehmen|nahmen)\s+{_FEW}{{1,8}}von\s+der\s+(?:heutigen\s+)?tagesordnung\b",
            " von der Tagesordnung genommen ",
        ),
        (
            rf"\b(?:schließ(?:t|en)|schliess(?:t|en)|schloss(?:en)?)\s+sich\s+{_FEW}{{1,8}}an\b"
            r"(?=\s*(?:[,.;:]|$))",
            " folgt der Beschlussempfehlung ",
        ),
        (
            rf"\b(?:hat|haben)\s+sich\s+({_FEW}{{0,6}})gegen\s+{_FEW}{{1,9}}(?:entschieden|ausgesprochen)\b",
            r" \1 abgelehnt ",
        ),
        # Not among the separable verbs: without its umlaut "rät" is the council.
        (rf"\brät\s+{_FEW}{{0,9}}ab\b", " nicht empfohlen "),
        (r"\brät\s+zu[rm]?\b", " empfiehlt "),
        (
            r"\b(?:geänderte|ergänzte|erweiterte|geaenderte|ergaenzte)[nrm]?"
            r"(?:\s+und\s+[^\W\d_]+)?\s+(?=tagesordnung)",
            "",
        ),
    )
)
_NEITHER = re.compile(
    r"\b(ohne|keine)\s+(gegenstimmen?|nein-?\s?stimmen?)\s+(?:und|oder|sowie)\s+(?:ohne\s+|keine\s+)?"
    r"(?=(?:stimm)?enthaltung)",
    re.IGNORECASE,
)


def without_tails(text: str) -> str:
    """The text with each such clause reduced to what it makes of the result."""
    text = _NEITHER.sub(r"\1 \2, \1 ", _WHO_WAS_BARRED.sub(" ; ", text))
    for pattern, plain in _SAYINGS:
        text = pattern.sub(plain, text)
    text = _BY_GROUP.sub(" ", _HOW.sub(" ", text))
    text = _SUBJECT_TO.sub(_subject_to, text)
    text = _BY_CHANGE.sub(_by_change, text)
    text = _ON_CONDITION.sub(_on_condition, text)
    return _REASON.sub(_reason, text)


def _folded(text: str) -> str:
    return " ".join(map(fold, text.split()))


def _by_change(found: re.Match[str]) -> str:
    """A change of the text; a condition if it waits for somebody's assent."""
    tail = _folded(found["that"] or found["said"])
    if _OTHER_RESULT.search(tail) or _DENIED.search(tail):
        return f"{found[0]} ? "
    kind = "unter Vorbehalt" if _ASSENT.search(tail) else "mit Änderungen"
    return f"{kind} {found['done'] or found['result'] or ''} "


def _on_condition(found: re.Match[str]) -> str:
    tail = _folded(found["tail"])
    if _OTHER_RESULT.search(tail):
        return f"{found[0]} ? "
    return f" unter Vorbehalt {found['result'] or ''} "


def _subject_to(found: re.Match[str]) -> str:
    tail = _folded(found["tail"])
    if _OTHER_RESULT.search(tail) or _DENIED.search(tail):
        return found[0]
    return found["head"]


def _reason(found: re.Match[str]) -> str:
    """Why it was so does not change what was done."""
    tail = _folded(found["tail"])
    return found[0] if _OTHER_RESULT.search(tail) or _DECIDED.search(tail) else " "
