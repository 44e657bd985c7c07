"""Modules that PyTorch lacks: their source, which is written only where a network needs them."""

from collections.abc import Collection

HELPERS: dict[str, str] = {
    "Rescaling": '''
class Rescaling(nn.Module):
    """Every value times one number, plus another."""

    def __init__(self, scale: float, offset: float = 0.0) -> None:
        super().__init__()
        self.scale, self.offset = scale, offset

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale + self.offset
''',
    "Normalization": '''
class Normalization(nn.Module):
    """Each channel less its mean, divided by its standard deviation."""

    def __init__(self, mean: tuple[float, ...], deviation: tuple[float, ...]) -> None:
        super().__init__()
        # Not kept with the weights: these numbers belong to the design.
        self.register_buffer("mean", torch.tensor(mean), persistent=False)
        self.register_buffer("deviation", torch.tensor(deviation), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        by_channel = (-1, *(1,) * (x.dim() - 2))
        return (x - self.mean.view(by_channel)) / self.deviation.view(by_channel)
''',
    "HardSigmoid": '''
class HardSigmoid(nn.Module):
    """A line, cut off below 0 and above 1; PyTorch's own has a slope of 1/6."""

    def __init__(self, slope: float, offset: float) -> None:
        super().__init__()
        self.slope, self.offset = slope, offset

    def forward(self, x: Tensor) -> Tensor:
        return (x * self.slope + self.offset).clamp(0, 1)
''',
    "Clip": '''
class Clip(nn.Module):
    """Values cut off at both ends, which may be the same."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__()
        self.least, self.most = least, most

    def forward(self, x: Tensor) -> Tensor:
        return x.clamp(self.least, self.most)
''',
    "PartialAvgPool2d": '''
class PartialAvgPool2d(nn.Module):
    """The mean of each window over what lies on the map; padding does not count.

    ``padding`` is left, right, top, bottom: the sides may differ.
    """

    def __init__(self, kernel_size, stride, padding) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x: Tensor) -> Tensor:
        share = self._means(torch.ones_like(x[:1, :1]))
        return self._means(x) / share

    def _means(self, x: Tensor) -> Tensor:
        padded = functional.pad(x, self.padding)
        return functional.avg_pool2d(padded, self.kernel_size, self.stride)
''',
    "DilatedSumPool2d": '''
class DilatedSumPool2d(nn.Module):
    """The sum of each window, whose cells are apart."""

    def __init__(self, kernel_size, stride, dilation) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.dilation = kernel_size, stride, dilation

    def forward(self, x: Tensor) -> Tensor:
        ones = x.new_ones(x.shape[1], 1, *self.kernel_size)
        return functional.conv2d(
            x, ones, None, self.stride, 0, self.dilation, x.shape[1]
        )
''',
    "DilatedAvgPool2d": '''
class DilatedAvgPool2d(DilatedSumPool2d):
    """The mean of each window, whose cells are apart, over what lies on the map.

    ``padding`` is left, right, top, bottom, and does not count.
    """

    def __init__(self, kernel_size, stride, dilation, padding=(0, 0, 0, 0)) -> None:
        super().__init__(kernel_size, stride, dilation)
        self.padding = padding

    def forward(self, x: Tensor) -> Tensor:
        share = self._sums(torch.ones_like(x[:1, :1]))
        return self._sums(x) / share

    def _sums(self, x: Tensor) -> Tensor:
        return super().forward(functional.pad(x, self.padding))
''',
    "LpPool2d": '''
class LpPool2d(nn.Module):
    """(Σ|x|ᵖ)^(1/p) of each window; PyTorch's own lets odd powers cancel each other.

    The powers are of doubles between 0 and 1, so that none overflows.
    """

    def __init__(self, norm: int, kernel_size, stride) -> None:
        super().__init__()
        self.norm, self.kernel_size, self.stride = norm, kernel_size, stride

    def forward(self, x: Tensor) -> Tensor:
        sizes = x.abs().double()
        largest = sizes.amax(dim=(1, 2, 3), keepdim=True).clamp(min=1e-30)
        sums = self._sums((sizes / largest) ** self.norm)
        some = sums > 0  # where there is nothing, a root has no gradient
        roots = torch.where(some, sums, 1) ** (1 / self.norm)
        return (torch.where(some, roots, 0) * largest).to(x.dtype)

    def _sums(self, x: Tensor) -> Tensor:
        return functional.avg_pool2d(
            x, self.kernel_size, self.stride, divisor_override=1
        )
''',
    "DilatedLpPool2d": '''
class DilatedLpPool2d(LpPool2d):
    """(Σ|x|ᵖ)^(1/p) of each window, whose cells are apart."""

    def __init__(self, norm: int, kernel_size, stride, dilation) -> None:
        super().__init__(norm, kernel_size, stride)
        self.sums = DilatedSumPool2d(kernel_size, stride, dilation)

    def _sums(self, x: Tensor) -> Tensor:
        return self.sums(x)
''',
    "PartialBatchNorm1d": '''
class PartialBatchNorm1d(nn.BatchNorm1d):
    """A batch normalisation with a factor alone, or with a bias alone."""

    def __init__(
        self,
        channels: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        *,
        scale: bool = True,
        center: bool = True,
    ) -> None:
        super().__init__(channels, eps=eps, momentum=momentum)
        if not scale:
            self.register_parameter("weight", None)
        if not center:
            self.register_parameter("bias", None)
''',
    "PartialBatchNorm2d": '''
class PartialBatchNorm2d(nn.BatchNorm2d):
    """A batch normalisation with a factor alone, or with a bias alone."""

    def __init__(
        self,
        channels: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        *,
        scale: bool = True,
        center: bool = True,
    ) -> None:
        super().__init__(channels, eps=eps, momentum=momentum)
        if not scale:
            self.register_parameter("weight", None)
        if not center:
            self.register_parameter("bias", None)
''',
    "ChannelNorm": '''
class ChannelNorm(nn.LayerNorm):
    """The layer normalisation of each pixel over its channels."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
''',
    "LoneGroupNorm": '''
class LoneGroupNorm(nn.GroupNorm):
    """A group normalisation of single values, also where the batch is one image."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)
''',
    "LocalResponseNorm": '''
class LocalResponseNorm(nn.LocalResponseNorm):
    """Of an even number of channels, one more counts after each than before it."""

    def forward(self, x: Tensor) -> Tensor:
        before = (self.size - 1) // 2
        sides = (0, 0, 0, 0, before, self.size - 1 - before)
        squares = functional.pad(x.square().unsqueeze(1), sides)
        means = functional.avg_pool3d(squares, (self.size, 1, 1), stride=1)
        return x / (self.k + self.alpha * means.squeeze(1)) ** self.beta
''',
    "LayerScale": '''
class LayerScale(nn.Module):
    """A learned factor for each channel, small at first."""

    def __init__(self, channels: int, initial: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), initial))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight.view(-1, *(1,) * (x.dim() - 2))
''',
    "DropPath": '''
class DropPath(nn.Module):
    """In training, leaves a branch out for a random share of the images."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        if self.p == 1:
            return torch.zeros_like(x)
        shape = (x.shape[0], *(1,) * (x.dim() - 1))
        return x * x.new_empty(shape).bernoulli_(1 - self.p) / (1 - self.p)
''',
    "Permute": '''
class Permute(nn.Module):
    """Axes in another order; the first is the batch."""

    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(self.dims)
''',
    "Slice": '''
class Slice(nn.Module):
    """Some of the channels, rows or columns."""

    def __init__(self, start: int, stop: int, step: int = 1, dim: int = 1) -> None:
        super().__init__()
        self.span, self.dim = slice(start, stop, step), dim

    def forward(self, x: Tensor) -> Tensor:
        return x[(slice(None),) * self.dim + (self.span,)]
''',
    "DepthToSpace": '''
class DepthToSpace(nn.Module):
    """Channels laid out as blocks of pixels, in TensorFlow's order of channels."""

    def __init__(self, block: int) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        b = self.block
        cells = x.reshape(n, b, b, c // b**2, h, w).permute(0, 3, 4, 1, 5, 2)
        return cells.reshape(n, c // b**2, h * b, w * b)
''',
    "SpaceToDepth": '''
class SpaceToDepth(nn.Module):
    """Blocks of pixels stacked as channels, in TensorFlow's order of channels."""

    def __init__(self, block: int) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        b = self.block
        cells = x.reshape(n, c, h // b, b, w // b, b).permute(0, 3, 5, 1, 2, 4)
        return cells.reshape(n, c * b**2, h // b, w // b)
''',
    "ChannelShuffle": '''
class ChannelShuffle(nn.Module):
    """The values of several groups dealt out in turn; PyTorch's own wants volumes."""

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, x: Tensor) -> Tensor:
        return x.unflatten(1, (self.groups, -1)).transpose(1, 2).flatten(1)
''',
}

# What helpers are made of themselves.
_OTHERS = {"DilatedAvgPool2d": ("DilatedSumPool2d",), "DilatedLpPool2d": ("DilatedSumPool2d", "LpPool2d")}


def sources(calls: Collection[str]) -> list[str]:
    """Return the source of all modules among some calls that PyTorch lacks, each behind those that it is made of."""
    needed = {*calls, *(other for call in calls for other in _OTHERS.get(call, ()))}
    return [HELPERS[call].strip("\n") for call in HELPERS if call in needed]
