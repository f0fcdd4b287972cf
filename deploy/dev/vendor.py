"""Lays out what the pages load of the browser packages in `static/vendor/`, which git ignores."""

from __future__ import annotations

import hashlib
import re
import shutil

from deploy.dev import npm
from deploy.dev.folder import ROOT
from deploy.dev.setup import MODULES, VENDOR
from deploy.dev.slim import slim

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "socket.io-client/dist/socket.io.min.js": "socket.io/socket.io.min.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter/inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter/inter-latin-ext.woff2",
}
FACE = """@font-face {{
  font-family: "{family}"; font-style: normal; font-display: swap; font-weight: {weight};
  src: url("{file}") format("woff2"); unicode-range: {range};
}}
"""
PAPER_WEIGHTS = (400, 600)
LATIN = "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2212"
LATIN_EXT = "U+0100-0130, U+0132-0151, U+0154-02BA, U+02BD-02C5, U+1E00-1EFF"


def icon_sprite() -> str:
    """One SVG with a symbol `ti-<name>` for each outline icon that `static/icons.txt` names."""
    symbols = []
    for name in sorted(set((ROOT / "static" / "icons.txt").read_text().split())):
        source = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not source.exists():
            raise SystemExit(f"static/icons.txt names an icon that does not exist: {name}")
        body = re.sub(r"(?s)^.*?<svg[^>]*>|</svg>\s*$", "", source.read_text())
        body = " ".join(body.split())
        strokes = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
        symbols.append(f'<symbol id="ti-{name}" viewBox="0 0 24 24" {strokes}>{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"


def addressed(font: str) -> str:
    """The font's address with its hash, as `webkit/assets.py` gives it to pages: the page preloads the same address."""
    return f"{font}?v={hashlib.sha256((VENDOR / 'inter' / font).read_bytes()).hexdigest()[:12]}"


def lay_fonts() -> None:
    """The variable font for the screen. For paper one file a weight: WeasyPrint would cut each weight out anew."""
    ranges = (("latin", LATIN), ("latin-ext", LATIN_EXT))
    screen = [
        FACE.format(family="Inter Variable", weight="100 900", file=addressed(f"inter-{name}.woff2"), range=span)
        for name, span in ranges
    ]
    (VENDOR / "inter" / "inter.css").write_text("".join(screen))
    paper = []
    for weight in PAPER_WEIGHTS:
        for name, span in ranges:
            file = f"paper-{name}-{weight}.woff2"
            source = MODULES / "@fontsource" / "inter" / "files" / f"inter-{name}-{weight}-normal.woff2"
            shutil.copyfile(source, VENDOR / "inter" / file)
            paper.append(FACE.format(family="Inter", weight=weight, file=file, range=span))
    (VENDOR / "inter" / "paper.css").write_text("".join(paper))


def build() -> None:
    """Lay the files out that the pages load."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        text = (MODULES / source).read_bytes()
        (VENDOR / target).write_bytes(re.sub(rb"(?m)^(//#|/\*#) sourceMappingURL=.*$", b"", text))
    tabler = VENDOR / "tabler" / "tabler.min.css"
    tabler.write_text(slim(tabler.read_text()))
    lay_fonts()
    (VENDOR / "icons.svg").write_text(icon_sprite())


if __name__ == "__main__":
    npm.install()
    build()
