"""How a number came about: the formula, the formula with the user's numbers in it, and the result."""

import msgspec

from engine.language import tr_number


class Derivation(msgspec.Struct, frozen=True):
    """One derived number.

    ``quantity`` names it (``"width"``, ``"weights"``, …); ``formula`` is in the lecture's notation (``W`` width,
    ``H`` height, ``D`` depth, ``F`` filter size, ``K`` filters, ``S`` stride, ``P`` padding; subscript 1 is the
    input, 2 the output); ``substituted`` is the same with the numbers at hand.
    """

    quantity: str
    formula: str
    substituted: str
    value: int

    @property
    def result(self) -> str:
        """The number as it is written."""
        return tr_number(self.value)

    def text(self) -> str:
        """Write the derivation on one line."""
        steps = [self.formula]
        if self.substituted not in (self.formula, str(self.value)):
            steps.append(self.substituted)
        return " = ".join((*steps, self.result))
