"""What browsers are given: ours or licensed, small, and not dressed up as gov.uk."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src" / "redflags" / "web" / "static"
SHIPPED = sorted(path for path in STATIC.rglob("*") if path.is_file())
TEXTS = [path for path in SHIPPED if not path.name.startswith("LICENSE")]
SMALL_BYTES = 1024 * 1024
AA = 4.5


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_nothing_of_gov_uk_s_own_dress_is_in_it(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    code = re.sub(r"^//.*|/\*.*?\*/", "", content, flags=re.M | re.S)
    for theirs in ("crown", "GDS Transport", "@font-face", "logotype"):
        assert theirs.lower() not in code.lower(), theirs


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_every_file_is_small(path: Path) -> None:
    assert path.stat().st_size < SMALL_BYTES


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    assert not re.search(r"url\(['\"]?(https?:)?//|import[^;]*https?://|fetch\(", content)


@pytest.mark.parametrize("name", ["govuk-frontend", "moj-frontend"])
def test_what_is_not_ours_comes_with_its_licence(name: str) -> None:
    licence = (STATIC / "vendor" / f"LICENSE-{name}.txt").read_text(encoding="utf-8")
    assert "MIT License" in licence
    assert "Copyright" in licence


def test_a_new_version_of_the_script_gets_a_new_address() -> None:
    script = (STATIC / "vendor" / "govuk-frontend.min.js").read_text(encoding="utf-8")
    version = re.search(r'const version="([\d.]+)"', script)
    assert version is not None
    assert f"min.js?v={version[1]}" in (STATIC / "redflags.js").read_text(encoding="utf-8")


def test_our_colours_can_be_read() -> None:
    colours = dict(
        re.findall(
            r"--rf-([a-z-]+): (#[0-9a-f]{6})", (STATIC / "redflags.css").read_text(encoding="utf-8")
        )
    )
    for name in ("brand", "brand-dark", "danger"):
        assert contrast(colours[name], "#ffffff") >= AA, name
    assert contrast(colours["ink"], colours["focus"]) >= AA


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
