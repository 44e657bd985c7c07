"""What modules, classes and parameters are called, and with that the names of a ``state_dict``."""

import builtins
import re
from collections import Counter
from collections.abc import Iterator

from engine.analysis import Analysis, analyse
from engine.formats.source.names import camel, identifier, unlike
from engine.formats.source.regions import Grouping, Item, Leaf, Part, grouping_of, whole
from engine.formats.source.titles import part_title, snake
from engine.formats.torch_code.helpers import HELPERS
from engine.formats.torch_code.steps import Given, Module, Steps
from engine.formats.torch_code.structure import Class, Structure
from engine.formats.torch_code.tables import WRITERS
from engine.network import Network

# What a `nn.Sequential` has and modules in it may therefore not be called; a test compares this with PyTorch's.
# fmt: off
RESERVED = frozenset((
    "T_destination", "add_module", "append", "apply", "bfloat16", "buffers", "call_super_init", "children",
    "compile", "cpu", "cuda", "double", "dump_patches", "eval", "extend", "extra_repr", "float", "forward",
    "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half", "insert", "ipu", "load_state_dict",
    "modules", "mtia", "named_buffers", "named_children", "named_modules", "named_parameters", "parameters", "pop",
    "register_backward_hook", "register_buffer", "register_forward_hook", "register_forward_pre_hook",
    "register_full_backward_hook", "register_full_backward_pre_hook", "register_load_state_dict_post_hook",
    "register_load_state_dict_pre_hook", "register_module", "register_parameter", "register_state_dict_post_hook",
    "register_state_dict_pre_hook", "requires_grad_", "set_extra_state", "set_submodule", "share_memory",
    "state_dict", "to", "to_empty", "train", "training", "type", "xpu", "zero_grad", "self",
))
_SETTINGS = (  # of a project
    "MODEL", "CLASSES", "CHANNELS", "HEIGHT", "WIDTH", "SCALING", "FIT", "INVERT", "ENDS", "OUTPUTS", "ANSWER",
    "KIND",
)
# fmt: on
_IN_USE = frozenset(("nn", "torch", "functional", "Tensor", "OrderedDict", *HELPERS, *_SETTINGS, *dir(builtins)))

_TAIL = re.compile(r"(?<=\w)\s*[(:].*", re.DOTALL)  # “U-Net (original: …)” is called U-Net

Attributes = list[tuple[str, ...]]  # for each item of a part, what its modules are called


class Naming:
    """The names in the source of one network."""

    def __init__(self, structure: Structure, title: str, grouping: Grouping) -> None:
        self.structure = structure
        self._grouping = grouping
        self._attributes: dict[int, Attributes] = {}
        taken: set[str] = set()
        own = structure.classes[-1]
        own.name = unlike(camel(_TAIL.sub("", title), "Network"), taken, _IN_USE)
        taken.add(own.name)
        for one in structure.classes[:-1]:
            one.name = unlike(self._title(one), taken, _IN_USE)
            taken.add(one.name)

    def attributes(self, part: Part) -> Attributes:
        """Return what the modules in a part are called: the same in all parts that are built alike.

        In a chain whose items have numbers for names, or none, they are numbers: the places in a `nn.Sequential`.
        """
        known = self._attributes.get(id(part))
        if known is None:
            first = self.structure.alike(part)[0]
            known = self._attributes[id(part)] = self._make(first) if first is part else self.attributes(first)
        return known

    def is_counted(self, part: Part) -> bool:
        """Whether the modules of a chain are counted, not named."""
        if not part.is_chain or part is self.structure.root:
            return False
        tokens = [item.token for item in self.structure.alike(part)[0].items]
        if all(token.isascii() and token.isdigit() for token in tokens):
            return True
        return all(isinstance(item, Part) for item in part.items) and len(set(tokens)) < len(tokens)

    def _make(self, part: Part) -> Attributes:
        counts = [len(self._suffixes(item)) for item in part.items]
        if self.is_counted(part):
            places = iter(range(sum(counts)))
            return [tuple(str(next(places)) for _ in range(count)) for count in counts]
        taken: set[str] = set()
        found: Attributes = []
        for item, word in zip(part.items, self._words(part), strict=True):
            names = []
            for suffix in self._suffixes(item):
                name = unlike(f"{word}_{suffix}" if suffix else word, taken, RESERVED)
                taken.add(name)
                names.append(name)
            found.append(tuple(names))
        return found

    def _suffixes(self, item: Item) -> list[str]:
        if isinstance(item, Part):
            return [""]
        return [module.suffix for module in self.structure.modules(item)]

    def _words(self, part: Part) -> list[str]:
        """Return a name for each item: its own where all parts that are built alike agree, or else by its kind."""
        rows = [self._tokens(one) for one in self.structure.alike(part)]
        if all(row == rows[0] for row in rows):
            return [identifier(token, self._kind(item)) for token, item in zip(rows[0], part.items, strict=True)]
        kinds = [self._kind(item) for item in part.items]
        several = {kind for kind, count in Counter(kinds).items() if count > 1}
        seen: Counter[str] = Counter()
        words = []
        for kind in kinds:
            seen[kind] += 1
            words.append(f"{kind}{seen[kind]}" if kind in several else kind)
        return words

    def _tokens(self, part: Part) -> list[str]:
        """Return what the items are called, without what all their names begin with."""
        tokens = [_spoken(item) for item in part.items]
        if self._grouping == "paths" or part is self.structure.root or len(tokens) < 2:
            return tokens
        rows = [token.replace(".", "_").split("_") for token in tokens]
        while all(len(row) > 1 for row in rows) and len({row[0] for row in rows}) == 1:
            rows = [row[1:] for row in rows]
        return ["_".join(row) for row in rows]

    def _kind(self, item: Item) -> str:
        if isinstance(item, Leaf):
            return self._layer_prefix(item)
        inner = self.structure.class_of(item)
        return identifier(snake(self._title(inner)) if inner is not None else "part", "part")

    def _title(self, one: Class) -> str:
        return part_title(self.structure.analysis.graph, one.part, self._grouping)

    def _layer_prefix(self, leaf: Leaf) -> str:
        return self.structure.analysis.graph.by_id[leaf.node].layer.prefix


def named(network: Network, analysis: Analysis, steps: dict[str, Steps], grouping: Grouping) -> Naming:
    """Return the names in a network's source."""
    root = whole(network, analysis, grouping)
    return Naming(Structure(analysis, root, steps), network.name, grouping)


def all_steps(analysis: Analysis) -> dict[str, Steps]:
    """Return what becomes of each layer but the image; all layers have a counterpart."""
    return {
        node: WRITERS[type(entry.layer)](Given.of(entry))
        for node, entry in analysis.nodes.items()
        if type(entry.layer) in WRITERS
    }


def state_names(network: Network, grouping: Grouping | None = None) -> dict[str, str]:
    """Return, by the names that files of weights have (``conv1.weight``), those of the module's ``state_dict``.

    Parameters
    ----------
    network
        A network without errors.
    grouping
        What says which layers are a module; that of the written source where it is None.
    """
    return {
        f"{leaf.node}.{ours}": f"{path}.{theirs}"
        for leaf, module, path in _paths(network, grouping)
        for ours, theirs in module.arrays
    }


def module_path(network: Network, node: str) -> str:
    """Return where in the written module a layer's own module is; empty where it is an operation or the image."""
    return next((path for leaf, _, path in reversed([*_paths(network, None)]) if leaf.node == node), "")


def said(network: Network) -> frozenset[str]:
    """Return the ids of the layers and groups whose names are those of modules in the source, as far as Python's go."""
    analysis = analyse(network.graph)
    grouping = grouping_of(network, analysis)
    naming = named(network, analysis, all_steps(analysis), grouping)
    found: set[str] = set()
    waiting = [naming.structure.root]
    for part in waiting:  # grows while it is walked
        for item, names in zip(part.items, naming.attributes(part), strict=True):
            if isinstance(item, Part):
                waiting.append(item)
            word = identifier(_spoken(item), "")
            if word and any(not name.isdigit() and (name.startswith(word) or word.endswith(name)) for name in names):
                found.add(item.node if isinstance(item, Leaf) else item.key)
    return frozenset(found if grouping == "groups" else found.difference(group.id for group in network.groups))


def _paths(network: Network, grouping: Grouping | None) -> Iterator[tuple[Leaf, Module, str]]:
    analysis = analyse(network.graph)
    naming = named(network, analysis, all_steps(analysis), grouping or grouping_of(network, analysis))

    def within(part: Part, path: str) -> Iterator[tuple[Leaf, Module, str]]:
        for item, names in zip(part.items, naming.attributes(part), strict=True):
            if isinstance(item, Part):
                yield from within(item, f"{path}{names[0]}.")
            else:
                for module, name in zip(naming.structure.modules(item), names, strict=True):
                    yield item, module, f"{path}{name}"

    return within(naming.structure.root, "")


def _spoken(item: Item) -> str:
    """Return what an item is called; a group's “Stage 1” is ``stage1``."""
    if isinstance(item, Leaf):
        return item.token
    words = item.token.lower().split() if " " in item.token else [item.token]
    return "".join(word if word.isdigit() or not at else f"_{word}" for at, word in enumerate(words))
