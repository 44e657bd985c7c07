"""Which scene shows which layer."""

from designer.lessons.dense_scene import DenseScene
from designer.lessons.point_scene import FlattenScene, PointScene
from designer.lessons.scene import Names, Scene
from designer.lessons.softmax_scene import SoftmaxScene
from designer.lessons.window_scene import WindowScene
from designer.tiles import colormaps
from engine import CopyExplanation, LinearExplanation, SoftmaxExplanation, Steps
from engine.layers.explanation import WindowExplanation


def scene_for(
    steps: Steps, names: Names, colour_map: str = colormaps.DEFAULT, *, first: int = 0, rows: int = 3
) -> Scene:
    """Return the scene that shows a layer's steps.

    Parameters
    ----------
    steps
        What is played.
    names
        What things are called.
    colour_map
        Of the maps.
    first, rows
        The first input channel to be shown of a convolution, and how many at most.
    """
    found = steps.explain(steps.index(0))
    kind: type[Scene] = PointScene
    if isinstance(found, WindowExplanation) and steps.result.values.size:
        kind = WindowScene
    elif isinstance(found, LinearExplanation):
        kind = DenseScene
    elif isinstance(found, SoftmaxExplanation):
        kind = SoftmaxScene
    elif isinstance(found, CopyExplanation) and steps.result.values.ndim == 1 and steps.result.inputs[0].ndim == 3:
        kind = FlattenScene
    return kind(steps, names, colour_map, first, rows)
