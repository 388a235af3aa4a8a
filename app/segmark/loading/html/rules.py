"""The rules of a style sheet, as far as they decide which text is shown, and how.

Of a sheet, only the rules whose declarations matter are kept, and a rule is parsed when an element
may match it: most pages bring hundreds of rules for other pages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from segmark.loading.html.declarations import Declarations, parse_declarations
from segmark.loading.html.media_query import applies
from segmark.loading.html.selectors import Selector, parse_selectors

_MOST_RULES = 20_000
_DEEPEST = 20  # blocks inside each other
_LONGEST_PRELUDE = 10_000  # characters
_LARGE, _LARGEST = 50_000, 2_000_000  # characters of a sheet; longer ones are not remembered

_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?")
# A rule without a block or a string in it, at once; or what may begin or end a block or a string.
_PART = re.compile(r"""([^{}"'\\@]*+\{[^{}"'\\]*+\})|[{}"'\\]|[^{}"'\\]++""")
_TEXT = r"""(?:[^{}"'\\]++|\\.|"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')*+"""
# Many rules, and blocks of rules.
_RULES = re.compile(
    rf"(?:{_TEXT}\{{{_TEXT}(?:\{{{_TEXT}\}}{_TEXT})*+\}})++",
    re.DOTALL,
)
_STRING = re.compile(r"""\\.|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
_NAMES = ("display", "visibility", "white-space", "float", "position")
_MATTERS = re.compile(
    r"(?<![\w-])(?:display|(?:content-)?visibility|white-space|float(?=\s*:\s*[lri])"
    r"|position(?=\s*:\s*[af]))\s*:",
    re.IGNORECASE,
)
# Selectors that need no parser to be told apart, and to see which elements they are about.
_PLAIN = re.compile(
    r"""(?:[\w\s.#*>+~,:-]|\[[\w-]+(?:[\^$*|]?=(?:[\w-]+|"[\w-]*"|'[\w-]*'))?\])*"""
)
_BRACKETS = re.compile(r"\([^()]*\)")
_UNMATCHED = re.compile(r"::|:(?:hover|focus|active|before|after|visited|first-l|checked)")
_BEFORE_LAST = re.compile(r".*[\s>+~]", re.DOTALL)
_NAMED = re.compile(r"[.#]?[\w-]+")
# Where a name in a selector may be that of something else than an element around.
_BESIDE = re.compile(r"[+~:\[]")
_NAME = re.compile(r"[#.][\w-]+|^[\w-]+|\[[\w-]+")
_ONE_NAME = re.compile(r"[.#]?[\w-]+")
_ORDER = "#.["  # an element has one id, few classes, and many attributes
_BASE_LAYER = 1_000_000  # above all named layers
_NO_KEYS = frozenset[str]()


class Rule:
    """A rule; its selectors and declarations are parsed when an element may match it.

    Attributes:
        selector: its list of selectors.
        layer: the number of its layer.
        number: its number in its sheet.
        names: the keys that elements around those that match may need.
        needs: those that they must have.
    """

    __slots__ = ("_parsed", "_style", "_values", "layer", "names", "needs", "number", "selector")

    def __init__(self, selector: str, style: str, layer: int, number: int = 0) -> None:
        self.selector = selector
        self.layer = layer
        self.number = number
        self.names: Iterable[str] = ()
        self.needs = _NO_KEYS
        self._style = style
        self._parsed: tuple[Selector, ...] | None = None
        self._values: Declarations | None = None

    def selectors(self) -> tuple[Selector, ...]:
        """Return the selectors that can be matched."""
        if self._parsed is None:
            self._parsed = parse_selectors(self.selector)
        return self._parsed

    def declarations(self) -> Declarations:
        """Return what it says about an element that matches."""
        if self._values is None:
            self._values = parse_declarations(self._style)
        return self._values

    def parts(self) -> Iterator[tuple[str, "Rule"]]:
        """Yield rules that together say the same, each with a key of the elements it is about."""
        if not _PLAIN.fullmatch(self.selector):
            outside = _BRACKETS.sub("", self.selector)
            if "," not in self.selector and _PLAIN.fullmatch(outside):
                self.names = _names(self.selector)
                if not _UNMATCHED.search(outside):
                    yield _key(_BEFORE_LAST.sub("", outside)), self
                return
            selectors = self.selectors()
            if "\\" in self.selector or '"' in self.selector:
                self.names = {key for each in selectors for key in each.needs}
            else:
                self.names = _names(self.selector)
            for key in sorted(set().union(*(each.keys for each in selectors))):
                yield key, self
            return
        plain = self.selector.split(",")
        for selector in plain:
            selector = selector.strip()
            before = _BEFORE_LAST.match(selector)
            last = selector[before.end() :] if before else selector
            if not last or (":" in selector and _UNMATCHED.search(selector)):
                continue
            rule = self
            if len(plain) > 1:
                rule = Rule(selector, self._style, self.layer, self.number)
            if before:
                rule.names = _names(before[0])
                if not _BESIDE.search(before[0]):
                    rule.needs = frozenset(rule.names)
            yield _key(last), rule


@dataclass(frozen=True, slots=True)
class SheetRules:
    """The rules of a style sheet.

    Attributes:
        about: the rules by a key of the elements that they are about, as in ``Selector.keys``.
        names: the keys that elements around those may need.
        siblings: whether a rule depends on the elements before another.
        ids: the ids among all these keys, each after a hash.
        attributes: the attributes among them, each after a bracket.
    """

    about: Mapping[str, Sequence[Rule]]
    names: frozenset[str]
    siblings: bool
    ids: frozenset[str]
    attributes: frozenset[str]


class _Context(NamedTuple):
    """What applies in a block: the selector of its rule, its layer, and whether it is used."""

    selector: str | None
    layer: int
    used: bool = True


@dataclass(slots=True)
class _Block:
    """An open block of a sheet: where its prelude starts and ends, and its context if known."""

    start: int
    end: int
    context: _Context | None = None


def rules_of(sheet: str) -> SheetRules:
    """Return the rules of a style sheet."""
    # The pages of a site have many sheets in common.
    if len(sheet) <= _LARGE:
        return _rules_of_small(sheet)
    return _rules_of_large(sheet) if len(sheet) <= _LARGEST else _read(sheet)


def _read(sheet: str) -> SheetRules:
    about, names, siblings = dict[str, list[Rule]](), set[str](), False
    for number, whole in enumerate(islice(_rules(sheet), _MOST_RULES)):
        whole.number = number
        for key, rule in whole.parts():
            about.setdefault(key, []).append(rule)
            names.update(rule.names)
            siblings = siblings or "+" in rule.selector or "~" in rule.selector
    ids = frozenset(key for keys in (about, names) for key in keys if key[0] == "#")
    attributes = frozenset(key for key in about if key[0] == "[")
    return SheetRules(about, frozenset(names), siblings, ids, attributes)


_rules_of_small = lru_cache(maxsize=256)(_read)
_rules_of_large = lru_cache(maxsize=16)(_read)


def _names(selector: str) -> list[str]:
    return [name if name[0] in ".#" else name.lower() for name in _NAMED.findall(selector)]


def _key(compound: str) -> str:
    """Return what an element has that a plain compound selector matches; see ``Selector.keys``."""
    if _ONE_NAME.fullmatch(compound):
        return compound if compound[0] in ".#" else compound.lower()
    names = _NAME.findall(compound)
    for kind in _ORDER:
        for name in names:
            if name[0] == kind:
                return str(name)
    return str(names[0]).lower() if names else "*"


def _rules(sheet: str) -> Iterator[Rule]:
    """Yield the rules whose declarations matter, those for other media left out."""
    sheet = _COMMENT.sub("", sheet) if "/*" in sheet else sheet
    mattering = _mattering(sheet)
    following, layers = next(mattering, -1), dict[str, int]()
    blocks, at, end = list[_Block](), 0, 0
    while following >= 0:
        # Once after each brace at most, so that the same strings are not passed again and again.
        if end == at and (skipped := _RULES.match(sheet, end, following)):
            at = end = skipped.end()
        part = _PART.match(sheet, end)
        if not part:
            break
        mark, end = part[0], part.end()
        if part[1]:
            opening = sheet.index("{", part.start()) if following < end else at
            if following < opening:
                yield from _rule_of(blocks, sheet, opening, layers)
                while 0 <= following < opening:
                    following = next(mattering, -1)
            if 0 <= following < end:
                inside = [*blocks, _Block(at, opening)]
                yield from _rule_of(inside, sheet, end - 1, layers)
            at = end
        elif mark == "{":
            if following < end:
                yield from _rule_of(blocks, sheet, end - 1, layers)
            blocks.append(_Block(at, end - 1))
            at = end
        elif mark == "}":
            if blocks:
                if following < end:
                    yield from _rule_of(blocks, sheet, end - 1, layers)
                blocks.pop()
            at = end
        elif string := _STRING.match(sheet, part.start()):
            end = string.end()
        while 0 <= following < at:
            following = next(mattering, -1)
    if blocks and following >= 0:  # a sheet may end without closing its blocks
        yield from _rule_of(blocks, sheet, len(sheet), layers)


def _mattering(sheet: str) -> Iterator[int]:
    """Yield where the declarations are that matter."""
    lowered = sheet.lower()
    if len(lowered) != len(sheet):  # a few letters become two
        lowered = sheet
    places = list[int]()
    for name in _NAMES:
        at = lowered.find(name)
        while at >= 0:
            places.append(at)
            at = lowered.find(name, at + 1)
    for at in sorted(places):
        start = at - len("content-") if lowered.startswith("content-", max(0, at - 8)) else at
        if _MATTERS.match(lowered, start):
            yield start


def _rule_of(blocks: list[_Block], sheet: str, end: int, layers: dict[str, int]) -> Iterator[Rule]:
    """Yield the rule of the innermost open block, if there is one and it applies.

    It ends at the end of its block, or at a nested block, before which a part of it stands.
    """
    context = _Context(None, _BASE_LAYER)
    for block in blocks[:_DEEPEST]:
        if block.context is None:
            prelude = sheet[block.start : block.end].rpartition(";")[2]
            block.context = _entered(context, prelude, layers)
        if not block.context.used:
            return
        context = block.context
    if context.selector and len(blocks) <= _DEEPEST:
        yield Rule(context.selector, sheet[blocks[-1].end + 1 : end], context.layer)


def _entered(around: _Context, prelude: str, layers: dict[str, int]) -> _Context:
    """Return what applies in a block after a prelude."""
    if "--" in prelude:
        prelude = prelude.replace("<!--", "").replace("-->", "")
    prelude = " ".join(prelude.split())
    if not prelude.startswith("@"):
        selector = prelude if around.selector is None else _nested(around.selector, prelude)
        return _Context(selector, around.layer, 0 < len(selector) <= _LONGEST_PRELUDE)
    name, _, rest = prelude.partition(" ")
    name, bracket, first = name.lower().partition("(")
    rest = f"{bracket}{first} {rest}".strip()
    match name:
        case "@media":
            return _Context(around.selector, around.layer, applies(rest))
        case "@supports":
            return _Context(around.selector, around.layer, not rest.startswith("not"))
        case "@layer":
            return _Context(around.selector, layers.setdefault(rest, len(layers)))
    return _Context(None, 0, used=False)


def _nested(around: str, selector: str) -> str:
    """Return a selector inside another rule as one by itself; CSS Nesting."""
    inside = f":is({around})"
    if len(around) + len(selector) > _LONGEST_PRELUDE:
        return ""
    return selector.replace("&", inside) if "&" in selector else f"{inside} {selector}"
