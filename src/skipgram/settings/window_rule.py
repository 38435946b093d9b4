"""Which words of a text make a pair, and which of those pairs count in full."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from skipgram.settings.whole import Settings, default


@dataclass(frozen=True)
class WindowRule:
    """The settings by which a corpus becomes pairs; each field is the setting of its name."""

    window: int = default("window")
    window_width: str = default("window_width")
    gaps: str = default("gaps")
    contexts: str = default("contexts")
    subsample: float = default("subsample")

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The rule of a run."""
        values = vars(settings.model) | {"subsample": settings.training.subsample}
        return cls(**{name: values[name] for name in cls.names()})

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of its settings."""
        return tuple(cls.__dataclass_fields__)

    def to_dict(self) -> dict[str, Any]:
        """The settings by name."""
        return asdict(self)

    @property
    def width_is_fixed(self) -> bool:
        """Whether windows use all their words; otherwise their width is drawn."""
        return self.window_width == "fixed"

    @property
    def closes_up(self) -> bool:
        """Whether windows reach over the words that subsampling drops."""
        return self.gaps == "closed-up"

    @property
    def goes_left(self) -> bool:
        """Whether the words before a center word are its outside words."""
        return self.contexts != "right"

    @property
    def goes_right(self) -> bool:
        """Whether the words after it are."""
        return self.contexts != "left"

    @property
    def mean_centers(self) -> float:
        """Center words that predict an outside word, on average, far from a line's end."""
        return 2.0 * self.window if self.width_is_fixed else self.window + 1.0
