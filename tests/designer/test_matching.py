"""Finding layers by a few letters."""

import pytest

from designer.catalogue import entries, search
from designer.matching import Subject, best, score
from engine import LAYERS


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("bn", "BatchNorm2D"),
        ("gap", "GlobalAvgPool2D"),
        ("fc", "Dense"),
        ("linear", "Dense"),
        ("fully connected", "Dense"),
        ("maxpool", "MaxPool2D"),
        ("max pool", "MaxPool2D"),
        ("upsample", "Upsample2D"),
        ("up", "Upsample2D"),
        ("conv", "Conv2D"),
        ("deconv", "ConvTranspose2D"),
        ("Conv2DTranspose", "ConvTranspose2D"),
        ("swish", "SiLU"),
        ("skip", "Add"),
        ("cat", "Concat"),
        ("pad", "ZeroPad2D"),
        ("lrn", "LocalResponseNorm"),
        ("pixel shuffle", "DepthToSpace"),
        ("gelu", "GELU"),
        ("norm", "Normalization"),
        ("resid", "Add"),
        ("dpth", "DepthwiseConv2D"),
        ("squeeze", "Multiply"),
    ],
)
def test_what_people_type_finds_what_they_mean(typed, first):
    assert search(entries(), typed)[0].title == first


@pytest.mark.parametrize("layer", LAYERS, ids=lambda one: one.__name__)
def test_every_layer_is_found_first_by_its_own_name(layer):
    for typed in (layer.title, layer.__name__, layer.title.upper()):
        assert search(entries(), typed)[0].types == (layer.__name__,)


def test_better_matches_come_first():
    ranks = [
        score("gap", Subject("Gap")),
        score("gap", Subject("GapFiller")),
        score("gap", Subject("The Gap")),
        score("gap", Subject("GlobalAvgPool")),
        score("gap", Subject("Other", others=("gapping",))),
        score("gap", Subject("Engaped")),
        score("gap", Subject("Other", topics=("gaps",))),
        score("gap", Subject("Grampus")),
        score("gap", Subject("Other", text="It has gaps.")),
        score("gap", Subject("Other", text="All are engaped.")),
    ]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def test_nearer_letters_come_before_scattered_ones():
    assert score("mxp", Subject("MaxPool")) < score("mxp", Subject("GlobalMaxPool"))


def test_every_word_must_match():
    assert score("global max", Subject("GlobalMaxPool")) is not None
    assert score("global min", Subject("GlobalMaxPool")) is None
    assert score("", Subject("Anything")) == 0


def test_equal_matches_stay_in_order():
    assert best(["ab", "aa", "ac"], "a", Subject) == ["ab", "aa", "ac"]
    assert best(["ab", "aa", "ac"], "zz", Subject) == []
