"""Selectors as functions of an open element of a page: Selectors Level 4.

``cssselect2`` parses them. Its own matching needs a whole tree; these are matched while the page is
read, when an element's ancestors and earlier siblings are known, and nothing that comes after it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cssselect2 import parser
from tinycss2.nth import parse_nth

from segmark.environment.extras import Untyped

_LONGEST = 10_000  # characters; longer lists of selectors are not meant for people's pages
# Most selectors: tags, ids and classes. The parser takes ten times as long for them.
_IDENT = r"-?[a-zA-Z_][\w-]*+"
_COMPOUND = rf"(?:\*|{_IDENT})?+(?:[.#]{_IDENT})*+"
_PLAIN = re.compile(
    rf"(?=[*.#\w-]){_COMPOUND}(?:(?: *[>+~] *| +)(?=[*.#\w-]){_COMPOUND})*+", re.ASCII
)
_STEP = re.compile(rf"( *[>+~] *| +|^)({_COMPOUND})", re.ASCII)
_PART = re.compile(rf"([.#]?+)({_IDENT})", re.ASCII)
# States that a page is not in while it is read.
_NEVER = frozenset(
    """
    active autofill blank current focus focus-visible focus-within fullscreen future hover
    modal past paused picture-in-picture playing popover-open target target-within user-invalid
    visited
    """.split()  # noqa: SIM905
)
_ALWAYS = frozenset({"defined", "scope"})
_STATES = {"checked": "checked", "disabled": "disabled"}


#: What elements have in common that the same rules may match: tag, class, id and attributes.
Alike = tuple[str, str | None, str | None, tuple[str, ...]]


class Styled(Protocol):
    """An open element, as far as selectors see it.

    ``known`` is for the answers to whether it matches, or an element around it; None at first.
    ``alike`` is for what the elements that are like it have in common, and ``around`` for the keys
    of it and of the elements around it.
    """

    tag: str
    attributes: Mapping[str, str]
    number: int
    known: "dict[Test, bool] | None"
    alike: Alike | None
    around: frozenset[str] | None

    @property
    def parent(self) -> "Styled | None":
        """The element around it; None at the top."""

    @property
    def before(self) -> "Styled | None":
        """The element before it with the same parent."""

    @property
    def index(self) -> int:
        """Its number among all children of its parent, from 1."""

    @property
    def keys(self) -> Sequence[str]:
        """Its classes, each after a dot."""


class Steps:
    """How many comparisons are left, so that no style sheet takes long."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int = 1) -> None:
        """Count so many.

        Raises:
            TooManyStepsError: none is left.
        """
        self.left -= count
        if self.left < 0:
            raise TooManyStepsError


class TooManyStepsError(Exception):
    """Comparing the rules of a page with its elements takes too long."""


class _UnsupportedError(Exception):
    """Whether a selector matches is not known while the page is read."""


#: Whether an element matches.
Test = Callable[[Styled, Steps], bool]


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector.

    Attributes:
        matches: whether it matches an element.
        specificity: of it.
        keys: an element that matches has one of these as ``#id``, ``.class``, ``[attribute`` or
            ``tag``; ``*`` stands for any element.
        needs: the keys that elements around it must have.
        settled: whether it matches all elements that are alike or none of them, if elements around
            them have the same keys.
    """

    matches: Test
    specificity: tuple[int, ...]
    keys: frozenset[str]
    needs: frozenset[str]
    settled: bool = False


@lru_cache(maxsize=4000)
def parse_selectors(prelude: str) -> tuple[Selector, ...]:
    """Return the selectors of a rule that can be matched; none if the list is not valid."""
    if len(prelude) > _LONGEST:
        return ()
    if _PLAIN.fullmatch(prelude):
        return (_plain(prelude),)
    try:
        return tuple(_selectors(prelude))
    except (parser.SelectorError, RecursionError):
        return ()


def _plain(prelude: str) -> Selector:
    """Return a selector of tags, ids and classes."""
    steps: list[tuple[str, Test]] = []
    keys: list[str] = []
    needs: set[str] = set()
    settled = True
    ids = classes = tags = 0
    for combinator, compound in _STEP.findall(prelude):
        combinator = combinator.strip() or " "
        if keys and combinator in " >" and keys[0] != "*":
            needs.add(keys[0])
        if keys:
            # One ancestor with one name: there is no other way to have that name around.
            settled = combinator == " " and len(steps) == 1 and set(keys) == needs
        parts = _PART.findall(compound)
        tests = [_NAMED[kind](name) for kind, name in parts]
        steps.append((combinator, _all(tests)))
        keys = [f"{kind}{name}" if kind else name.lower() for kind, name in parts] or ["*"]
        keys.sort(key=_order)
        kinds = [kind for kind, _ in parts]
        ids += kinds.count("#")
        classes += kinds.count(".")
        tags += kinds.count("")
    test = steps[0][1]
    for combinator, right in steps[1:]:
        test = _combined(test, combinator, right)
    specificity = (ids, classes, tags)
    return Selector(test, specificity, frozenset(keys[:1]), frozenset(needs), settled)


def _order(key: str) -> int:
    return "#.".find(key[0]) % 3


def _selectors(prelude: str) -> Iterator[Selector]:
    for parsed in list(parser.parse(prelude)):
        if parsed.pseudo_element is None:
            try:
                test = _test(parsed.parsed_tree)
            except _UnsupportedError:
                continue
            tree = parsed.parsed_tree
            needs = frozenset(_needs(tree))
            yield Selector(test, tuple(parsed.specificity), _keys(tree), needs)


def _keys(tree: Untyped) -> frozenset[str]:
    compound = tree.right if isinstance(tree, parser.CombinedSelector) else tree
    own = dict[type, str]()
    for simple in compound.simple_selectors:
        match simple:
            case parser.IDSelector():
                return frozenset({f"#{simple.ident}"})
            case parser.ClassSelector():
                own.setdefault(parser.ClassSelector, f".{simple.class_name}")
            case parser.AttributeSelector():
                own.setdefault(parser.AttributeSelector, f"[{simple.lower_name}")
            case parser.LocalNameSelector():
                own.setdefault(parser.LocalNameSelector, simple.lower_local_name)
    for kind in (parser.ClassSelector, parser.AttributeSelector, parser.LocalNameSelector):
        if kind in own:
            return frozenset({own[kind]})
    for simple in compound.simple_selectors:
        if isinstance(simple, _ALTERNATIVES):
            return frozenset().union(*(_keys(each.parsed_tree) for each in simple.selector_list))
    return frozenset({"*"})


def _needs(tree: Untyped) -> Iterator[str]:
    while isinstance(tree, parser.CombinedSelector):
        around, tree = tree.combinator in (" ", ">"), tree.left
        keys = _keys(tree) if around else frozenset[str]()
        if len(keys) == 1:
            yield from (key for key in keys if key[0] not in "[*")


_ALTERNATIVES = (parser.MatchesAnySelector, parser.SpecificityAdjustmentSelector)


def _test(tree: Untyped) -> Test:
    if not isinstance(tree, parser.CombinedSelector):
        return _all(tuple(_simple(each) for each in tree.simple_selectors))
    return _combined(_test(tree.left), tree.combinator, _test(tree.right))


def _combined(left: Test, combinator: str, right: Test) -> Test:
    match combinator:
        case " ":
            return _below(left, right)
        case ">":
            return _inside(left, right)
        case "+" | "~":
            return _after(left, right, at_once=combinator == "+")
    raise _UnsupportedError


def _all(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda element, steps: first(element, steps) and second(element, steps)
    return lambda element, steps: all(test(element, steps) for test in tests)


def _below(left: Test, right: Test) -> Test:
    """Whether an element matches, and an element around it does."""

    def above(element: Styled | None, steps: Steps) -> bool:
        # The elements that are open have the same answer for all that is in them.
        asked: list[Styled] = []
        found = False
        while element is not None and element.tag:
            if element.known is None:
                element.known = {}
            elif (known := element.known.get(left)) is not None:
                found = known
                break
            asked.append(element)
            steps.take()
            if left(element, steps):
                found = True
                break
            element = element.parent
        for each in asked:
            if each.known is not None:
                each.known[left] = found
        return found

    return lambda element, steps: right(element, steps) and above(element.parent, steps)


def _inside(left: Test, right: Test) -> Test:
    """Whether an element matches, and its parent does."""

    def test(element: Styled, steps: Steps) -> bool:
        if not right(element, steps):
            return False
        parent = element.parent
        return parent is not None and bool(parent.tag) and left(parent, steps)

    return test


def _after(left: Test, right: Test, *, at_once: bool) -> Test:
    """Whether an element matches, and the one before it does, or any before it."""

    def test(element: Styled, steps: Steps) -> bool:
        other = element.before if right(element, steps) else None
        while other is not None:
            steps.take()
            if left(other, steps):
                return True
            other = None if at_once else other.before
        return False

    return test


def _class(name: str) -> Test:
    key = f".{name}"
    return lambda element, _: key in element.keys


def _id(ident: str) -> Test:
    return lambda element, _: element.attributes.get("id") == ident


def _tag(name: str) -> Test:
    tag = name.lower()
    return lambda element, _: element.tag == tag


_NAMED = {".": _class, "#": _id, "": _tag}


def _simple(simple: Untyped) -> Test:
    match simple:
        case parser.ClassSelector():
            return _class(simple.class_name)
        case parser.IDSelector():
            return _id(simple.ident)
        case parser.LocalNameSelector():
            return _tag(simple.local_name)
        case parser.AttributeSelector():
            return _attribute(simple)
        case parser.NegationSelector():
            others = _any(simple.selector_list)
            return lambda element, steps: not others(element, steps)
        case parser.MatchesAnySelector() | parser.SpecificityAdjustmentSelector():
            return _any(simple.selector_list)
        case parser.PseudoClassSelector():
            return _state(simple.name)
        case parser.FunctionalPseudoClassSelector():
            return _numbered(simple.name, simple.arguments)
    raise _UnsupportedError


def _any(selectors: Sequence[Untyped]) -> Test:
    tests = [_test(each.parsed_tree) for each in selectors if each.pseudo_element is None]

    def test(element: Styled, steps: Steps) -> bool:
        steps.left -= len(tests)
        return any(test(element, steps) for test in tests)

    return test


def _attribute(simple: Untyped) -> Test:
    name, operator, wanted = simple.lower_name, simple.operator, simple.value
    folds = simple.case_sensitive is False or name in ("type", "lang", "dir", "rel")
    if operator is None:
        return lambda element, _: name in element.attributes
    wanted = wanted.lower() if folds else wanted
    compare: Callable[[str], bool]
    match operator:
        case "=":
            compare = wanted.__eq__
        case "~=":
            compare = lambda value: wanted in value.split()  # noqa: E731
        case "|=":
            compare = lambda value: value == wanted or value.startswith(f"{wanted}-")  # noqa: E731
        case "^=":
            compare = lambda value: bool(wanted) and value.startswith(wanted)  # noqa: E731
        case "$=":
            compare = lambda value: bool(wanted) and value.endswith(wanted)  # noqa: E731
        case "*=":
            compare = lambda value: bool(wanted) and wanted in value  # noqa: E731
        case _:
            raise _UnsupportedError

    def test(element: Styled, _steps: Steps) -> bool:
        value = element.attributes.get(name)
        return value is not None and compare(value.lower() if folds else value)

    return test


def _state(name: str) -> Test:
    if name in _NEVER or name in _ALWAYS:
        return lambda _element, _steps: name in _ALWAYS
    if name in _STATES:
        return lambda element, _: _STATES[name] in element.attributes
    match name:
        case "root":
            return lambda element, _: element.tag == "html"
        case "link" | "any-link":
            return lambda element, _: element.tag == "a" and "href" in element.attributes
        case "first-child":
            return lambda element, _: element.index == 1
        case "first-of-type":
            return lambda element, _: element.number == 1
        case "enabled":
            return lambda element, _: "disabled" not in element.attributes
    raise _UnsupportedError


def _numbered(name: str, arguments: Sequence[Untyped]) -> Test:
    steps = parse_nth(arguments)
    if name not in ("nth-child", "nth-of-type") or steps is None:
        raise _UnsupportedError
    step, first = steps

    def fits(number: int) -> bool:
        number -= first
        return number == 0 if step == 0 else number % step == 0 and number // step >= 0

    if name == "nth-child":
        return lambda element, _: fits(element.index)
    return lambda element, _: fits(element.number)
