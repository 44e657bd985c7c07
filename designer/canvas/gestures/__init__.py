"""One object per gesture: move, box select, wire, pan."""
