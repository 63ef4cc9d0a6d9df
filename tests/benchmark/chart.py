# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A bar chart as SVG, readable in light and dark mode. It shows ratios, because seconds depend on the machine."""

from __future__ import annotations

from xml.sax.saxutils import escape

WIDTH, LABELS, VALUES = 880, 310, 60
BAR, GAP, HEADING = 18, 8, 44
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2328 }
.heading { font-weight: 600 }
.value { font-variant-numeric: tabular-nums }
rect { fill: #9a7b4f }
rect.reference { fill: #1a7f5a }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  rect { fill: #c8a26a }
  rect.reference { fill: #3fb98a }
}
"""


def draw_chart(title: str, groups: dict[str, dict[str, float]]) -> str:
    """Groups of bars by heading: ratios by label, of which the first is the reference."""
    longest = max(ratio for bars in groups.values() for ratio in bars.values())
    parts, top = [f'<text x="0" y="16">{escape(title)}</text>'], 20
    for heading, bars in groups.items():
        parts.append(f'<text class="heading" x="0" y="{top + 28}">{escape(heading)}</text>')
        top += HEADING
        for number, (label, ratio) in enumerate(bars.items()):
            width = ratio / longest * (WIDTH - LABELS - VALUES)
            kind = ' class="reference"' if number == 0 else ""
            parts += [
                f'<text x="{LABELS - 12}" y="{top + 14}" text-anchor="end">{escape(label)}</text>',
                f'<rect{kind} x="{LABELS}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>',
                f'<text class="value" x="{LABELS + width + 8:.1f}" y="{top + 14}">{ratio:.1f}</text>',
            ]
            top += BAR + GAP
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img" aria-label="{escape(title)}">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n{body}\n</svg>\n"
    )
