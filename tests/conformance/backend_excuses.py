"""The onnx package's cases that are not run through our layers: operator, case, and why."""

_OTHER_AXES = "Convolab works on images: a case with one or three axes of space has no layer"
_NOT_FLOAT = "values are float32 in Convolab"
_TRAINING = "a step of training: Convolab runs networks, it does not train them"
_FLATTEN = "Flatten keeps the batch and lays all else out, so its axis is 1"
_CUBIC = "no cubic interpolation"
_FACTOR = (
    "a factor of 0.6 leaves part of a pixel over, and places depend on that: layers have a size, or a whole factor"
)
_NEAREST = "Resize2D takes the pixels that PyTorch's “nearest” does (asymmetric, floor)"
_RATIO = "a Resize2D has its size, and not one that keeps the ratio of the sides"
_SINGLE = "PyTorch has come to place a single pixel as it does others: in the middle"
_ANTIALIAS = "Resize2D blends the four nearest pixels, with no antialiasing"
_CROP = "no cropping while resizing"
_SYMMETRIC = "half_pixel_symmetric differs from half_pixel only where a factor leaves part of a pixel over"
_SEQUENCE = "sequences and optional values are no feature maps"


def _integers(operator: str, *kinds: str) -> dict[str, str]:
    return {f"test_{operator}_{kind}": _NOT_FLOAT for kind in kinds}


_RESIZE = {
    _FACTOR: (
        "downsample_scales_nearest",
        "downsample_scales_linear",
        "downsample_scales_linear_align_corners",
    ),
    _NEAREST: (
        "upsample_sizes_nearest",
        "downsample_sizes_nearest",
        "upsample_sizes_nearest_axes_2_3",
        "upsample_sizes_nearest_axes_3_2",
    ),
    _RATIO: (
        "upsample_sizes_nearest_not_larger",
        "upsample_sizes_nearest_not_smaller",
        "downsample_sizes_nearest_not_larger",
        "downsample_sizes_nearest_not_smaller",
    ),
    _SINGLE: ("downsample_sizes_linear_pytorch_half_pixel",),
    "in nearest mode a whole factor repeats pixels: other roundings shift them": (
        "upsample_sizes_nearest_floor_align_corners",
        "upsample_sizes_nearest_round_prefer_ceil_asymmetric",
        "upsample_sizes_nearest_ceil_half_pixel",
    ),
    _CUBIC: (
        "upsample_scales_cubic",
        "upsample_scales_cubic_align_corners",
        "downsample_scales_cubic",
        "downsample_scales_cubic_align_corners",
        "upsample_sizes_cubic",
        "downsample_sizes_cubic",
        "upsample_scales_cubic_A_n0p5_exclude_outside",
        "downsample_scales_cubic_A_n0p5_exclude_outside",
        "upsample_scales_cubic_asymmetric",
        "downsample_scales_cubic_antialias",
        "downsample_sizes_cubic_antialias",
    ),
    _ANTIALIAS: ("downsample_scales_linear_antialias", "downsample_sizes_linear_antialias"),
    _CROP: (
        "tf_crop_and_resize",
        "tf_crop_and_resize_extrapolation_value",
        "tf_crop_and_resize_axes_2_3",
        "tf_crop_and_resize_axes_3_2",
    ),
    _SYMMETRIC: ("downsample_scales_linear_half_pixel_symmetric", "upsample_scales_linear_half_pixel_symmetric"),
}
_SMALL_INTEGERS = ("int8", "int16", "uint8", "uint16", "uint32", "uint64")

EXCUSED: dict[str, dict[str, str]] = {
    "ConvTranspose": {"test_convtranspose_1d": _OTHER_AXES, "test_convtranspose_3d": _OTHER_AXES},
    "MaxPool": {
        "test_maxpool_1d_default": _OTHER_AXES,
        "test_maxpool_3d_default": _OTHER_AXES,
        "test_maxpool_3d_dilations": _OTHER_AXES,
        "test_maxpool_3d_dilations_use_ref_impl": _OTHER_AXES,
        "test_maxpool_3d_dilations_use_ref_impl_large": _OTHER_AXES,
    },
    "AveragePool": {
        "test_averagepool_1d_default": _OTHER_AXES,
        "test_averagepool_3d_default": _OTHER_AXES,
        "test_averagepool_3d_dilations_small": _OTHER_AXES,
        **{
            f"test_averagepool_3d_dilations_large_count_include_pad_is_{counted}_ceil_mode_is_{up}": _OTHER_AXES
            for counted in (0, 1)
            for up in (True, False)
        },
    },
    "LpPool": {
        "test_lppool_1d_default": _OTHER_AXES,
        "test_lppool_3d_default": _OTHER_AXES,
    },
    "Celu": _integers("celu", "float16", "bfloat16"),
    "Clip": _integers("clip", "default_int8_min", "default_int8_max", "default_int8_inbounds"),
    "BatchNormalization": {
        "test_batchnorm_example_training_mode": _TRAINING,
        "test_batchnorm_epsilon_training_mode": _TRAINING,
    },
    "Gemm": {"test_gemm_default_matrix_bias": "a Dense layer has one bias for each output, whatever the image"},
    "Flatten": {
        f"test_flatten_{axis}": _FLATTEN
        for axis in ("axis0", "axis2", "axis3", "negative_axis1", "negative_axis2", "negative_axis4")
    },
    "Slice": {
        "test_slice_start_out_of_bounds": "a slice of nothing is a mistake to Convolab, not an empty map",
        "test_slice_neg_steps": "a Slice keeps the order",
    },
    "Resize": {f"test_resize_{name}": reason for reason, names in _RESIZE.items() for name in names},
    "Add": _integers("add", *_SMALL_INTEGERS),
    "Sub": _integers("sub", *_SMALL_INTEGERS),
    "Mul": _integers("mul", *_SMALL_INTEGERS),
    "Min": _integers("min", *_SMALL_INTEGERS, "int32", "int64", "float16", "float64"),
    "Max": _integers("max", *_SMALL_INTEGERS, "int32", "int64", "float16", "float64"),
    "Dropout": {f"test_training_dropout{name}": _TRAINING for name in ("", "_mask", "_default", "_default_mask")},
    "Identity": {"test_identity_sequence": _SEQUENCE, "test_identity_opt": _SEQUENCE},
}
