"""How steps hang together: chains, branches between a fork and where they join, and repeats folded into one."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from designer.pictures.steps import Source, Step, told_layers

_LONGEST = 12  # steps of a pattern that is looked for


@dataclass(frozen=True)
class Skip:
    """A branch without steps: the values pass, perhaps cropped."""

    label: str = ""


@dataclass(frozen=True)
class Split:
    """Branches that run beside each other, in the order in which they join."""

    branches: tuple["Chain | Skip", ...]


@dataclass(frozen=True)
class Tangle:
    """Steps that are no chains side by side, by their distance from the start; drawn wire by wire."""

    ranks: tuple[tuple[Step, ...], ...]
    leaving: frozenset[str]  # the steps whose values go on behind it


@dataclass(frozen=True)
class Repeat:
    """Items that follow each other several times; the last time is kept."""

    items: "Chain"
    times: int
    folded: tuple[str, ...]  # the layers of all other times


Item = Step | Split | Tangle | Repeat
Chain = tuple[Item, ...]


def structure(steps: Mapping[str, Step]) -> Chain:
    """Return all steps as a chain whose items may have branches."""
    fed: dict[str, list[str]] = {step: [] for step in steps}
    for step in steps.values():
        for source in step.sources:
            fed[source.step].append(step.id)
    return _Parser(steps, fed).chain(list(steps), None, None)


def fold(chain: Chain) -> Chain:
    """Return a chain with what repeats in it drawn once, inside its branches first."""
    items = tuple(_folded_inside(item) for item in chain)
    signs = [_sign(item) for item in items]
    found: list[Item] = []
    at = 0
    while at < len(items):
        length, times = _best_repeat(items, signs, at)
        if times == 1:
            found.append(items[at])
            at += 1
            continue
        end = at + length * times
        gone = items[at : end - length]
        found.append(Repeat(items[end - length : end], times, tuple(m for item in gone for m in members(item))))
        at = end
    return tuple(found)


def members(item: Item | Skip) -> tuple[str, ...]:
    """Return the layers that an item stands for."""
    if isinstance(item, Step):
        return told_layers(item)
    if isinstance(item, Split):
        parts = [part for branch in item.branches if not isinstance(branch, Skip) for part in branch]
        return tuple(member for part in parts for member in members(part))
    if isinstance(item, Tangle):
        return tuple(member for rank in item.ranks for step in rank for member in told_layers(step))
    if isinstance(item, Repeat):
        return (*item.folded, *(member for part in item.items for member in members(part)))
    return ()


def column_count(chain: Chain) -> int:
    """Return how many steps stand side by side."""
    count = 0
    for item in chain:
        if isinstance(item, Step):
            count += 1
        elif isinstance(item, Split):
            count += max((column_count(branch) for branch in item.branches if not isinstance(branch, Skip)), default=0)
        elif isinstance(item, Tangle):
            count += len(item.ranks)
        else:
            count += column_count(item.items)
    return count


def is_fed(chain: Chain) -> bool:
    """Whether anything comes into a chain; an input begins of itself."""
    first = chain[0]
    if isinstance(first, Step):
        return bool(first.sources)
    if isinstance(first, Split):
        return any(isinstance(branch, Skip) or is_fed(branch) for branch in first.branches)
    return True


def nesting(chain: Chain) -> int:
    """Return how deep skips lie within skips, as those of a U-Net do."""
    deepest = 0
    for item in chain:
        if isinstance(item, Split):
            inner = max((nesting(branch) for branch in item.branches if not isinstance(branch, Skip)), default=0)
            deepest = max(deepest, inner + any(isinstance(branch, Skip) for branch in item.branches))
        elif isinstance(item, Repeat):
            deepest = max(deepest, nesting(item.items))
    return deepest


class _Parser:
    """Cuts a graph at the steps that everything passes, and what lies in between into its separate parts."""

    def __init__(self, steps: Mapping[str, Step], fed: Mapping[str, list[str]]) -> None:
        self._steps = steps
        self._fed = fed

    def chain(self, inside: list[str], start: str | None, end: str | None) -> Chain:
        """Return the steps ``inside``, in order, that lie between two steps."""
        cuts = self._cuts(inside)
        if not cuts:
            return (self._tangle(inside),) if len(self._parts(inside)) == 1 else self._between(inside, start, end)
        items: list[Item] = []
        left, before = 0, start
        for cut in cuts:
            step = inside[cut]
            items += self._between(inside[left:cut], before, step)
            items.append(self._steps[step])
            left, before = cut + 1, step
        return (*items, *self._between(inside[left:], before, end))

    def _cuts(self, inside: list[str]) -> list[int]:
        """Return the places of the steps that no way from start to end misses."""
        place = {step: at for at, step in enumerate(inside)}
        cuts, reach = [], -1  # how far the wires of the steps before lead
        entered = [at for at, step in enumerate(inside) if self._enters(step, place)]
        last_entry = max(entered, default=-1)
        for at, step in enumerate(inside):
            if max(reach, last_entry) <= at:
                cuts.append(at)
            targets = self._fed[step]
            inner = [place[target] for target in targets if target in place]
            leaves = len(inner) < len(targets) or not targets
            reach = max([reach, *inner, *([len(inside)] if leaves else [])])
        return cuts

    def _enters(self, step: str, place: Mapping[str, int]) -> bool:
        sources = self._steps[step].sources
        return not sources or any(source.step not in place for source in sources)

    def _between(self, inside: list[str], start: str | None, end: str | None) -> Chain:
        """Return what lies between two steps that follow each other on every way."""
        direct = self._direct(start, end)
        if not inside:
            plain = len(direct) <= 1
            return () if plain else (Split(tuple(Skip(source.label) for source in direct)),)
        parts = self._parts(inside)
        if len(parts) == 1 and not direct:
            return self.chain(inside, start, end)
        branches: list[tuple[int, Chain | Skip]] = [
            (self._port(part, end), self.chain(part, start, end)) for part in parts
        ]
        branches += [(port, Skip(source.label)) for port, source in self._ports(start, end)]
        ordered = sorted(branches, key=lambda branch: branch[0])
        return (Split(tuple(branch for _, branch in ordered)),)

    def _ports(self, start: str | None, end: str | None) -> list[tuple[int, Source]]:
        if start is None or end is None:
            return []
        return [(port, source) for port, source in enumerate(self._steps[end].sources) if source.step == start]

    def _direct(self, start: str | None, end: str | None) -> list[Source]:
        return [source for _, source in self._ports(start, end)]

    def _port(self, part: list[str], end: str | None) -> int:
        if end is None:
            return 0
        own = set(part)
        return min((port for port, source in enumerate(self._steps[end].sources) if source.step in own), default=0)

    def _parts(self, inside: list[str]) -> list[list[str]]:
        """Return the parts that no wire connects, each in order."""
        own = set(inside)
        part_of: dict[str, int] = {}
        count = 0
        for first in inside:
            if first in part_of:
                continue
            waiting = [first]
            part_of[first] = count
            for step in waiting:  # grows while it is walked
                near = [*self._fed[step], *(source.step for source in self._steps[step].sources)]
                for other in near:
                    if other in own and other not in part_of:
                        part_of[other] = count
                        waiting.append(other)
            count += 1
        parts: list[list[str]] = [[] for _ in range(count)]
        for step in inside:
            parts[part_of[step]].append(step)
        return parts

    def _tangle(self, inside: list[str]) -> Tangle:
        rank: dict[str, int] = {}
        for step in inside:
            rank[step] = max((rank[s.step] + 1 for s in self._steps[step].sources if s.step in rank), default=0)
        ranks: list[list[Step]] = [[] for _ in range(max(rank.values()) + 1)]
        for step, number in rank.items():
            ranks[number].append(self._steps[step])
        own = set(inside)
        leaving = frozenset(step for step in inside if not self._fed[step] or not own.issuperset(self._fed[step]))
        return Tangle(tuple(tuple(steps) for steps in ranks), leaving)


def _folded_inside(item: Item) -> Item:
    if isinstance(item, Split):
        return Split(tuple(branch if isinstance(branch, Skip) else fold(branch) for branch in item.branches))
    return item


def _best_repeat(items: Chain, signs: Sequence[Hashable], at: int) -> tuple[int, int]:
    """Return length and times of the repeat from a place on that saves most; the shorter pattern where two do."""
    best, saved = (1, 1), 0
    for length in range(1, min(_LONGEST, (len(signs) - at) // 2) + 1):
        first = items[at]
        closed = not isinstance(items[at + length - 1], Split)  # what joins the branches belongs to them
        if not closed or (isinstance(first, Step) and first.joins):
            continue
        times = 1
        while signs[at + times * length : at + (times + 1) * length] == signs[at : at + length]:
            times += 1
        if (times - 1) * length > saved:
            best, saved = (length, times), (times - 1) * length
    return best


def _sign(item: Item | Skip) -> Hashable:
    """Return what must be equal for two items to be drawn as one.

    What a concatenation adds up to may grow, and convolutions without padding may lose their border.
    """
    if isinstance(item, Step):
        shape: Hashable = None if item.parts else item.shape
        if item.steady and item.shape is not None:
            shape = item.shape.channels
        return (item.lines, item.symbol, item.window, shape, bool(item.classes))
    if isinstance(item, Split):
        return tuple(
            _sign(branch) if isinstance(branch, Skip) else tuple(_sign(part) for part in branch)
            for branch in item.branches
        )
    if isinstance(item, Repeat):
        return (item.times, tuple(_sign(part) for part in item.items))
    if isinstance(item, Skip):
        return item.label
    return tuple(tuple(_sign(step) for step in rank) for rank in item.ranks)
