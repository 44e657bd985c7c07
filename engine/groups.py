"""Groups: layers put together under a name, shown as one card where they are collapsed. They change no architecture.

Groups form a forest: each names the group it lies in, and every node lies in one group at most. A tuple of groups
lists every group behind the one it lies in, so that no group can be inside itself.
"""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from engine.graph import EditError, Graph, ordered
from engine.language import tr

PREFIX = "group"  # of generated ids


class Group(msgspec.Struct, frozen=True):
    """Nodes under a name.

    Attributes
    ----------
    id
        Unique among the groups, and no node's.
    name
        What people read.
    nodes
        The nodes that lie in it directly, not in a group inside it.
    parent
        The group that it lies in; None where that is the drawing itself.
    collapsed
        Whether it is shown as one card.
    """

    id: str
    name: str
    nodes: tuple[str, ...] = ()
    parent: str | None = None
    collapsed: bool = False


Groups = tuple[Group, ...]


class Forest:
    """Groups, looked up: which lies in which, and what is in each."""

    def __init__(self, groups: Groups) -> None:
        self.by_id = {group.id: group for group in groups}
        self.home = {node: group.id for group in groups for node in group.nodes}
        self.children: dict[str | None, list[str]] = {None: []}
        for group in groups:
            self.children[group.id] = []
            self.children[group.parent].append(group.id)
        self._members: dict[str, tuple[str, ...]] = {}
        for group in reversed(groups):  # a group comes behind its parent: what is in it is known by now
            inner = (node for child in self.children[group.id] for node in self._members[child])
            self._members[group.id] = (*group.nodes, *inner)

    def members(self, group: str) -> tuple[str, ...]:
        """Return all nodes of a group, those of the groups inside it included."""
        return self._members[group]

    def around(self, node: str) -> tuple[str, ...]:
        """Return the groups that a node lies in, innermost first."""
        return self.upwards(self.home.get(node))

    def upwards(self, group: str | None) -> tuple[str, ...]:
        """Return a group and all that it lies in, innermost first."""
        found = []
        while group is not None:
            found.append(group)
            group = self.by_id[group].parent
        return tuple(found)

    def shared(self, nodes: Iterable[str]) -> str | None:
        """Return the innermost group that all of some nodes lie in."""
        ways = [self.around(node)[::-1] for node in nodes]
        found = None
        for level in zip(*ways, strict=False):
            if any(group != level[0] for group in level):
                break
            found = level[0]
        return found

    def fold_of(self, node: str) -> str | None:
        """Return the outermost collapsed group that a node lies in: the one whose card stands for it."""
        return next((group for group in reversed(self.around(node)) if self.by_id[group].collapsed), None)


def add(groups: Groups, graph: Graph, group: Group) -> Groups:
    """Return the groups with one more.

    Raises
    ------
    EditError
        Where its id is taken, its parent is none of the groups, or one of its nodes is missing or in another group.
    """
    if not group.id:
        raise EditError(tr("A group needs an id"))
    if group.id in graph:
        raise EditError(tr("{group!r} is the id of a layer", group=group.id))
    taken = {node: other.id for other in groups for node in other.nodes}
    ids = {other.id for other in groups}
    if group.id in ids:
        raise EditError(tr("There is a group {group!r} already", group=group.id))
    if group.parent is not None and group.parent not in ids:
        raise EditError(tr("There is no group {parent!r} before this one", parent=group.parent))
    for node in group.nodes:
        graph.node(node)
        if taken.setdefault(node, group.id) != group.id:
            raise EditError(tr("{node!r} is in the group {group!r} already", node=node, group=taken[node]))
    if len(set(group.nodes)) < len(group.nodes):
        raise EditError(tr("The group {group!r} names a layer twice", group=group.id))
    return (*groups, group)


def grouped(groups: Groups, graph: Graph, nodes: Collection[str], name: str) -> tuple[Groups, str]:
    """Return the groups with a new one around some nodes, and its id.

    Groups that are wholly among the nodes come to lie in it; of others, the nodes are taken out.

    Raises
    ------
    EditError
        Where there are no nodes, or exactly these are a group already.
    """
    wanted = {graph.node(node).id for node in nodes}
    forest = Forest(groups)
    if not wanted:
        raise EditError(tr("There is nothing to group"))
    if any(set(forest.members(group.id)) == wanted for group in groups):
        raise EditError(tr("These layers are a group already"))
    whole = {group.id for group in groups if wanted.issuperset(forest.members(group.id))}
    parent = forest.shared(wanted)
    loose = tuple(node.id for node in graph.nodes if node.id in wanted and forest.home.get(node.id) not in whole)
    new = Group(fresh_id(groups, graph), name, loose, parent)
    kept = [_moved(group, new, whole, set(loose)) for group in groups]
    place = next((index for index, group in enumerate(kept, 1) if group.id == parent), 0)
    return pruned((*kept[:place], new, *kept[place:]), graph), new.id


def ungrouped(groups: Groups, gone: Collection[str]) -> Groups:
    """Return the groups without some; what was in one comes to lie in what that lay in."""
    forest = Forest(groups)

    def stays(group: str | None) -> str | None:
        return next((one for one in forest.upwards(group) if one not in gone), None)

    freed: dict[str | None, list[str]] = {}
    for group in groups:
        if group.id in gone:
            freed.setdefault(stays(group.parent), []).extend(group.nodes)
    left = []
    for group in groups:
        if group.id not in gone:
            nodes, parent = (*group.nodes, *freed.get(group.id, ())), stays(group.parent)
            same = parent == group.parent and len(nodes) == len(group.nodes)
            left.append(group if same else msgspec.structs.replace(group, nodes=nodes, parent=parent))
    return tuple(left)


def with_collapsed(groups: Groups, changed: Collection[str], collapsed: bool) -> Groups:
    """Return the groups with some of them collapsed or expanded."""
    return tuple(
        msgspec.structs.replace(group, collapsed=collapsed)
        if group.id in changed and group.collapsed != collapsed
        else group
        for group in groups
    )


def renamed(groups: Groups, changed: Collection[str], name: str) -> Groups:
    """Return the groups with another name for some of them."""
    return tuple(msgspec.structs.replace(group, name=name) if group.id in changed else group for group in groups)


def carried(groups: Groups, before: Graph, after: Graph) -> Groups:
    """Return the groups after an edit of the graph.

    Nodes that went are dropped, and groups that are empty then. New nodes that were put between nodes of one group
    join it.
    """
    if not groups or after.nodes is before.nodes:
        return groups
    kept = pruned(groups, after)
    new = {node.id for node in after.nodes if node.id not in before}
    if not new or not kept:
        return kept
    forest = Forest(kept)
    gained: dict[str, list[str]] = {}
    for part in _connected(after, new):
        home = _home_between(after, forest, part)
        if home is not None:
            gained.setdefault(home, []).extend(part)
    for home, nodes in gained.items():
        kept = enter(kept, home, nodes)
    return kept


def enter(groups: Groups, home: str, nodes: Iterable[str]) -> Groups:
    """Return the groups with nodes that are in none put in one."""
    taken = {node for group in groups for node in group.nodes}
    fresh = tuple(node for node in nodes if node not in taken)
    return tuple(
        msgspec.structs.replace(group, nodes=(*group.nodes, *fresh)) if group.id == home and fresh else group
        for group in groups
    )


def exchanged(groups: Groups, old: str, new: str) -> Groups:
    """Return the groups with another node in one's place."""
    if old == new:
        return groups
    return tuple(
        msgspec.structs.replace(group, nodes=tuple(new if node == old else node for node in group.nodes))
        if old in group.nodes
        else group
        for group in groups
    )


def within(groups: Groups, nodes: Collection[str]) -> Groups:
    """Return the groups that hold none but some nodes; they come to lie in each other alone."""
    forest = Forest(groups)
    whole = {group.id for group in groups if set(nodes).issuperset(forest.members(group.id))}
    kept = (group for group in groups if group.id in whole)
    return tuple(
        group if group.parent in whole or group.parent is None else msgspec.structs.replace(group, parent=None)
        for group in kept
    )


def pruned(groups: Groups, graph: Graph) -> Groups:
    """Return the groups without nodes that the graph has not, and without groups in which nothing is left."""
    kept: list[Group] = []
    filled: set[str | None] = set()
    for group in reversed(groups):
        nodes = tuple(node for node in group.nodes if node in graph)
        if nodes or group.id in filled:
            filled.add(group.parent)
            kept.append(group if len(nodes) == len(group.nodes) else msgspec.structs.replace(group, nodes=nodes))
    return groups if kept == list(groups[::-1]) else tuple(reversed(kept))


def fresh_id(groups: Groups, graph: Graph) -> str:
    """Return the first of ``group1``, ``group2``, … that neither a group nor a node has."""
    taken = {group.id for group in groups}
    number = 1
    while f"{PREFIX}{number}" in taken or f"{PREFIX}{number}" in graph:
        number += 1
    return f"{PREFIX}{number}"


def _moved(group: Group, new: Group, whole: Collection[str], loose: Collection[str]) -> Group:
    """Return a group after a new one was put around what is ``whole`` or ``loose``."""
    if group.id in whole:
        return msgspec.structs.replace(group, parent=new.id) if group.parent not in whole else group
    nodes = tuple(node for node in group.nodes if node not in loose)
    return group if len(nodes) == len(group.nodes) else msgspec.structs.replace(group, nodes=nodes)


def _connected(graph: Graph, nodes: set[str]) -> Iterator[list[str]]:
    """Yield the parts of a set of nodes that hang together, in the order of evaluation."""
    seen: set[str] = set()
    evaluated, cyclic = ordered(graph)
    order = {node: index for index, node in enumerate((*evaluated, *cyclic))}
    for start in sorted(nodes, key=order.__getitem__):
        if start in seen:
            continue
        part = [start]
        seen.add(start)
        for node in part:  # grows while it is walked
            near = [edge.target for edge in graph.outgoing[node]]
            near += [edge.source for edge in graph.incoming[node].values()]
            fresh = [one for one in dict.fromkeys(near) if one in nodes and one not in seen]
            seen.update(fresh)
            part += fresh
        yield sorted(part, key=order.__getitem__)


def _home_between(graph: Graph, forest: Forest, part: Collection[str]) -> str | None:
    """Return the innermost group of all that feeds some nodes and all that they feed, where there is both."""
    own = set(part)
    sources = {edge.source for node in part for edge in graph.incoming[node].values()} - own
    targets = {edge.target for node in part for edge in graph.outgoing[node]} - own
    return forest.shared((*sources, *targets)) if sources and targets else None
