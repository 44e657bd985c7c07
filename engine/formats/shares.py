"""Shares of one, of which formats name either part."""

from decimal import Decimal

from engine.language import tr_noop

# Noted where a batch normalisation is written in which it is turned round.
MOMENTUM = tr_noop("batch normalisations say their epsilon, and as momentum the share of the old statistics that stays")


def remainder(share: float) -> float:
    """Return what is left of one, in as many digits: of 0.99 that is 0.01, and not 0.010000000000000009.

    So a batch normalisation's momentum is turned round: with us, as with PyTorch, it is the share of the new batch;
    Keras and ONNX have that of the old statistics.
    """
    return float(1 - Decimal(repr(float(share))))
