"""Where a block stands in the template of its site, in a few words."""

from functools import lru_cache

from segmark.core.page import Anchor, Page
from segmark.suggestion.evidence.markup_features import markup_of


def template_at(page: Page, block: int) -> str:
    """Return the element of a block and those around it, as ``p.text < div.story``.

    Numbers in the names are 0, so that blocks of a list stand at the same place. Empty for plain
    text, whose lines have no place in a template.
    """
    anchor = page.blocks[block].anchor
    return _template(anchor) if anchor else ""


@lru_cache(maxsize=8_192)
def _template(anchor: Anchor) -> str:
    steps = markup_of(anchor).outer.split("<")
    return " < ".join(step.rstrip(".").replace(" ", ".") for step in steps if step.strip("."))
