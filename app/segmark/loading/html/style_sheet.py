"""The style sheets that a page contains, as far as they decide which text is shown, and how.

Of a sheet, only the rules whose declarations matter are kept, and a rule is parsed when an element
may match it: most pages bring hundreds of rules for other pages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from segmark.loading.html.declarations import Declarations, parse_declarations
from segmark.loading.html.media_query import applies
from segmark.loading.html.selectors import Selector, Steps, Styled, parse_selectors

#: Comparisons of rules with elements on one page, which take about a second.
_MOST_STEPS = 1_000_000
_MOST_RULES = 20_000
_DEEPEST = 20  # blocks inside each other
_LONGEST_PRELUDE = 10_000  # characters

# A style sheet, or what only looks like one.
_STYLES = re.compile(
    r"<(?=[!sntxi])(?:!--|(style|script|noscript|template|textarea|title|xmp|iframe)(?=[\s/>]))",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""\b(media|type)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.I)
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
_UNMATCHED = re.compile(r"::|:(?:hover|focus|active|before|after|visited|first-l|checked)")
_BEFORE_LAST = re.compile(r".*[\s>+~]", re.DOTALL)
_NAMED = re.compile(r"[.#]?[\w-]+")
_NAME = re.compile(r"[#.][\w-]+|^[\w-]+|\[[\w-]+")
_ORDER = "#.["  # an element has one id, few classes, and many attributes
_BASE_LAYER = 1_000_000  # above all named layers
_NO_KEYS = frozenset[str]()
_NONE = ()
_HIDING = frozenset({"none", "hidden", "collapse"})

#: The weight of a declaration, its property and its value.
_Weighed = tuple[tuple[bool, int, tuple[int, ...], int, int], str, str]


class _Rule:
    """A rule; its selectors are parsed when an element may match them."""

    __slots__ = ("_parsed", "layer", "number", "selector", "style")

    def __init__(self, selector: str, style: str, layer: int, number: int = 0) -> None:
        self.selector = selector
        self.style = style
        self.layer = layer
        self.number = number  # in its sheet
        self._parsed: tuple[Selector, ...] | None = None

    def selectors(self) -> tuple[Selector, ...]:
        """Return the selectors that can be matched."""
        if self._parsed is None:
            self._parsed = parse_selectors(self.selector)
        return self._parsed

    def names(self) -> Iterable[str]:
        """Return the keys that elements around those that match may need."""
        if "\\" in self.selector or '"' in self.selector:
            return {key for each in self.selectors() for key in each.needs}
        names = _NAMED.findall(self.selector)
        return [name if name[0] in ".#" else name.lower() for name in names]


@dataclass(frozen=True, slots=True)
class _Context:
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


#: What elements have in common that the same selectors may match: tag, class, id and attributes.
_Alike = tuple[str, str | None, str | None, tuple[str, ...]]
#: A selector, the number of its sheet, and its rule.
_Candidate = tuple[Selector, int, _Rule]


class StyleSheet:
    """The rules of a page.

    Attributes:
        siblings: whether a rule depends on the elements before another.
    """

    def __init__(self, sheets: Iterable[str] = (), *, hides: bool = True) -> None:
        """Collect the rules; without ``hides``, none of them hides anything."""
        self._rules: dict[str, list[tuple[int, _Rule]]] = {}
        self._hides = hides
        self._steps = Steps(_MOST_STEPS)
        self._keyed: dict[str, Sequence[_Candidate]] = {}
        self._about: dict[_Alike, Sequence[_Candidate]] = {}
        self._known: dict[tuple[_Alike, frozenset[str]], Sequence[_Candidate]] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self.siblings = False
        self._named = set[str]()
        for number, sheet in enumerate(sheets):
            for key, rule in _keyed_rules(sheet):
                self._named.update(rule.names())
                self._rules.setdefault(key, []).append((number, rule))
                self.siblings = self.siblings or "+" in rule.selector or "~" in rule.selector
        self._attributes = any(key[0] == "[" for key in self._rules)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def declarations(
        self, element: Styled, style: Declarations
    ) -> Mapping[str, tuple[str, bool]] | None:
        """Return what the rules and the style attribute of an element say about it.

        Returns:
            The value of each property, and whether the value is from a rule; None if there is none.

        Raises:
            TooManyStepsError: this takes too long on this page.
        """
        found = self._matching(element)
        if not found:
            return {name: (value, False) for name, (value, _) in style.items()} if style else None
        found = sorted(found)
        values = {name: (value, True) for (important, *_), name, value in found if not important}
        values |= {name: (value, False) for name, (value, _) in style.items()}
        values |= {name: (value, True) for (important, *_), name, value in found if important}
        return values | {name: (value, False) for name, (value, strong) in style.items() if strong}

    def _matching(self, element: Styled) -> Sequence[_Weighed]:
        attributes = element.attributes
        alike: _Alike = element.tag, attributes.get("class"), attributes.get("id"), ()
        if self._attributes:
            alike = *alike[:-1], tuple(attributes)
        about = self._about.get(alike)
        if about is None:
            about = self._about[alike] = tuple(self._candidates(element))
        if not about:
            return _NONE
        place = alike, self._around(element.parent)
        candidates = self._known.get(place)
        if candidates is None:
            self._steps.take(len(about))
            candidates = tuple(each for each in about if each[0].needs <= place[1])
            self._known[place] = candidates
        found, steps = list[_Weighed](), self._steps
        steps.take(len(candidates))
        for selector, sheet, rule in candidates:
            if selector.matches(element, steps):
                for name, (value, important) in parse_declarations(rule.style).items():
                    weight = (important, rule.layer, selector.specificity, sheet, rule.number)
                    if self._hides or value not in _HIDING:
                        found.append((weight, name, value))
        return found

    def _around(self, element: Styled | None) -> frozenset[str]:
        """Return the keys of an open element and of those around it; equal ones are one object."""
        if element is None or not element.tag:
            return _NO_KEYS
        if element.around is None:
            around = self._around(element.parent)
            keys = {element.tag, *element.keys}
            if identifier := element.attributes.get("id"):
                keys.add(f"#{identifier}")
            keys &= self._named
            found = around if keys <= around else around | keys
            element.around = self._sets.setdefault(found, found)
        return element.around

    def _candidates(self, element: Styled) -> Iterator[_Candidate]:
        """Yield the selectors that are about an element, and those that are like it."""
        keys = ["*", element.tag, *element.keys]
        if self._attributes:
            keys += [f"[{name}" for name in element.attributes]
        if identifier := element.attributes.get("id"):
            keys.append(f"#{identifier}")
        for key in keys:
            if key in self._rules:
                yield from self._with_key(key)

    def _with_key(self, key: str) -> Sequence[_Candidate]:
        found = self._keyed.get(key)
        if found is None:
            rules = self._rules[key]
            self._steps.take(len(rules))
            found = self._keyed[key] = [
                (selector, sheet, rule) for sheet, rule in rules for selector in rule.selectors()
            ]
        return found


def style_sheets(markup: str) -> tuple[str, ...]:
    """Return the style sheets for screens that a page contains."""
    if "<style" not in markup and "<STYLE" not in markup:
        return ()
    found, at = list[str](), 0
    while part := _STYLES.search(markup, at):
        if not part[1]:
            at = _end(markup, "-->", part.end())
            continue
        name = part[1].lower()
        start = _end(markup, ">", part.end())
        at = _end(markup, f"</{name}", start)
        if name == "style" and _MATTERS.search(markup, start, at):
            values = _ATTRIBUTE.findall(markup[part.end() : start])
            attributes = {key.lower(): "".join(value).strip() for key, *value in values}
            kind = attributes.get("type", "").lower()
            if kind in ("", "text/css") and applies(attributes.get("media", "")):
                found.append(markup[start + 1 : at])
    return tuple(found)


def _end(markup: str, mark: str, start: int) -> int:
    """Return where a mark stands, in lower or in upper case; the end of the page if nowhere."""
    lower = markup.find(mark, start)
    lower = len(markup) if lower < 0 else lower
    upper = markup.find(mark.upper(), start, lower)
    return lower if upper < 0 else upper


# The pages of a site have many sheets in common.
@lru_cache(maxsize=64)
def _keyed_rules(sheet: str) -> Sequence[tuple[str, _Rule]]:
    found = list[tuple[str, _Rule]]()
    for number, rule in enumerate(islice(_rules(sheet), _MOST_RULES)):
        rule.number = number
        if not _PLAIN.fullmatch(rule.selector):
            found += [(key, rule) for key in _keys(rule)]
            continue
        for selector in rule.selector.split(","):
            selector = selector.strip()
            before = _BEFORE_LAST.match(selector)
            last = selector[before.end() :] if before else selector
            if last and not (":" in selector and _UNMATCHED.search(selector)):
                found.append((_key(last), _Rule(selector, rule.style, rule.layer, number)))
    return found


def _key(compound: str) -> str:
    """Return what an element has that a plain compound selector matches; see ``Selector.keys``."""
    names = _NAME.findall(compound)
    for kind in _ORDER:
        for name in names:
            if name[0] == kind:
                return str(name)
    return str(names[0]).lower() if names else "*"


def _keys(rule: _Rule) -> Iterable[str]:
    return sorted(set().union(*(each.keys for each in rule.selectors())))


def _rules(sheet: str) -> Iterator[_Rule]:
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


def _rule_of(blocks: list[_Block], sheet: str, end: int, layers: dict[str, int]) -> Iterator[_Rule]:
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
        yield _Rule(context.selector, sheet[blocks[-1].end + 1 : end], context.layer)


def _entered(around: _Context, prelude: str, layers: dict[str, int]) -> _Context:
    """Return what applies in a block after a prelude."""
    prelude = " ".join(prelude.replace("<!--", "").replace("-->", "").split())
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
