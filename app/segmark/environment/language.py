"""Language tags (BCP 47), as pages and records name their language."""

import re
from functools import cache, lru_cache

from segmark.environment.resource_path import resource_path

_LONGEST = 100
# RFC 5646, section 2.1, without private and grandfathered tags as a whole.
_WELL_FORMED = re.compile(
    r"""(?P<language>[a-z]{2,3}) (-[a-z]{3}){0,3}
    (-[a-z]{4})? (-([a-z]{2}|[0-9]{3}))? (-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*
    (-[0-9a-wy-z](-[a-z0-9]{2,8})+)* (-x(-[a-z0-9]{1,8})+)?""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)


@lru_cache(1024)
def language_tag(written: str) -> str:
    """The language tag that is written here; "" if it is none, or of no known language."""
    tag = written.strip().replace("_", "-")
    found = _WELL_FORMED.fullmatch(tag) if len(tag) <= _LONGEST else None
    return tag if found and found["language"].lower() in _languages() else ""


@cache
def _languages() -> frozenset[str]:
    """The codes of ISO 639, of two and of three letters."""
    return frozenset(resource_path("languages.txt").read_text("ascii").split())
