"""The onnx package's models that our reader refuses, by suite, each with what it says and so why."""

_AXES = r"The model's input has [1356] axes; an image has a batch, channels, height and width"
_NOT_FLOAT = "its values are not float32"
# Exp, Sqrt, Pow, sums over axes and Tile: nobody draws a network of them. Where they are part of what is drawn (a GELU,
# a response normalisation, a reckoned shape), they are read within it; alone they are kept, and written as they were.
_NO_LAYER = "Convolab has no such layer"
_TWO_IMAGES = "does not depend on the image|depends on the image|merges an image with a constant|has a constant of"
_REDUCED = "Convolab reduces over height and width only"


def _all(reason: str, prefix: str, *names: str) -> dict[str, str]:
    return {f"test_{prefix}{name}": reason for name in names}


REFUSED: dict[str, dict[str, str]] = {
    "pytorch-converted": {
        **_all(_AXES, "AvgPool", "1d", "1d_stride", "3d", "3d_stride", "3d_stride1_pad0_gpu_input"),
        **_all(_AXES, "BatchNorm", "1d_3d_input_eval", "3d_eval", "3d_momentum_eval"),
        **_all(_AXES, "Conv1d", "", "_dilated", "_groups", "_pad1", "_pad1size1", "_pad2", "_pad2size1", "_stride"),
        **_all(_AXES, "Conv3d", "", "_dilated", "_dilated_strided", "_groups", "_no_bias", "_stride"),
        **_all(_AXES, "Conv3d", "_stride_padding"),
        **_all(
            _AXES, "MaxPool", "1d", "1d_stride", "1d_stride_padding_dilation", "3d", "3d_stride", "3d_stride_padding"
        ),
        **_all(_AXES, "PReLU", "_1d", "_1d_multiparam", "_3d", "_3d_multiparam"),
        **_all(_AXES, "", "ELU", "GLU_dim", "LeakyReLU", "LeakyReLU_with_negval", "SELU", "Softsign"),
        **_all(_NOT_FLOAT, "Embedding", "", "_sparse"),
        **_all(_NO_LAYER, "", "PoissonNLLLLoss_no_reduce"),
    },
    "pytorch-operator": {
        **_all(_AXES, "operator_", "basic", "chunk", "maxpool", "permute2", "symbolic_override_nested", "view"),
        **_all(_NOT_FLOAT, "operator_", "non_float_params"),
        **_all(_NO_LAYER, "operator_", "exp", "pow", "reduced_sum", "reduced_sum_keepdim", "repeat"),
        **_all(_NO_LAYER, "operator_", "repeat_dim_overflow", "sqrt"),
        **_all(_TWO_IMAGES, "operator_", "add_size1_broadcast", "addmm", "concat2", "max", "min", "params"),
        **_all(_REDUCED, "operator_", "reduced_mean", "reduced_mean_keepdim"),
        **_all("no image, and no vector", "operator_", "index"),
    },
}

# These are in float64, with values that float32 does not have.
DOUBLES = _all(
    "values are float32 in Convolab",
    "operator_add",
    "_broadcast",
    "_size1_right_broadcast",
    "_size1_singleton_broadcast",
    "constant",
)

# Of the node tests those that are read and pass, by operator; the rest is refused for one of the reasons below.
READ_NODES: dict[str, int] = {
    "AveragePool": 13,
    "BatchNormalization": 2,
    "Celu": 1,
    "Conv": 6,
    "ConvTranspose": 9,
    "DepthToSpace": 2,
    "Flatten": 3,
    "Gemm": 8,
    "GlobalAveragePool": 2,
    "GlobalMaxPool": 2,
    "GroupNormalization": 2,
    "Identity": 1,
    "InstanceNormalization": 2,
    "LRN": 2,
    "LayerNormalization": 7,
    "LogSoftmax": 2,
    "LpPool": 6,
    "MaxPool": 13,
    "Pad": 3,
    "Resize": 5,
    "Softmax": 2,
    "SpaceToDepth": 4,
    "Upsample": 1,
}
REASONS = (
    _AXES,
    _NOT_FLOAT,
    _NO_LAYER,
    _TWO_IMAGES,
    "it normalises as in training",
    "it normalises over axes that no layer does together",
    "Convolab lays out all but the batch, from axis 1 on",
    "operands could not be broadcast",  # a Gemm with a bias for each image
    "a dense layer multiplies a vector with a matrix",
    "are no whole number of pixels",
    "it keeps the ratio of the sides",
    "are not those of (the nearest pixels|bilinear interpolation) here",
    "more of them .antialias.",
    "Convolab does not interpolate by 'cubic'",
    "are not those of repeated pixels",
)
