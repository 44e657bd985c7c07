import msgspec
import pytest

from designer.document import Change, Document
from engine import Conv2D, Graph, Group, Input, Network, Node, ReLU, Weights, analyse


def small() -> Graph:
    graph = Graph().add(Node("image", Input())).add(Node("conv1", Conv2D()))
    return graph.connect("image", "conv1")


@pytest.fixture
def document(qapp) -> Document:
    document = Document()
    document.load(Network("small", small(), layout={"image": (0, 0), "conv1": (0, 70)}))
    return document


@pytest.fixture
def changes(document: Document) -> list[Change]:
    heard: list[Change] = []
    document.changed.connect(heard.append)
    return heard


def test_an_edit_is_one_change_with_the_new_analysis(document, changes):
    document.edit("Add ReLU", document.graph.add(Node("relu1", ReLU())).connect("conv1", "relu1"))
    (change,) = changes
    assert change.before.graph == small()
    assert change.after is document.network
    assert change.analysis == analyse(change.after.graph)
    assert document.undo_stack.undoText() == "Add ReLU"


def test_undo_and_redo_restore_the_very_networks(document):
    before = document.network
    document.edit("Add ReLU", document.graph.add(Node("relu1", ReLU())))
    after = document.network
    document.undo_stack.undo()
    assert document.network is before
    document.undo_stack.redo()
    assert document.network is after


def test_an_edit_that_changes_nothing_is_no_step(document, changes):
    document.edit("Nothing", small())
    assert not changes
    assert document.undo_stack.count() == 0


def test_steps_with_one_key_are_one_step_back(document):
    for filters in (9, 10, 11):
        layer = Conv2D(filters=filters)
        document.edit("Change filters", document.graph.replace_layer("conv1", layer), merge_key=("conv1", "filters"))
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.graph == small()


def test_a_drag_that_ends_where_it_began_leaves_no_step(document):
    for filters in (9, 8):
        layer = Conv2D(filters=filters)
        document.edit("Change filters", document.graph.replace_layer("conv1", layer), merge_key=("conv1", "filters"))
    assert document.graph == small()
    assert document.undo_stack.count() == 0
    assert not document.modified


def test_steps_of_other_things_or_long_after_do_not_merge(document, monkeypatch):
    document.edit("A", document.graph.replace_layer("conv1", Conv2D(filters=9)), merge_key=("conv1", "filters"))
    document.edit(
        "B", document.graph.replace_layer("conv1", Conv2D(filters=9, groups=3)), merge_key=("conv1", "groups")
    )
    assert document.undo_stack.count() == 2
    monkeypatch.setattr("designer.document.MERGE_SECONDS", -1.0)
    document.edit("C", document.graph.replace_layer("conv1", Conv2D()), merge_key=("conv1", "groups"))
    assert document.undo_stack.count() == 3


def test_positions_of_removed_nodes_go_and_moving_revalidates_nothing(document, changes):
    analysis = document.analysis
    document.edit("Move", document.graph, {"conv1": (50, 90)})
    assert document.analysis is analysis
    assert document.network.layout["conv1"] == (50, 90)
    document.edit("Delete", document.graph.remove(["conv1"]))
    assert document.network.layout == {"image": (0, 0)}


def test_removed_nodes_leave_the_selection(document):
    document.selection.select(["image", "conv1"])
    document.edit("Delete", document.graph.remove(["conv1"]))
    assert document.selection.nodes == ("image",)
    assert document.selection.only == "image"


def test_saving_is_remembered_through_undo(document, tmp_path):
    document.edit("Rename", document.graph.rename("conv1", "first"))
    assert document.modified
    document.mark_saved(tmp_path / "small.json")
    assert not document.modified
    document.undo_stack.undo()
    assert document.modified


def test_findings_are_worst_first_and_an_empty_canvas_is_no_mistake(document):
    document.edit("Add", document.graph.add(Node("relu1", ReLU())))
    ranks = [("error", "warning", "info").index(found.severity) for found in document.findings]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    document.load(Network())
    assert document.findings == ()


def test_weights_are_a_step_too(document):
    weights = Weights({})
    document.set_weights("Load weights", weights)
    assert document.network == msgspec.structs.replace(document.network, weights=weights)
    document.undo_stack.undo()
    assert document.network.weights is None


def test_many_emissions_do_not_wear_the_interpreter_out(document):
    heard = []
    document.file_changed.connect(lambda: heard.append(None))
    for _ in range(20_000):
        document.file_changed.emit()
    assert len(heard) == 20_000


def test_an_edit_carries_the_groups_along(document):
    group = Group("group1", "Pair", ("image", "conv1"), collapsed=True)
    document.apply("Group", msgspec.structs.replace(document.network, groups=(group,)))
    graph = document.graph
    document.edit("Insert ReLU", graph.insert(graph.edges[0], Node("relu1", ReLU())))
    assert document.network.groups == (msgspec.structs.replace(group, nodes=("image", "conv1", "relu1")),)
    document.edit("Delete", document.graph.remove(["image", "conv1", "relu1"]))
    assert document.network.groups == ()
    for _ in range(2):
        document.undo_stack.undo()
    assert document.network.groups == (group,)


def test_a_change_of_groups_analyses_nothing(document, changes):
    analysis, findings = document.analysis, document.findings
    groups = (Group("group1", "Pair", ("image", "conv1")),)
    document.apply("Group", msgspec.structs.replace(document.network, groups=groups))
    (change,) = changes
    assert change.after.graph is change.before.graph
    assert document.analysis is analysis
    assert document.findings is findings
    assert document.modified


def test_restored_work_has_no_step_back_and_is_unsaved_until_it_is_saved(document, tmp_path):
    document.restore(Network("Restored"), tmp_path / "net.json")
    assert document.network.name == "Restored"
    assert document.modified
    assert not document.undo_stack.canUndo()
    document.mark_saved(tmp_path / "net.json")
    assert not document.modified
