from dataclasses import dataclass

# What GitHub takes in the body of an issue or a comment.
_LARGEST = 65_536
_CUT = "\n\n… and more, see the run."


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text on GitHub: a heading, and Markdown below it."""

    heading: str
    text: str


def compose(marker: str, opening: str, sections: list[Section]) -> str:
    """A text that is found again by its marker: the opening, then the sections, each cut to its share where it must be.

    Args:
        marker: a comment in HTML that no other text has.
        opening: Markdown that is never cut.
        sections: what follows.
    """
    head = f"{marker}\n{opening}\n"
    share = (_LARGEST - len(head)) // max(1, len(sections))
    return head + "".join(_fitted(section, share) for section in sections)


def _fitted(section: Section, share: int) -> str:
    whole = f"\n### {section.heading}\n\n{section.text.strip()}\n"
    if len(whole) <= share:
        return whole
    kept = whole[: share - len(_CUT) - len("\n```\n")]
    # A block of code that is cut in its midst would swallow all that follows.
    fence = "\n```" if kept.count("```") % 2 else ""
    return f"{kept}{fence}{_CUT}\n"


def code_block(text: str) -> str:
    """Output of a program as Markdown that no line of it can break out of."""
    return "```\n" + text.strip().replace("```", "'''") + "\n```"
