"""The style sheets that a page contains, as far as they decide which text is shown, and how."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from segmark.loading.html.declarations import Declarations
from segmark.loading.html.media_query import applies
from segmark.loading.html.rules import Rule, rules_of
from segmark.loading.html.selectors import Alike, Selector, Steps, Styled

#: Comparisons of rules with elements on one page, which take about a second.
_MOST_STEPS = 1_000_000

# A style sheet, or what only looks like one.
_STYLES = re.compile(
    r"<(?=[!sntxi])(?:!--|(style|script|noscript|template|textarea|title|xmp|iframe)(?=[\s/>]))",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""\b(media|type)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.I)
_NONE = ()
_NO_KEYS = frozenset[str]()
_HIDING = frozenset({"none", "hidden", "collapse"})

#: The number of a sheet, and rules in it.
NumberedRules = tuple[int, Sequence[Rule]]
#: Elements that are alike, and the keys of the elements around them.
_Place = tuple[Alike, frozenset[str]]
#: The weight of a declaration, its property and its value.
_Weighed = tuple[tuple[bool, int, tuple[int, ...], int, int], str, str]

#: A selector, the number of its sheet, and its rule.
_Candidate = tuple[Selector, int, Rule]
#: What fits elements that are alike, between elements with the same keys: declarations, and rules
#: that match only some of these elements.
_Fitting = tuple[Sequence[_Weighed], Sequence[_Candidate]]


class StyleSheet:
    """The rules of a page.

    Attributes:
        siblings: whether a rule depends on the elements before another.
    """

    def __init__(self, sheets: Iterable[str] = (), *, hides: bool = True) -> None:
        """Collect the rules; without ``hides``, none of them hides anything."""
        every = [rules for sheet in sheets if (rules := rules_of(sheet)).about]
        self._sheets = every
        self._rules: dict[str, list[NumberedRules]] = {}
        self._named = frozenset[str]().union(*(rules.names for rules in every))
        self._ids = frozenset(key[1:] for rules in every for key in rules.ids)
        self._attributes = frozenset(key[1:] for rules in every for key in rules.attributes)
        self.siblings = any(rules.siblings for rules in every)
        self._hides = hides
        self._steps = Steps(_MOST_STEPS)
        self._about: dict[Alike, Sequence[NumberedRules]] = {}
        self._known: dict[_Place, _Fitting] = {}
        self._inside: dict[_Place, frozenset[str]] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._sheets)

    def rules_about(self, element: Styled) -> Sequence[NumberedRules]:
        """Return the rules that may match an element that was opened just now.

        Raises:
            TooManyStepsError: this takes too long on this page.
        """
        attributes = element.attributes
        if not attributes:
            alike: Alike = element.tag, None, None, ()
        else:
            identifier = attributes.get("id")
            if identifier not in self._ids:
                identifier = None
            names: tuple[str, ...] = ()
            if self._attributes and not self._attributes.isdisjoint(attributes):
                names = tuple(name for name in attributes if name in self._attributes)
            alike = element.tag, attributes.get("class"), identifier, names
        element.alike = alike
        about = self._about.get(alike)
        if about is None:
            about = self._about[alike] = self._with_keys(alike, element.keys)
        return about

    def _with_keys(self, alike: Alike, classes: Sequence[str]) -> Sequence[NumberedRules]:
        tag, _, identifier, names = alike
        keys = ["*", tag, *classes, f"#{identifier}", *(f"[{name}" for name in names)]
        found: list[NumberedRules] = []
        for key in keys:
            parts = self._rules.get(key)
            if parts is None:
                numbered = enumerate(self._sheets)
                parts = [
                    (number, each.about[key]) for number, each in numbered if key in each.about
                ]
                self._rules[key] = parts
            found += parts
        self._steps.take(sum(len(rules) for _, rules in found))
        return found

    def declarations(
        self, element: Styled, about: Sequence[NumberedRules], style: Declarations
    ) -> Mapping[str, tuple[str, bool]] | None:
        """Return what the rules and the style attribute of an element say about it.

        Returns:
            The value of each property, and whether the value is from a rule; None if there is none.

        Raises:
            TooManyStepsError: this takes too long on this page.
        """
        found = self._matching(element, about) if about else _NONE
        if not found:
            return {name: (value, False) for name, (value, _) in style.items()} if style else None
        found = sorted(found)
        values = {name: (value, True) for (important, *_), name, value in found if not important}
        values |= {name: (value, False) for name, (value, _) in style.items()}
        values |= {name: (value, True) for (important, *_), name, value in found if important}
        return values | {name: (value, False) for name, (value, strong) in style.items() if strong}

    def _matching(self, element: Styled, about: Sequence[NumberedRules]) -> Sequence[_Weighed]:
        assert element.alike is not None, "the rules about it are known"
        place = element.alike, self._around(element.parent)
        fitting = self._known.get(place)
        if fitting is None:
            fitting = self._known[place] = self._fitting(element, about, place[1])
        found, candidates = fitting
        if not candidates:
            return found
        steps = self._steps
        steps.take(len(candidates))
        found = list(found)
        for candidate in candidates:
            if candidate[0].matches(element, steps):
                found += self._weighed(*candidate)
        return found

    def _fitting(
        self, element: Styled, about: Sequence[NumberedRules], around: frozenset[str]
    ) -> _Fitting:
        steps = self._steps
        found: list[_Weighed] = []
        candidates: list[_Candidate] = []
        steps.take(len(about))
        for number, rules in about:
            for rule in rules:
                if not rule.needs <= around:
                    continue
                for selector in rule.selectors():
                    if not selector.needs <= around:
                        continue
                    if not selector.settled:
                        candidates.append((selector, number, rule))
                    elif selector.matches(element, steps):
                        found += self._weighed(selector, number, rule)
        return found, candidates

    def _weighed(self, selector: Selector, number: int, rule: Rule) -> Iterator[_Weighed]:
        for name, (value, important) in rule.declarations().items():
            if self._hides or value not in _HIDING:
                weight = (important, rule.layer, selector.specificity, number, rule.number)
                yield weight, name, value

    def _around(self, element: Styled | None) -> frozenset[str]:
        """Return the keys of an open element and of those around it; equal ones are one object."""
        if element is None or element.alike is None:
            return _NO_KEYS
        if element.around is None:
            place = element.alike, self._around(element.parent)
            around = self._inside.get(place)
            if around is None:
                keys = {element.tag, *element.keys, f"#{element.alike[2]}"}
                around = place[1] | (keys & self._named)
                around = self._inside[place] = self._sets.setdefault(around, around)
            element.around = around
        return element.around


def style_sheets(markup: str) -> tuple[str, ...]:
    """Return the style sheets for screens that a page contains."""
    # Most pages have theirs at the top, and none in all that follows.
    last = max(markup.rfind("<style"), markup.rfind("<STYLE")) + len("<style>")
    found, at = list[str](), 0
    while at < last and (part := _STYLES.search(markup, at, last)):
        if not part[1]:
            at = _end(markup, "-->", part.end())
            continue
        name = part[1].lower()
        start = _end(markup, ">", part.end())
        at = _end(markup, f"</{name}", start)
        if name == "style":
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
