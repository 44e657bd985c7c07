"""The form of several layers: the hyper-parameters that all of them have."""

from collections.abc import Sequence

import msgspec

from designer.panels.form import ParameterForm
from engine import Diagnostic, Layer, Parameter, parameters


class SharedForm(ParameterForm):
    """Shows several layers at once; what is not the same in all is a dash until one value is chosen for all."""

    def __init__(self, classes: Sequence[type[Layer]]) -> None:
        super().__init__(shared_parameters(classes))

    def show_layers(self, layers: Sequence[Layer], findings: Sequence[Diagnostic]) -> None:
        """Show these layers' values, and frame those that something is wrong with."""
        for name, editor in self.editors.items():
            editor.show_values([getattr(layer, name) for layer in layers])
            own = [finding for finding in findings if finding.parameter == name]
            editor.mark(own[0].severity.value if own else "")


def shared_parameters(classes: Sequence[type[Layer]]) -> tuple[Parameter, ...]:
    """Return the hyper-parameters of the same name and kind in all of some layer classes, in the order of the first.

    Their bounds are those that all allow, so that a value in them fits every layer.
    """
    first, *others = [{one.name: one for one in parameters(layer)} for layer in dict.fromkeys(classes)]
    shared = []
    for name, parameter in first.items():
        same = [other[name] for other in others if name in other]
        if len(same) == len(others) and all(_alike(parameter, one) for one in same):
            shared.append(_narrowed(parameter, same))
    return tuple(shared)


def _alike(one: Parameter, other: Parameter) -> bool:
    return one.kind == other.kind and one.choices == other.choices


def _narrowed(parameter: Parameter, others: Sequence[Parameter]) -> Parameter:
    least = [one.minimum for one in (parameter, *others) if one.minimum is not None]
    most = [one.maximum for one in (parameter, *others) if one.maximum is not None]
    return msgspec.structs.replace(
        parameter, minimum=max(least) if least else None, maximum=min(most) if most else None
    )
