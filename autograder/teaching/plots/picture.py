"""A Matplotlib figure as a picture with alternative text."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Picture:
    """A picture and the words that say what it shows; a terminal shows the words."""

    alt: str
    png: bytes = field(repr=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        data = base64.b64encode(self.png).decode()
        image = (
            f'<img alt="{html.escape(self.alt, quote=True)}" '
            f'style="max-width:100%;border:0;background:white" src="data:image/png;base64,{data}">'
        )
        return {"text/html": image, "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


def picture(figure: Any, alt: str) -> Picture:
    """Turn a Matplotlib figure into a picture, and close the figure.

    Args:
        figure: a `matplotlib.figure.Figure`.
        alt: what the picture shows, for those who cannot see it.
    """
    import matplotlib.pyplot as plt

    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=80)
    plt.close(figure)
    return Picture(alt, file.getvalue())
