"""What the choices of hyper-parameters are called: words are translated, shorthands such as ``CHW`` are not."""

from engine.language import tr, tr_noop

CUSTOM = tr_noop("custom")  # a padding of four numbers
_WORDS = (
    *(tr_noop("valid"), tr_noop("same"), tr_noop("same-lower"), CUSTOM),
    *(tr_noop("constant"), tr_noop("reflect"), tr_noop("edge")),
    *(tr_noop("stretch"), tr_noop("crop"), tr_noop("pad")),
    *(tr_noop("0 to 255"), tr_noop("0 to 1"), tr_noop("-1 to 1")),
    *(tr_noop("channels"), tr_noop("height"), tr_noop("width"), tr_noop("all")),
    *(tr_noop("nearest"), tr_noop("bilinear"), tr_noop("none")),
)


def choice_text(choice: str) -> str:
    """Return a choice as a person reads it."""
    return tr(choice) if choice in _WORDS else choice
