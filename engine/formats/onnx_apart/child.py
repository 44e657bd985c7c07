"""The other process: answers questions about models until nobody has asked for a while.

It is run as a file and imports nothing of the engine, so that it is there soon.
"""

import contextlib
import os
import struct
import sys
import threading
from collections.abc import Callable, Iterator

import onnx
import onnx.inliner
from onnx import ModelProto, version_converter

QUESTION = struct.Struct("<16sIdQ")  # what is asked, an opset, seconds of the processor, how long the model is
ANSWER = struct.Struct("<?Q")  # whether it went well, how long the answer is
_REST_SECONDS = 20.0  # without a question, after which the process ends
_MOST_BYTES = 1 << 30  # of addresses


def _shapes(model: ModelProto, _: int) -> ModelProto:
    return onnx.shape_inference.infer_shapes(model, check_type=False, strict_mode=False, data_prop=True)


def _inlined(model: ModelProto, _: int) -> ModelProto:
    return onnx.inliner.inline_local_functions(model)


def _checked(model: ModelProto, _: int) -> ModelProto:
    onnx.checker.check_model(model, full_check=True)
    return ModelProto()


_DEEDS: dict[bytes, Callable[[ModelProto, int], ModelProto]] = {
    b"shapes": _shapes,
    b"converted": version_converter.convert_version,
    b"inlined": _inlined,
    b"checked": _checked,
}


def main() -> None:
    """Answer one question after the other."""
    _confine()
    while True:
        with _rest():
            head = sys.stdin.buffer.read(QUESTION.size)
        if len(head) < QUESTION.size:  # who asked is gone
            return
        deed, opset, seconds, size = QUESTION.unpack(head)
        model = sys.stdin.buffer.read(size)
        with _at_most(seconds):
            good, said = _answer(deed.rstrip(b"\0"), model, opset)
        sys.stdout.buffer.write(ANSWER.pack(good, len(said)) + said)
        sys.stdout.buffer.flush()


def _answer(deed: bytes, model: bytes, opset: int) -> tuple[bool, bytes]:
    try:
        return True, _DEEDS[deed](ModelProto.FromString(model), opset).SerializeToString()
    except Exception as problem:  # noqa: BLE001 - each of onnx's parts has others
        return False, str(problem).encode(errors="replace")


def _confine() -> None:
    """Have no more memory than a model of a sensible size needs, where the system knows such a limit."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        least, most = resource.getrlimit(resource.RLIMIT_AS)  # -1 is no limit
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES if least < 0 else min(least, _MOST_BYTES), most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextlib.contextmanager
def _rest() -> Iterator[None]:
    """End where nothing is asked for long."""
    end = threading.Timer(_REST_SECONDS, os._exit, (0,))
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Die after so many seconds of the processor's time, where the system counts them for us."""
    try:
        from signal import ITIMER_PROF, setitimer
    except ImportError:
        yield
        return
    setitimer(ITIMER_PROF, seconds)  # whose signal, which nobody takes, ends a process
    try:
        yield
    finally:
        setitimer(ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
