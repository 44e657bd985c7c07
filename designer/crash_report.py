"""What a developer needs to know of an error that nobody foresaw, without what is the person's own."""

import getpass
import platform
import re
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

_PACKAGES = ("engine", "designer", "PySide6", "numpy", "pyqtgraph", "msgspec", "PIL", "onnx", "safetensors")
_NO_NAME = r"\\/\"'“”<>|:"
# Whatever follows a drive, a home or the root: the name of a folder, or of a file in it, may say who somebody is.
_PATHS = re.compile(
    rf"(?<![\w.~])(?:[A-Za-z]:)?(?:[\\/][^\s{_NO_NAME}]+(?: [^\s{_NO_NAME}]+)*)*[\\/](?=[^\s\\/])"
    rf"(?:([^\n{_NO_NAME}]*)(?=[\"'”])|([^\s{_NO_NAME}]*))"  # its last name may have spaces where it stands in quotes
)
_ENDS = 30  # calls that are told of from either end: of endless ones there are a thousand
_SHORTEST = 3  # letters of a name that is taken for one wherever it stands


def report(error: BaseException) -> str:
    """Return what a developer needs to know: versions and where it happened, without names of folders or people."""
    lines = [about(), ""]
    for number, one in enumerate(reversed(_chain(error))):
        if number:
            lines.append("then:")
        lines += _calls(one)
        lines.append(scrubbed("".join(traceback.format_exception_only(one)).strip()))
    return "\n".join(lines)


def place_of(error: BaseException) -> str:
    """Return what is the same whenever the same thing goes wrong, whatever numbers it is said with."""
    return "\n".join(line for one in _chain(error) for line in (type(one).__name__, *_calls(one)))


def about() -> str:
    """Return the versions of what runs here."""
    return (
        f"Convolab {_version('convolab')}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"numpy {_version('numpy')}\n"
        f"{platform.system()} {platform.release()} {platform.machine()}, {QGuiApplication.platformName()}"
    )


def native(trace: str) -> str:
    """Return what Python wrote down as it was ended, without the names of folders."""
    return re.sub(r'File "([^"]*)"', lambda found: f'File "{_place(found[1])}"', trace).strip()


def scrubbed(text: str) -> str:
    """Return a text in which the home is ``~``, paths say only what kind of file they end in, and nobody has a name."""
    home = re.escape(str(Path.home()))
    text = _PATHS.sub(_kind, re.sub(rf"{home}(?![\w\\/])", "~", text))
    for name in (_person(), platform.node()):
        if len(name) >= _SHORTEST:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", text)
    return text


def _kind(path: re.Match[str]) -> str:
    return "…/…" + Path(path[1] or path[2]).suffix


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # nobody that the system knows
        return ""


def _calls(error: BaseException) -> list[str]:
    """Return the calls that led to an error, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    left_out = len(frames) - 2 * _ENDS
    lines: list[str] = []
    for number, frame in enumerate(frames):
        if left_out > 0 and _ENDS <= number < _ENDS + left_out:
            if number == _ENDS:
                lines.append(f"  … {left_out} calls more …")
            continue
        lines.append(f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}")
        if frame.line:
            lines.append(f"    {frame.line}")
    return lines


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error and those that led to it, newest first."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return chain


def _place(file: str) -> str:
    parts = Path(file).parts
    for number in range(len(parts) - 1, -1, -1):
        if parts[number] in _PACKAGES:
            return "/".join(parts[number:])
    return parts[-1] if parts else file


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder
        return "(unknown)"
