"""Networks as the source of a PyTorch module, and the names that its ``state_dict`` has for our weights."""

from engine.formats.torch_code.naming import module_path, said, state_names
from engine.formats.torch_code.writer import class_name, encode, written

__all__ = ["class_name", "encode", "module_path", "said", "state_names", "written"]
