"""Each fast kernel against the plain function beside it, over random shapes and in random pieces."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernels import pool
from engine.kernels.channels_last import (
    Combine,
    Concat,
    Dense,
    Depthwise,
    Flatten,
    GlobalAverage,
    Im2col,
    Mapped,
    Normalize,
    PlanarConv,
    Pointwise,
    Pool,
    Rectify,
    Region,
    Ring,
    ScaleShift,
    Softmax,
    Winograd,
)
from engine.kernels.channels_last.region import FEW_CHANNELS, Parameters
from engine.kernels.channels_last.winograd import exact_matrices
from engine.kernels.conv import conv2d, pad

settings.register_profile("kernels", deadline=None, max_examples=60)
settings.load_profile("kernels")
seeds = st.integers(0, 2**32 - 1)


def computed(kernel, inputs, output, weights=None, random=None, regions=None):
    """Run a kernel on maps ``(H, W, C)`` in one piece, or cut at random or as said; output and scratch begin as nan.

    Floating-point flags are ignored, as in a run: OpenBLAS computes on what lies behind a packed factor, too, and drops
    it, but the processor remembers that some of it was not a number. What comes out is looked at by `close`.
    """
    weights = weights or {}
    parameters = Parameters(weights, kernel.prepare(weights))
    out = np.full(output, np.nan, np.float32)
    for region in regions or pieces(kernel, output, random):
        scratch = np.full(kernel.scratch(region), np.nan, np.float32)
        for call in kernel.calls(inputs, out, parameters, region, scratch):
            call()
    return out


def pieces(kernel, output, random):
    height, _, channels = output
    rows = {0, height}
    depths = {0, channels}
    if random is not None:
        rows |= {int(y) // kernel.row_step * kernel.row_step for y in random.integers(0, height, 2)}
        if kernel.splits_channels:
            step = getattr(kernel, "panel", 0) or 1
            depths |= {int(c) // step * step for c in random.integers(0, channels, 1)}
    for top, bottom in zip(sorted(rows), sorted(rows)[1:], strict=False):
        for first, last in zip(sorted(depths), sorted(depths)[1:], strict=False):
            yield Region(top, bottom, first, last)


def close(got, expected, tolerance=2e-5):
    assert got.shape == expected.shape
    assert np.isfinite(got).all()
    assert np.abs(got - expected).max() <= tolerance * max(1.0, np.abs(expected).max())


def last(x):
    """``(1, C, H, W)`` as a contiguous map ``(H, W, C)``."""
    return np.ascontiguousarray(x[0].transpose(1, 2, 0))


def first(x):
    """``(H, W, C)`` as ``(1, C, H, W)``."""
    return x.transpose(2, 0, 1)[None]


@st.composite
def convolutions(draw, kernels=(1, 2, 3, 5), strides=(1, 2, 3), dilations=(1, 2), depths=(1, 2, 3, 5, 8), most_pad=2):
    kernel = draw(st.sampled_from(kernels)), draw(st.sampled_from(kernels))
    stride = draw(st.sampled_from(strides)), draw(st.sampled_from(strides))
    dilation = draw(st.sampled_from(dilations)), draw(st.sampled_from(dilations))
    pads = tuple(draw(st.integers(0, most_pad)) for _ in range(4))
    extent = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    size = [
        draw(st.integers(max(1, e - a - b), max(1, e - a - b) + 11))
        for e, a, b in zip(extent, pads[::2], pads[1::2], strict=True)
    ]
    return {
        "kernel": kernel, "stride": stride, "dilation": dilation, "pads": pads, "size": tuple(size),
        "depth": draw(st.sampled_from(depths)), "filters": draw(st.sampled_from(depths)), "bias": draw(st.booleans()),
    }  # fmt: skip


def check_convolution(kind, case, seed, *, groups=1, planar=False, tolerance=2e-5, more=None):
    random = np.random.default_rng(seed)
    depth, filters = case["depth"] * groups, case["filters"] * groups
    x = random.standard_normal((1, depth, *case["size"]), dtype=np.float32)
    weight = random.standard_normal((filters, depth // groups, *case["kernel"]), dtype=np.float32)
    weights = {"weight": weight}
    if case["bias"]:
        weights["bias"] = random.standard_normal(filters, dtype=np.float32)
    geometry = {"stride": case["stride"], "dilation": case["dilation"], "groups": groups}
    expected = conv2d(x, weight, weights.get("bias"), pads=case["pads"], **geometry)
    output = last(expected).shape
    made = kind(
        input=last(x).shape, output=output, kernel=case["kernel"], before=case["pads"][::2], **geometry, **(more or {})
    )
    source = x[0].transpose(1, 2, 0) if planar else last(x)
    close(first(computed(made, [source], output, weights, random)), expected, tolerance)
    if made.rows_apart:
        whole = computed(made, [source], output, weights)
        rows = [Region(row, row + 1, 0, output[2]) for row in range(output[0])]
        assert np.array_equal(computed(made, [source], output, weights, regions=rows), whole)
    if made.ring is not None and not planar:
        check_in_a_ring(made, source, weights, random)


def check_in_a_ring(kernel, source, weights, random):
    """Check that a map in a ring, as wide as it is wanted or wider, needs no padding and gives the same bits."""
    ring = kernel.ring.widened(Ring(*map(int, random.integers(0, 4, 4))))
    stored = np.full(ring.around(source.shape), np.nan, np.float32)
    ring.inside(stored)[:] = source
    ring.clear(stored)
    within = kernel.within(ring)
    assert within.ring == Ring()
    whole = Region(0, kernel.output[0], 0, kernel.output[2])
    on_map, needed = ring.on_map(within.needs(whole, stored.shape), len(source)), kernel.needs(whole, source.shape)
    assert on_map == needed or on_map.rows == needed.rows == 0
    expected = computed(kernel, [source], kernel.output, weights)
    assert np.array_equal(computed(within, [stored], kernel.output, weights), expected)


@st.composite
def panels(draw, case):
    """How the products of a convolution are cut: not at all, or into panels and some rows."""
    widths = [width for width in (1, 2, 4, 5) if case["filters"] % width == 0]
    panel = draw(st.sampled_from([0, *widths]))
    return {"panel": panel, "bound": draw(st.sampled_from([0, 100, 100_000])) if panel else 0}


@given(data=st.data(), case=convolutions(), seed=seeds)
def test_im2col(data, case, seed):
    check_convolution(Im2col, case, seed, more=data.draw(panels(case)))


@given(case=convolutions(), seed=seeds, groups=st.sampled_from([2, 3]), planar=st.booleans())
def test_im2col_in_groups(case, seed, groups, planar):
    check_convolution(Im2col, case, seed, groups=groups, planar=planar)


@given(data=st.data(), case=convolutions(depths=(1, 2, 3, 4)), seed=seeds, planar=st.booleans())
def test_planar(data, case, seed, planar):
    check_convolution(PlanarConv, case, seed, planar=planar, more=data.draw(panels(case)))


@given(
    data=st.data(),
    case=convolutions(kernels=(1,), dilations=(1,), most_pad=0),
    seed=seeds,
    planar=st.booleans(),
    in_place=st.booleans(),
)
def test_pointwise(data, case, seed, planar, in_place):
    more = {**data.draw(panels(case)), "in_place": in_place}
    check_convolution(Pointwise, case, seed, planar=planar, more=more)


@given(case=convolutions(depths=(1,)), seed=seeds, groups=st.sampled_from([2, 5, 7, 96, 260]), planar=st.booleans())
def test_depthwise(case, seed, groups, planar):
    # Only images of few channels lie in planes.
    check_convolution(Depthwise, case, seed, groups=groups, planar=planar and groups <= FEW_CHANNELS)


@given(
    data=st.data(),
    case=convolutions(kernels=(3,), strides=(1,), dilations=(1,)),
    seed=seeds,
    tile=st.sampled_from([2, 3, 4]),
)
def test_winograd(data, case, seed, tile):
    check_convolution(Winograd, case, seed, tolerance=1e-4, more={"tile": tile, **data.draw(panels(case))})


@pytest.mark.parametrize("tile", [2, 3, 4])
def test_winograd_matrices_filter_exactly(tile):
    a, g, b = exact_matrices(tile)
    random = np.random.default_rng(tile)
    signal, taps = random.random(tile + 2), random.random(3)
    np.testing.assert_allclose(a @ ((g @ taps) * (b @ signal)), np.correlate(signal, taps, "valid"), atol=1e-12)


@pytest.mark.parametrize(("depth", "size"), [(64, 32), (512, 14)])
@pytest.mark.parametrize("tile", [2, 3, 4])
def test_winograd_error_against_float64(tile, depth, size):
    random = np.random.default_rng(depth)
    x = np.maximum(random.standard_normal((size, size, depth), dtype=np.float32), 0)
    weight = random.standard_normal((8, depth, 3, 3), dtype=np.float32) * np.float32((2 / (9 * depth)) ** 0.5)
    kernel = Winograd(x.shape, (size, size, 8), (3, 3), before=(1, 1), tile=tile)
    got = computed(kernel, [x], (size, size, 8), {"weight": weight})
    padded = pad(first(x), (1, 1, 1, 1))[0].astype(np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    expected = np.einsum("chwij,kcij->hwk", windows, weight.astype(np.float64), optimize=True)
    assert np.abs(got - expected).max() < (1e-4 if tile > 2 else 1e-5) * np.abs(expected).max()


@given(
    case=convolutions(dilations=(1, 1, 2, 3), most_pad=3),
    seed=seeds,
    kind=st.sampled_from(["max", "sum", "mean"]),
    counted=st.booleans(),
)
def test_pool(case, seed, kind, counted):
    kernel, dilation = case["kernel"], case["dilation"]
    pads = tuple(min(p, kernel[i // 2] - 1) for i, p in enumerate(case["pads"]))
    size = tuple(max(n, d * (k - 1) + 1) for n, k, d in zip(case["size"], kernel, dilation, strict=True))
    random = np.random.default_rng(seed)
    x = random.standard_normal((1, case["depth"], *size), dtype=np.float32)
    if kind == "mean":
        expected = pool.average_pool(x, kernel, case["stride"], pads, dilation, count_padding=counted)
    else:
        expected = {"max": pool.max_pool, "sum": pool.sum_pool}[kind](x, kernel, case["stride"], pads, dilation)
    output = last(expected).shape
    made = Pool(last(x).shape, output, kernel, case["stride"], pads[::2], kind, counted, dilation)
    close(first(computed(made, [last(x)], output, random=random)), expected)


@given(
    shape=st.tuples(*[st.integers(1, 40)] * 3), seed=seeds, count=st.integers(2, 4), most=st.sampled_from([6, np.inf])
)
def test_value_by_value(shape, seed, count, most):
    random = np.random.default_rng(seed)
    maps = [random.standard_normal(shape, dtype=np.float32) * 5 for _ in range(count)]
    close(computed(Combine(shape), maps, shape, random=random), sum(maps))
    pixel = random.standard_normal((1, 1, shape[2]), dtype=np.float32)
    scaled = computed(Combine(shape, operation=np.multiply), [pixel, maps[0]], shape, random=random)
    close(scaled, pixel * maps[0])
    close(computed(Mapped(shape, function=np.tanh), maps[:1], shape, random=random), np.tanh(maps[0]))
    close(computed(Rectify(shape, most=most), maps[:1], shape, random=random), np.clip(maps[0], 0, most))
    joined = np.concatenate(maps, axis=2)
    close(computed(Concat(joined.shape), maps, joined.shape, random=random), joined)
    flat = computed(Flatten(maps[0].size), maps[:1], (1, 1, maps[0].size))
    close(flat, first(maps[0]).reshape(1, 1, -1))
    average = computed(GlobalAverage(shape), maps[:1], (1, 1, shape[2]), random=random)
    close(average, maps[0].mean(axis=(0, 1), keepdims=True))


@given(shape=st.tuples(*[st.integers(1, 40)] * 3), seed=seeds)
def test_rows_with_gaps(shape, seed):
    random = np.random.default_rng(seed)
    maps = [random.standard_normal(shape, dtype=np.float32) for _ in range(2)]
    named = {"running_mean": maps[0][0, 0], "running_var": np.abs(maps[1][0, 0])}
    pooled = Pool(shape, shape, (3, 3), (1, 1), (1, 1), "mean", count_padding=False)
    ring = Ring(*map(int, random.integers(0, 3, 4)))
    for kernel, inputs, weights in (
        (Rectify(shape), maps[:1], {}),
        (Combine(shape), maps, {}),
        (Mapped(shape, function=np.tanh), maps[:1], {}),
        (ScaleShift(shape), maps[:1], named),
        (Concat(shape), [maps[0]], {}),
        (pooled, maps[:1], {}),
    ):
        assert kernel.leaves_gaps
        stored = np.full(ring.around(shape), 7, np.float32)
        parameters = Parameters(weights, kernel.prepare(weights))
        for region in pieces(kernel, shape, random):
            scratch = np.full(kernel.scratch(region), np.nan, np.float32)
            for call in kernel.calls(inputs, ring.inside(stored), parameters, region, scratch):
                call()
        assert np.array_equal(ring.inside(stored), computed(kernel, inputs, shape, weights))
        assert np.count_nonzero(stored == 7) == stored.size - maps[0].size


@given(shape=st.tuples(*[st.integers(1, 40)] * 3), seed=seeds)
def test_scale_and_shift(shape, seed):
    random = np.random.default_rng(seed)
    x = random.standard_normal(shape, dtype=np.float32)
    mean, variance, weight, bias = (random.random(shape[2], dtype=np.float32) + 0.1 for _ in range(4))
    named = {"running_mean": mean, "running_var": variance, "weight": weight, "bias": bias}
    got = computed(ScaleShift(shape, eps=1e-3), [x], shape, named, random)
    close(got, (x - mean) / np.sqrt(variance + 1e-3) * weight + bias)


@given(
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3, 40])), seed=seeds, one=st.booleans()
)
def test_normalize(shape, seed, one):
    random = np.random.default_rng(seed)
    x = np.ascontiguousarray(random.standard_normal(shape, dtype=np.float32).transpose(2, 0, 1)).transpose(1, 2, 0)
    mean, deviation = (tuple(random.random(1 if one else shape[2]) + 0.1) for _ in range(2))
    expected = (x - np.array(mean, np.float32)) / np.array(deviation, np.float32)
    assert np.array_equal(
        computed(Normalize(shape, mean=mean, deviation=deviation), [x], shape, None, random), expected
    )


@given(inputs=st.integers(1, 300), outputs=st.integers(1, 300), seed=seeds, bias=st.booleans())
def test_dense_and_softmax(inputs, outputs, seed, bias):
    random = np.random.default_rng(seed)
    x = random.standard_normal((1, 1, inputs), dtype=np.float32)
    named = {"weight": random.standard_normal((outputs, inputs), dtype=np.float32)}
    if bias:
        named["bias"] = random.standard_normal(outputs, dtype=np.float32)
    expected = x[0] @ named["weight"].T + named.get("bias", 0)
    got = computed(Dense(inputs, outputs), [x], (1, 1, outputs), named, random)
    close(got, expected[None])
    powers = np.exp(got - got.max())
    close(computed(Softmax(outputs), [got], (1, 1, outputs)), powers / powers.sum())
