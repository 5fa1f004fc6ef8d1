"""A text in clauses: what each says was decided, how, and with how many votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agreements.results.lexicon import EVENTS, MANNERS, Lexicon, Mark, kind_of_unknown
from agreements.results.votes import Votes, count, number_of
from agreements.results.words import Token

MOTIONS = ("motion", "defer_motion", "refer_motion")
PARTS = ("part", "part_word", "split")
_ENDS = (".", ";", "!", "?")
_BOUNDARIES = {",", "-", "/", "und", "aber", "jedoch", "sowie", "wahrend", "wobei"}
# Told from "wurde" and "hatte" by the umlaut alone, which folding takes away.
_SUBJUNCTIVES = {"würde", "würden", "wuerde", "wuerden", "hätte", "hätten", "haette", "haetten"}
_SUBJUNCTIVES |= {"könnte", "könnten", "koennte", "koennten"}
_AFTER_PARTICLE = {"und", "bei", "sowie", "oder"}
_PERSONS = {"herr", "herrn", "frau"}  # "bei Enthaltung der FDP und Herrn Meier zugestimmt"
# "Zustimmung", "Votum" are nouns, "zu" and "zurück" particles.
_NOUN_LENGTH = 5
_PARTICLES = {"zuruck", "weiter", "erneut", "dagegen", "dafur", "hinaus", "statt", "entgegen"}
_BETWEEN = {"des", "der", "den", "dem", "ausschuss", "ausschusses", "verwaltung"}
# "in der überarbeiteten Fassung": any attribute not known makes it another text.
_FORMS = {"fassung", "form", "version", "gestalt"}
# After these a dot ends no sentence.
_ABBREVIATIONS = {
    "anw", "anwes", "stimmber", "stimmberecht",
    "abgel", "abs", "abst", "angen", "art", "beschl", "bgm", "buchst", "bzw", "ca", "dr", "einschl",
    "einst", "einstimm", "empf", "enth", "enthaltg", "erg", "evtl", "gegenst", "gem", "genehm",
    "ggf", "inkl", "kts", "lfd", "lt", "mehrh", "mehrheitl", "nr", "nrn", "obm", "pkt", "pkte",
    "prof", "rf", "rh", "rm", "st", "stellv", "stimmenth", "stv", "vert", "vors", "zif", "ziff",
    "zugest", "zuruckgest", "zuruckgez", "zzgl", "gesetzl",
}  # fmt: skip


@dataclass(slots=True)
class Event:
    """Something that was done, "nicht" included."""

    kind: str
    word: str
    negated: bool = False

    @property
    def sense(self) -> str:
        """What was done, with "nicht" applied; "unclear" if that can't be said."""
        if self.negated:
            return "rejected" if self.kind in ("agreed", "recommended") else "unclear"
        if self.kind in ("resolved", "agreed"):
            return "positive"
        return "rejected" if self.kind == "tie" else self.kind


@dataclass(slots=True)
class Clause:
    """The marks and votes of a clause; ``loose``: a negation that belongs to nothing known."""

    marks: list[Mark]
    votes: Votes
    words: frozenset[str]
    events: list[Event] = field(default_factory=list)
    loose: bool = False

    def has(self, *kinds: str) -> bool:
        return any(mark.kind in kinds for mark in self.marks)


def clauses_of(tokens: Sequence[Token], lexicon: Lexicon) -> list[Clause]:
    """All clauses of a text; what has no event of its own belongs to its neighbour."""
    shouting = not any(token.raw[0].islower() for token in tokens if token.is_word)
    pieces: list[tuple[Sequence[Token], list[Mark]]] = []
    for sentence in _sentences(_without_remarks(tokens, lexicon)):
        marks = _marks(sentence, lexicon, shouting)
        pieces += _pieces(sentence, marks, count(sentence, lexicon).used)
    return [_clause(tokens, marks, lexicon) for tokens, marks in _joined(pieces, lexicon)]


def _sentences(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    sentence: list[Token] = []
    for token in tokens:
        ends = token.raw in _ENDS
        if ends and token.raw == "." and sentence:
            last = sentence[-1].folded
            ends = last not in _ABBREVIATIONS and (len(last) > 1 or last.isdecimal())
        if ends:
            if sentence:
                yield sentence
            sentence = []
        elif token.raw != ".":
            sentence.append(token)
    if sentence:
        yield sentence


def _without_remarks(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Brackets with names only ("(5 CDU, 4 SPD)") go, those with a result or votes stay."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        closing = next((i for i in range(at, len(tokens)) if tokens[i].raw in ")]"), None)
        if tokens[at].raw in "([" and closing is not None:
            inside = list(tokens[at + 1 : closing])
            if _says_something(inside, lexicon):
                comma = Token(",", ",")
                kept += [comma, *inside, comma]
            at = closing + 1
            continue
        kept.append(tokens[at])
        at += 1
    return kept


def _says_something(inside: list[Token], lexicon: Lexicon) -> bool:
    votes = count(inside, lexicon)
    if votes.any and not any(t.folded in ("cdu", "spd", "fdp", "grune") for t in inside[:2]):
        return True
    weighty = {*EVENTS, *MANNERS, *MOTIONS, *PARTS, "doubt", "negation", "amended", "unamended"}
    weighty |= {"conditional", "verb", "soft_doubt", "proposed"}
    return any(mark.kind in weighty for mark in _marks(inside, lexicon, shouting=False))


def _marks(tokens: Sequence[Token], lexicon: Lexicon, shouting: bool) -> list[Mark]:
    used = count(tokens, lexicon).used
    marks: list[Mark] = []
    particles: set[int] = set()
    at = 0
    while at < len(tokens):
        if at in used or at in particles or not (tokens[at].is_word or tokens[at].raw.isdigit()):
            at += 1
            continue
        found = _mark_at(tokens, at, lexicon, used)
        plain = found is None or (found.end == at + 1 and found.kind not in MANNERS)
        if plain and (pair := _separable(tokens, at, lexicon)):
            particles |= pair[1]
            found = Mark(pair[0], at, at + 1, tokens[at].folded)
        marks += [found] if found else _unknown(tokens, at, lexicon, shouting)
        at = marks[-1].end
    return marks


def _mark_at(tokens: Sequence[Token], at: int, lexicon: Lexicon, used: set[int]) -> Mark | None:
    if tokens[at].raw.casefold() in _SUBJUNCTIVES:
        return Mark("doubt", at, at + 1, tokens[at].folded)
    if _is_the_mayor(tokens, at):
        return Mark("filler", at, at + 1, tokens[at].folded)
    free = next((i for i in range(at, len(tokens)) if i in used), len(tokens))
    mark = lexicon.longest_at(tokens[:free], at)
    if mark is None:
        return None
    after = tokens[mark.end].raw if mark.end < len(tokens) else ""
    if mark.kind == "draft" and after not in (":", "Der", "Die", "Das"):
        return Mark("filler", at, mark.end, mark.word)
    return mark


def _is_the_mayor(tokens: Sequence[Token], at: int) -> bool:
    """ "dagegen: 37 (OB, 15 CDU)" names the Oberbürgermeister; "ob" is a doubt."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return tokens[at].raw == "OB" and (following is None or following.raw in (",", ")", "+"))


def _separable(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[str, set[int]] | None:
    """ "lehnt … ab", "erteilt … seine Zustimmung": the kind and where the second half stands."""
    verb = tokens[at].folded
    for (known, particle), kind in lexicon.separable.items():
        if known != verb:
            continue
        for place in range(at + 1, len(tokens)):
            if tokens[place].folded == "kenntnis":
                break
            if tokens[place].folded == particle and _is_second_half(tokens, place):
                return _denied(tokens, at, place, kind)
    return None


def _is_second_half(tokens: Sequence[Token], place: int) -> bool:
    """A noun anywhere; a particle, mostly a preposition too, only where nothing depends on it."""
    if tokens[place].folded in ("fur", "gegen"):
        return not _counts_sides(tokens, place)
    if _is_noun(tokens[place]):
        return True
    follows = tokens[place + 1] if place + 1 < len(tokens) else None
    if follows is None or follows.folded in _AFTER_PARTICLE:
        return True
    return not (follows.is_word or follows.raw.isdecimal())


def _counts_sides(tokens: Sequence[Token], place: int) -> bool:
    """ "für 14, gegen 3", "gegen die Stimmen der SPD": whose votes, not what was voted on."""
    after = [token.folded for token in tokens[place + 1 : place + 3]]
    return _number_at(tokens, place + 1) or bool({"stimme", "stimmen"} & set(after))


def _is_noun(token: Token) -> bool:
    return len(token.folded) >= _NOUN_LENGTH and token.folded not in _PARTICLES


def _denied(tokens: Sequence[Token], at: int, place: int, kind: str) -> tuple[str, set[int]]:
    """ "stimmt … nicht zu", "folgt der Empfehlung nicht", "spricht sich gegen … aus"."""
    words = [token.folded for token in tokens]
    taken = {place}
    if words[place] == "aus" and "gegen" in words[at:place]:
        side = words.index("gegen", at)
        if not _counts_sides(tokens, side):
            return "rejected", {place, side}
    if kind not in ("agreed", "recommended"):
        return kind, taken
    after = place + 1
    while after < len(words) and words[after] in _BETWEEN:
        after += 1
    if words[place - 1] == "nicht":
        return "rejected", {*taken, place - 1}
    ends = after + 1 >= len(words) or not tokens[after + 1].is_word
    if _is_noun(tokens[place]) and words[after : after + 1] == ["nicht"] and ends:
        return "rejected", {*taken, after}
    return kind, taken


def _unknown(tokens: Sequence[Token], at: int, lexicon: Lexicon, shouting: bool) -> list[Mark]:
    token = tokens[at]
    if not token.is_word:
        share = [t.folded for t in tokens[at : at + 2]]
        kind = "part_word" if share[1:] == ["von"] and _number_at(tokens, at + 2) else "number"
        return [Mark(kind, at, at + 1, token.raw)]
    if parts := lexicon.split(token):
        return [Mark(lexicon.phrases[(part,)], at, at + 1, part, guessed=True) for part in parts]
    if guess := lexicon.guess(token, at):
        return [guess]
    if number_of(token) is not None:
        share = [t.folded for t in tokens[at : at + 2]]
        kind = "part_word" if share[1:] == ["von"] and _number_at(tokens, at + 2) else "filler"
        return [Mark(kind, at, at + 1, token.folded)]
    if len(token.raw) == 1:
        return [Mark("filler", at, at + 1, token.folded)]
    if at + 1 < len(tokens) and tokens[at + 1].folded in _FORMS:
        return [Mark("other_text", at, at + 1, token.folded)]
    before = tokens[at - 1] if at else None
    return [Mark(kind_of_unknown(token, before, shouting), at, at + 1, token.folded)]


def _number_at(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and number_of(tokens[at]) is not None


def _pieces(
    tokens: Sequence[Token], marks: list[Mark], used: set[int]
) -> list[tuple[Sequence[Token], list[Mark]]]:
    """Cut a sentence where one result ends and another begins."""
    cuts = [0]
    sequels = {mark.start for mark in marks if mark.kind == "sequel"}
    for at in range(len(tokens)):
        if at in used or not (tokens[at].folded in _BOUNDARIES or at in sequels):
            continue
        if at + 1 < len(tokens) and tokens[at + 1].folded in _PERSONS:
            continue
        left = [mark for mark in marks if cuts[-1] <= mark.start < at]
        right = [mark for mark in marks if mark.start > at]
        inside = any(mark.start < at < mark.end for mark in marks)
        voted = any(cuts[-1] <= place < at for place in used)
        if not inside and _complete(left, voted) and _begins(right):
            cuts.append(at)
    edges = [*cuts, len(tokens)]
    return [
        (
            tokens[start:end],
            [
                Mark(m.kind, m.start - start, m.end - start, m.word, m.guessed)
                for m in marks
                if start <= m.start < end
            ],
        )
        for start, end in pairwise(edges)
    ]


def _complete(marks: list[Mark], voted: bool) -> bool:
    kinds = {mark.kind for mark in marks}
    return bool(kinds & set(EVENTS)) or ("part" in kinds and (voted or bool(kinds & set(MANNERS))))


def _begins(marks: list[Mark]) -> bool:
    return any(mark.kind in (*EVENTS, *MOTIONS, "part", "part_word") for mark in marks)


def _joined(
    pieces: list[tuple[Sequence[Token], list[Mark]]], lexicon: Lexicon
) -> list[tuple[list[Token], list[Mark]]]:
    """A piece without an event or a point of its own is part of the one before, or after."""
    joined: list[tuple[list[Token], list[Mark]]] = []
    for tokens, marks in pieces:
        kinds = {mark.kind for mark in marks}
        alone = bool(kinds & {*EVENTS, "part"})
        if joined and _voted(tokens, lexicon) and _voted(joined[-1][0], lexicon):
            joined.append((list(tokens), list(marks)))
            continue
        waiting = joined and not {m.kind for m in joined[-1][1]} & {*EVENTS, "part"}
        if joined and (waiting or not alone):
            before, others = joined[-1]
            shift = len(before) + 1
            before += [Token(",", ","), *tokens]
            others += [
                Mark(m.kind, m.start + shift, m.end + shift, m.word, m.guessed) for m in marks
            ]
        else:
            joined.append((list(tokens), list(marks)))
    return joined


def _voted(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    counts = count(tokens, lexicon).counts
    return "yes" in counts and "no" in counts


def _clause(tokens: list[Token], marks: list[Mark], lexicon: Lexicon) -> Clause:
    words = frozenset(token.folded for token in tokens)
    clause = Clause(marks, count(tokens, lexicon), words)
    pending = False
    for mark in marks:
        if mark.kind == "negation" and not (mark.word == "nein" and "ja" in words):
            clause.loose |= pending
            pending = True
        elif mark.kind in EVENTS:
            clause.events.append(Event(mark.kind, mark.word, pending))
            pending = False
        elif pending and mark.kind not in ("filler", "body"):
            clause.loose = True
    clause.loose |= pending
    return clause
