"""A scatter plot as SVG: both axes logarithmic, one colour a series."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 900, 520, 60
COLOURS = ("#1b6ca8", "#8a8a8a", "#c4572e", "#3a8f4d")
RADIUS = 3

Points = Sequence[tuple[float, float]]


def scatter(target: Path, title: str, axes: tuple[str, str], series: Mapping[str, Points]) -> None:
    """Write the plot; all values are above 0.

    Args:
        target: File to write.
        title: What stands over it.
        axes: Names of both axes, with their units.
        series: Points by the name of their series; at most four series.
    """
    points = [point for each in series.values() for point in each]
    ranges = [_decades([point[axis] for point in points]) for axis in (0, 1)]
    parts = [_text(WIDTH / 2, 24, title, size=16), _text(WIDTH / 2, HEIGHT - 14, axes[0])]
    parts.append(_text(16, HEIGHT / 2, axes[1], f' transform="rotate(-90 16 {HEIGHT / 2})"'))
    for axis, (low, high) in enumerate(ranges):
        parts += [_tick(axis, 10.0**power, ranges) for power in range(low, high + 1)]
    for number, ((name, its), colour) in enumerate(zip(series.items(), COLOURS, strict=False)):
        parts += [_dot(point, ranges, colour) for point in its]
        parts.append(f'<circle cx="{MARGIN + 20}" cy="{56 + 20 * number}" r="5" fill="{colour}"/>')
        parts.append(_text(MARGIN + 32, 61 + 20 * number, name, ' style="text-anchor:start"'))
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n",
        encoding="utf-8",
    )


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten around the values."""
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _place(axis: int, value: float, ranges: Sequence[tuple[int, int]]) -> float:
    """Return where a value lies on an axis, in the picture's units."""
    low, high = ranges[axis]
    share = (log10(value) - low) / (high - low)
    length = (WIDTH, HEIGHT)[axis] - 2 * MARGIN
    return round(MARGIN + share * length if axis == 0 else HEIGHT - MARGIN - share * length, 1)


def _tick(axis: int, value: float, ranges: Sequence[tuple[int, int]]) -> str:
    at = _place(axis, value, ranges)
    if axis == 0:
        line = f'<path d="M{at} {MARGIN}V{HEIGHT - MARGIN}" stroke="#ddd"/>'
        return line + _text(at, HEIGHT - MARGIN + 20, f"{value:g}")
    line = f'<path d="M{MARGIN} {at}H{WIDTH - MARGIN}" stroke="#ddd"/>'
    return line + _text(MARGIN - 8, at + 5, f"{value:g}", ' style="text-anchor:end"')


def _dot(point: tuple[float, float], ranges: Sequence[tuple[int, int]], colour: str) -> str:
    x, y = _place(0, point[0], ranges), _place(1, point[1], ranges)
    return f'<circle cx="{x}" cy="{y}" r="{RADIUS}" fill="{colour}" fill-opacity=".6"/>'


def _text(x: float, y: float, text: str, more: str = "", size: int = 13) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="middle"{more}>{escape(text)}</text>'
