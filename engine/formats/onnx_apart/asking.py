"""The side that asks: one process for all, started by the first question and gone when nobody asks for a while."""

import atexit
import subprocess
import sys
import threading
from contextlib import suppress
from math import prod
from typing import IO

from onnx import ModelProto, TensorProto, helper

from engine.formats.onnx_apart import child
from engine.formats.onnx_apart.child import ANSWER, QUESTION
from engine.language import tr

_SHORT, _LONG = 1.0, 2.0  # seconds of the processor's time: for a single operator, for a whole model
_PATIENCE = 60.0  # seconds in all, after which a machine that is busy with others is no excuse any more

_FEW = 64  # values of a constant that a shape may follow from; larger ones are weights


class Refused(Exception):  # noqa: N818 - an answer
    """The onnx package says no to a model; the message is its own."""


class Broken(Refused):
    """A model took down the process that was to look at it."""


def shapes(model: ModelProto) -> ModelProto:
    """Return a small model with the shapes that follow from those that go in.

    Raises
    ------
    Refused
        Where an operator does not go with what goes in.
    Broken
        Where that is not found out in time, or the process that was asked is gone.
    """
    return _ask(b"shapes", model, _SHORT)


def converted(model: ModelProto, opset: int) -> ModelProto:
    """Return a small model in another version of ONNX's operators; raises as `shapes` does."""
    return _ask(b"converted", model, _SHORT, opset)


def inlined(model: ModelProto) -> ModelProto:
    """Return a model with the bodies of its own functions in their places; raises as `shapes` does.

    The weights are not looked at, and stay here; ``model`` is left without them.
    """
    weights = list(model.graph.initializer)
    del model.graph.initializer[:]
    model.graph.initializer.extend(TensorProto(name=one.name, data_type=one.data_type, dims=[0]) for one in weights)
    made = _ask(b"inlined", model, _LONG)
    del made.graph.initializer[:]
    made.graph.initializer.extend(weights)
    return made


def check(model: ModelProto) -> None:
    """Check a model as strictly as it can be, but for what its weights hold; raises as `shapes` does."""
    bare = ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    graph = model.graph
    small = [one for one in graph.initializer if prod(one.dims) <= _FEW]
    large = [one for one in graph.initializer if prod(one.dims) > _FEW]
    entering = (helper.make_tensor_value_info(one.name, one.data_type, one.dims) for one in large)
    bare.graph.CopyFrom(
        helper.make_graph(
            graph.node, graph.name, [*graph.input, *entering], graph.output, small, value_info=graph.value_info
        )
    )
    _ask(b"checked", bare, _LONG)


def _ask(deed: bytes, model: ModelProto, seconds: float, opset: int = 0) -> ModelProto:
    data = model.SerializeToString()
    with _lock:
        answer = _other.ask(QUESTION.pack(deed, opset, seconds, len(data)) + data)
    if answer is None:
        raise Broken(tr("the onnx package breaks off over it, or takes more than {seconds:g} s", seconds=seconds))
    good, said = answer
    if not good:
        raise Refused(said.decode())
    answered: ModelProto = ModelProto.FromString(said)
    return answered


class _Other:
    """The process that is asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: bytes) -> tuple[bool, bytes] | None:
        """Return whether it went well and what was said; None where there is no answer."""
        for _ in range(2):
            try:
                process = self._started()
            except OSError:  # no process may be started here
                return None
            end = threading.Timer(_PATIENCE, process.kill)
            end.daemon = True
            end.start()
            try:
                return _answer(process, question)
            except OSError:
                if self.end():
                    return None
            finally:
                end.cancel()
        return None  # it went to rest just as it was asked, twice

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = subprocess.Popen(
                [sys.executable, "-P", child.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # where C++ says what it stumbled over
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        return self._process

    def end(self) -> bool:
        """Let it go; returns whether it died."""
        process, self._process = self._process, None
        if process is None:
            return False
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                _there(pipe).close()
        return process.wait() != 0


def _answer(process: subprocess.Popen[bytes], question: bytes) -> tuple[bool, bytes]:
    asked, answers = _there(process.stdin), _there(process.stdout)
    asked.write(question)
    asked.flush()
    head = answers.read(ANSWER.size)
    if len(head) < ANSWER.size:
        raise BrokenPipeError
    good, size = ANSWER.unpack(head)
    said = answers.read(size)
    if len(said) < size:
        raise BrokenPipeError
    return good, said


def _there(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


_lock, _other = threading.Lock(), _Other()
atexit.register(_other.end)
