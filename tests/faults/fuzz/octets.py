"""Damage to the bytes of a file, whatever they mean."""

from random import Random

TELLING = (
    b"\x00",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
)
TELLING += (b"\xff" * 8, b"\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")


def damaged(data: bytes, chance: Random) -> bytes:
    """Return bytes with one to six places changed, cut out, doubled, moved, or cut off."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        _damage(made, chance)
    return bytes(made)


def _damage(made: bytearray, chance: Random) -> None:
    if not made:
        made += chance.randbytes(chance.randrange(1, 16))
        return
    start = chance.randrange(len(made))
    end = min(len(made), start + chance.choice((1, 2, 4, 8, 64, 1024)))
    kind = chance.randrange(8)
    if kind == 0:
        made[start] ^= 1 << chance.randrange(8)
    elif kind == 1:
        made[start] = chance.randrange(256)
    elif kind == 2:
        made[start : start + 4] = chance.choice(TELLING)
    elif kind == 3:
        del made[start:end]
    elif kind == 4:
        made[start:start] = made[start:end]
    elif kind == 5:
        made[start:start] = chance.randbytes(end - start)
    elif kind == 6:
        other = chance.randrange(len(made))
        made[other : other + end - start] = made[start:end]
    elif chance.random() < 0.5:
        del made[start:]
    else:
        made[start] = (made[start] + chance.choice((-1, 1))) % 256
