"""What is closed at the end of a `with`, however that ends."""

from abc import ABC, abstractmethod
from typing import Self


class Closing(ABC):
    """Something to use in a `with`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds."""
