r"""Train the network of model.py on images: on one processor, many, or many machines.

    python train.py DATA                                  one GPU, or the CPU
    torchrun --nproc-per-node 8 train.py DATA             eight GPUs of one machine
    torchrun --nnodes 4 --nproc-per-node 8 \
        --rdzv-backend c10d --rdzv-endpoint HOST:29500 train.py DATA    four machines

DATA is a folder with a folder of images for each class, or an .npz file with the arrays
`images` (N, H, W), (N, H, W, C) or (N, C, H, W), 0 to 255, and `labels` (N,) or, for an
answer at every pixel, (N, H, W).

After each epoch OUT holds `checkpoint.safetensors`, with which --resume goes on,
`weights.safetensors`, the best so far, which Convolab reads by File > Load weights, and
`log.jsonl`. No file holds a pickle: the optimiser's state is tensors, and its settings
are JSON in the same file's header.
"""

import argparse
import json
import math
import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader

from data import Arrays, Folder, Share, scaled
from model import ANSWER, ENDS, KIND, MODEL, OUTPUTS

PRECISIONS = {"bfloat16": torch.bfloat16, "float16": torch.float16}


def loss_of(scores: Tensor, labels: Tensor) -> Tensor:
    """Return the loss, from what the network makes before its answer is squashed."""
    if KIND == "sigmoid" or scores.shape[1] == 1:
        return functional.binary_cross_entropy_with_logits(
            scores, targets(scores, labels)
        )
    if KIND == "margins":  # one against the rest, as linear SVMs are trained
        signs = 2 * targets(scores, labels) - 1
        return (1 - signs * scores).clamp(min=0).square().mean()
    return functional.cross_entropy(scores, labels)


def targets(scores: Tensor, labels: Tensor) -> Tensor:
    """Return 1 for the right class and 0 for others; of one score, the label."""
    if scores.shape[1] == 1:
        return labels.view_as(scores).to(scores.dtype)
    right = functional.one_hot(labels, scores.shape[1]).to(scores.dtype)
    return right.movedim(-1, 1)


def right_ones(scores: Tensor, labels: Tensor) -> int:
    """Return how many answers are right."""
    if scores.shape[1] == 1:
        return int(((scores.view(labels.shape) > 0) == (labels > 0)).sum())
    return int((scores.argmax(dim=1) == labels).sum())


def first(answer: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Return what is trained of a network with several ends: the first."""
    return answer[0] if isinstance(answer, tuple) else answer


def without_answer(model: nn.Module) -> nn.Module:
    """Leave out what squashes the scores: the loss does that, in fewer roundings.

    Such a module has no weights, so that those of the network keep their names.
    """
    if KIND in ("softmax", "log-softmax", "sigmoid"):
        parent, _, name = ANSWER.rpartition(".")
        setattr(model.get_submodule(parent), name, nn.Identity())
    return model


def rate_at(step: int, steps: int, options: argparse.Namespace) -> float:
    """Return the learning rate: a straight line up, then half a cosine down to 0."""
    warm = max(1, round(options.warmup * steps))
    if step < warm:
        return options.rate * (step + 1) / warm
    done = (step - warm) / max(1, steps - warm)
    return options.rate * (1 + math.cos(math.pi * done)) / 2


def optimiser_of(
    model: nn.Module, options: argparse.Namespace
) -> torch.optim.Optimizer:
    """Return the optimiser; weights decay, biases and factors do not."""
    parameters = list(model.parameters())
    groups = [
        {"params": [one for one in parameters if one.dim() > 1]},
        {"params": [one for one in parameters if one.dim() <= 1], "weight_decay": 0.0},
    ]
    settings = {"lr": options.rate, "weight_decay": options.decay}
    if options.optimiser == "sgd":
        return torch.optim.SGD(groups, momentum=0.9, nesterov=True, **settings)
    return torch.optim.AdamW(groups, **settings)


class Processes:
    """How many processes train together, and which one this is."""

    def __init__(self, device: str) -> None:
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        gpu = device != "cpu" and torch.cuda.is_available()
        if device == "cuda" and not gpu:
            raise SystemExit("There is no GPU that PyTorch can use here")
        self.device = torch.device("cpu")
        if gpu:
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
            torch.cuda.set_device(self.device)
        if self.world > 1:
            dist.init_process_group("nccl" if gpu else "gloo")

    def sum(self, *numbers: float) -> list[float]:
        """Return the sums of numbers over all processes."""
        total = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        if self.world > 1:
            dist.all_reduce(total)
        return total.tolist()

    def wrapped(self, model: nn.Module) -> nn.Module:
        """Return the model as all processes train it together."""
        if self.world == 1:
            return model
        idle = ENDS > 1  # what leads to the other ends is not trained
        if self.device.type == "cpu":
            return DistributedDataParallel(model, find_unused_parameters=idle)
        model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        devices = [self.device.index]
        return DistributedDataParallel(model, devices, find_unused_parameters=idle)

    def end(self) -> None:
        """End this process, if there are several: all files are written, and closed."""
        if self.world > 1:
            dist.barrier()  # none leaves while another still talks to it
            dist.destroy_process_group()
            # PyTorch's threads outlive the group, and now and then one of them
            # aborts the process while Python takes itself apart.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)

    def agree(self, model: nn.Module) -> None:
        """Give all processes the running statistics of the first."""
        if self.world > 1:
            for buffer in model.buffers():
                dist.broadcast(buffer, 0)


class Training:
    """A model on its way, epoch by epoch."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.processes = Processes(options.device)
        self.device = self.processes.device
        torch.manual_seed(options.seed)
        self.model = without_answer(MODEL()).to(self.device)
        if options.weights:
            self.model.load_state_dict(load_file(options.weights))
        self.together = self.processes.wrapped(self.model)
        self.optimiser = optimiser_of(self.model, options)
        self.scaler = torch.amp.GradScaler(
            self.device.type, enabled=options.precision == "float16"
        )
        self.epoch, self.best = 0, -1.0
        self._load_data()
        if options.resume and (options.out / "checkpoint.safetensors").exists():
            self._resume(options.out / "checkpoint.safetensors")

    def _load_data(self) -> None:
        options, rank, world = self.options, self.processes.rank, self.processes.world
        data = Folder(options.data) if options.data.is_dir() else Arrays(options.data)
        order = torch.randperm(
            len(data), generator=torch.Generator().manual_seed(options.seed)
        )
        held = round(len(data) * options.hold_out)
        if held == len(data):
            raise SystemExit("All images are held out: there are none to train on")
        if OUTPUTS > 1 and len(data.classes) > OUTPUTS:
            classes = len(data.classes)
            raise SystemExit(f"There are {classes} classes, and {OUTPUTS} answers")
        self.training = Share(order[held:], rank, world, options.seed)
        self.held_out = Share(order[:held], rank, world)
        self.classes = data.classes
        batch = min(options.batch, max(1, len(self.training)))
        settings = {"batch_size": batch, "num_workers": options.workers}
        # A last batch of one image would leave nothing to normalise.
        self.batches = DataLoader(
            data, sampler=self.training, drop_last=True, **settings
        )
        self.checks = DataLoader(data, sampler=self.held_out, **settings)

    def run(self) -> None:
        """Train up to the last epoch, and write files after each."""
        options = self.options
        if self.processes.rank == 0:
            options.out.mkdir(parents=True, exist_ok=True)
        while self.epoch < min(options.epochs, options.until or options.epochs):
            start = time.perf_counter()
            report = {"epoch": self.epoch + 1, "loss": self._train()}
            self.epoch += 1
            if len(self.held_out.indices):
                report["accuracy"] = self._check()
            report["seconds"] = round(time.perf_counter() - start, 2)
            if self.processes.rank == 0:
                self._write(report)
        self.processes.end()

    def _train(self) -> float:
        options = self.options
        self.training.epoch = self.epoch
        torch.manual_seed(options.seed + 7919 * self.epoch + self.processes.rank)
        self.together.train()
        total, steps = 0.0, len(self.batches)
        for number, (pixels, labels) in enumerate(self.batches):
            rate = rate_at(self.epoch * steps + number, options.epochs * steps, options)
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            images = self._augmented(scaled(pixels.to(self.device)))
            with self._precision():
                loss = loss_of(first(self.together(images)), labels.to(self.device))
            self.optimiser.zero_grad()
            self.scaler.scale(loss).backward()
            self.scaler.step(self.optimiser)
            self.scaler.update()
            total += loss.item()
        summed, count = self.processes.sum(total, steps)
        return summed / max(1.0, count)

    def _augmented(self, images: Tensor) -> Tensor:
        """Return images moved and mirrored at random, where that is asked for."""
        most, (count, _, height, width) = self.options.shift, images.shape
        if most:
            wide = functional.pad(images, (most, most, most, most))
            starts = torch.randint(2 * most + 1, (count, 2)).tolist()
            parts = zip(wide, starts, strict=True)
            images = torch.stack(
                [one[:, y : y + height, x : x + width] for one, (y, x) in parts]
            )
        if self.options.flip:
            turned = (torch.rand(count) < 0.5).to(images.device)
            images = torch.where(turned.view(-1, 1, 1, 1), images.flip(3), images)
        return images

    def _precision(self) -> torch.autocast | nullcontext:
        kind = PRECISIONS.get(self.options.precision)
        return torch.autocast(self.device.type, kind) if kind else nullcontext()

    def _check(self) -> float:
        self.processes.agree(self.model)
        self.model.eval()
        right = count = 0
        with torch.no_grad():
            for pixels, labels in self.checks:
                with self._precision():
                    scores = first(self.model(scaled(pixels.to(self.device))))
                right += right_ones(scores, labels.to(self.device))
                count += labels.numel()
        right, count = self.processes.sum(right, count)
        return right / count

    # Files

    def _write(self, report: dict[str, float]) -> None:
        out, accuracy = self.options.out, report.get("accuracy")
        weights = {
            name: one.contiguous() for name, one in self.model.state_dict().items()
        }
        if accuracy is None or accuracy > self.best:
            self.best = accuracy if accuracy is not None else self.best
            about = {name: str(value) for name, value in report.items()}
            about["classes"] = json.dumps(self.classes)
            replace(out / "weights.safetensors", weights, about)
        self._keep(out / "checkpoint.safetensors", weights)
        line = json.dumps(report)
        with (out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        print(line, flush=True)

    def _keep(self, file: Path, weights: dict[str, Tensor]) -> None:
        """Write all that going on needs; what is not a tensor is JSON in the header."""
        optimiser = self.optimiser.state_dict()
        tensors = {f"model.{name}": one for name, one in weights.items()}
        plain: dict[str, dict[str, float]] = {}
        for number, state in optimiser["state"].items():
            for name, value in state.items():
                if isinstance(value, Tensor):
                    tensors[f"optimiser.{number}.{name}"] = value.contiguous()
                else:
                    plain.setdefault(str(number), {})[name] = value
        about = {
            "epoch": self.epoch,
            "best": self.best,
            "groups": optimiser["param_groups"],
            "state": plain,
            "scaler": self.scaler.state_dict(),
        }
        replace(file, tensors, {"training": json.dumps(about)})

    def _resume(self, file: Path) -> None:
        with safe_open(file, "pt") as opened:
            about = json.loads(opened.metadata()["training"])
        tensors = load_file(file)
        state = {int(number): values for number, values in about["state"].items()}
        model = {}
        for name, one in tensors.items():
            kind, _, rest = name.partition(".")
            if kind == "model":
                model[rest] = one
            else:
                number, _, key = rest.partition(".")
                state.setdefault(int(number), {})[key] = one
        self.model.load_state_dict(model)
        self.optimiser.load_state_dict(
            {"state": state, "param_groups": about["groups"]}
        )
        if about["scaler"]:
            self.scaler.load_state_dict(about["scaler"])
        self.epoch, self.best = about["epoch"], about["best"]


def replace(file: Path, tensors: dict[str, Tensor], about: dict[str, str]) -> None:
    """Write tensors so that a reader sees the old file or the new one, never half."""
    partial = file.with_name(file.name + ".partial")
    save_file(tensors, partial, about)
    partial.replace(file)


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("data", type=Path, metavar="DATA", help="a folder of folders, or an .npz file")
    add("--out", type=Path, default=Path("out"), help="where files go (out)")
    add("--epochs", type=int, default=20, help="how often all images are seen (20)")
    add("--until", type=int, help="leave off after this epoch, to go on with --resume")
    add("--batch", type=int, default=64, help="images in a step of each process (64)")
    add("--rate", type=float, default=1e-3, help="the highest learning rate (0.001)")
    add("--warmup", type=float, default=0.05, help="share of steps before it (0.05)")
    add("--decay", type=float, default=1e-2, help="weight decay (0.01)")
    add("--optimiser", choices=["adamw", "sgd"], default="adamw")
    add("--precision", choices=["float32", *PRECISIONS], default="float32")
    add("--hold-out", type=float, default=0.1, help="share not trained on (0.1)")
    add("--flip", action="store_true", help="mirror images at random")
    add("--shift", type=int, default=0, help="move images by up to so many pixels")
    add("--weights", type=Path, help="weights to begin with (.safetensors)")
    add("--resume", action="store_true", help="go on from OUT/checkpoint.safetensors")
    add("--workers", type=int, default=0, help="processes that read images (0)")
    add("--seed", type=int, default=0)
    add("--device", choices=["auto", "cpu", "cuda"], default="auto")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    Training(options_of()).run()
