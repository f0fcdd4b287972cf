"""Cuts Tabler's style sheet to the parts this program uses: 635 kB would be most of a page on a slow line.

The list below is the house's choice of Tabler and Bootstrap parts; a class that is not on it comes from
`static/css/app.css` or does not exist. `tests/architecture` may ask `is_kept` for any class that a template names.
"""

from __future__ import annotations

import re

import tinycss2

KEPT = re.compile(
    r"""
    btn(-(primary|secondary|success|warning|danger|link|icon|list|sm|lg|check|group|outline-(primary|secondary|danger)))?
    | form-(control|select)(-sm|-lg|-color)? | form-(label|text|check|switch|hint|fieldset|floating|range)(-\w+)?
    | input-group(-text|-sm)? | (is|was)-(in)?valid(ated)? | (in)?valid-feedback | has-validation | col-form-label
    | row | col(-(sm|md|lg))?(-(\d+|auto))? | g[xy]?-[0-5] | container(-fluid)?
    | table(-(sm|hover|striped|responsive|borderless|active))? | list-(unstyled|inline|inline-item)
    | pagination | page-(item|link) | card(-(body|header|title|footer|table))? | alert(-(success|info|warning|danger|link))?
    | badge | breadcrumb(-item)? | vr | ratio(-\w+)? | img-fluid | small | lead | mark
    | active | disabled | show | collapsed? | visually-hidden(-focusable)? | stretched-link | text-reset
    | d-(sm-|md-|lg-|print-)?(none|block|inline|inline-block|flex|inline-flex|grid)
    | flex-(row|column|wrap|nowrap|fill|grow-[01]|shrink-[01]) | (justify-content|align-(items|self))-\w+
    | gap-[0-5] | [mp][tblrsexy]?-([0-5]|auto) | [wh]-(25|50|75|100|auto) | order-[0-5]
    | text-(start|end|center|muted|secondary|body|success|danger|warning|nowrap|wrap|break|truncate|uppercase|capitalize)
    | text-decoration-none | fw-(normal|medium|semibold|bold) | fs-[1-6] | lh-\w+ | font-monospace
    | border(-(0|top|bottom|start|end))? | rounded(-(0|1|2|3|circle|pill))? | overflow-(auto|hidden)
    | float-(start|end) | position-(relative|absolute|sticky) | align-(middle|top|baseline)
    """,
    re.VERBOSE,
)
UNUSED_ROOTS = re.compile(
    r"data-bs-theme|data-vc|\[data-bs-popper|::-webkit-datetime|\.dark\b|\[dir=|\[contenteditable"
)
MEDIA = ("(min-width:576px)", "(min-width:768px)", "(min-width:992px)", "print", "prefers-reduced-motion")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
USED = re.compile(r"var\((--[\w-]+)")


def is_kept(name: str) -> bool:
    """True when the slim sheet still styles this class of Tabler."""
    return KEPT.fullmatch(name) is not None


def _selectors(prelude: str) -> list[str]:
    parts = re.split(r",(?![^(]*\))", prelude)
    return [part.strip() for part in parts if not UNUSED_ROOTS.search(part) and all(map(is_kept, CLASS.findall(part)))]


def _keep(nodes: list[tinycss2.ast.Node]) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for node in nodes:
        if node.type == "qualified-rule":
            selectors = _selectors(tinycss2.serialize(node.prelude))
            if selectors:
                kept.append((",".join(selectors), tinycss2.serialize(node.content)))
        elif node.type == "at-rule" and node.at_keyword in ("media", "supports") and node.content is not None:
            query = tinycss2.serialize(node.prelude).strip()
            inner = _keep(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))
            if inner and (node.at_keyword == "supports" or any(part in query for part in MEDIA)):
                kept.append((f"@{node.at_keyword} {query}", "".join(f"{head}{{{body}}}" for head, body in inner)))
    return kept


def slim(css: str) -> str:
    """The rules whose classes are all on the list, and of the custom properties only those that some rule reads."""
    kept = _keep(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
    roots = [index for index, (head, _) in enumerate(kept) if ":root" in head or ":host" in head]
    needed = {name for index, (_, body) in enumerate(kept) if index not in roots for name in USED.findall(body)}
    values = dict(re.findall(r"(--[\w-]+):([^;}]+)", ";".join(kept[index][1] for index in roots)))
    frontier = needed
    while frontier:
        frontier = {name for known in frontier for name in USED.findall(values.get(known, ""))} - needed
        needed |= frontier
    for index in roots:
        head, body = kept[index]
        pairs = (
            pair
            for pair in re.split(r";(?![^(]*\))", body)
            if not pair.startswith("--") or pair.split(":")[0] in needed
        )
        kept[index] = (head, ";".join(pairs))
    return "".join(f"{head}{{{body}}}" for head, body in kept if body.strip()) + "\n"
