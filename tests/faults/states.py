"""What a state of the work is known by."""

from hashlib import blake2b

from engine import Network
from engine.formats import native


def digest(network: Network) -> str:
    """Return the same text for the same network: architecture, layout, groups and every weight."""
    made = blake2b(native.encode(network).encode(), digest_size=16)
    for name, array in sorted(network.weights.flat().items() if network.weights else ()):
        made.update(name.encode())
        made.update(array.tobytes())
    return made.hexdigest()
