"""The same arrays every time, and folds that share nothing and miss nothing."""

from __future__ import annotations

import numpy as np
import pytest

import course
from course.terrain import grid


def test_sine_changes_between_calls() -> None:
    x, t = course.noisy_sine(n=7, seed=3)
    again_x, again_t = course.noisy_sine(n=7, seed=3)
    assert np.array_equal(x, again_x)
    assert np.array_equal(t, again_t)
    assert not np.array_equal(t, course.noisy_sine(n=7, seed=4)[1])


def test_sine_has_wrong_shape_type_or_range() -> None:
    x, t = course.noisy_sine(n=50)
    assert x.shape == t.shape == (50, 1)
    assert x.dtype == t.dtype == np.float64
    assert 0 <= x.min() <= x.max() < 2 * np.pi
    assert (np.diff(x[:, 0]) >= 0).all()


def test_sine_without_noise_is_not_the_sine() -> None:
    x, t = course.noisy_sine(n=9, noise=0)
    assert np.array_equal(t, np.sin(x))


def test_sine_noise_has_another_size_than_asked() -> None:
    x, t = course.noisy_sine(n=20_000, noise=0.3)
    assert np.std(t - np.sin(x)) == pytest.approx(0.3, rel=0.03)


@pytest.mark.parametrize(("n", "noise"), [(0, 0.1), (-1, 0.1), (5, -0.1)])
def test_sine_takes_impossible_sizes(n: int, noise: float) -> None:
    with pytest.raises(ValueError, match=r"but"):
        course.noisy_sine(n=n, noise=noise)


def test_hills_change_between_calls() -> None:
    first, second = course.hills(seed=5), course.hills(seed=5)
    assert np.array_equal(first.t, second.t)
    assert all(np.array_equal(a, b) for a, b in zip(first.folds, second.folds, strict=True))
    assert not np.array_equal(first.t, course.hills(seed=6).t)


@pytest.mark.parametrize("folds", [3, 5, 7])
def test_folds_overlap_or_miss_a_sample(folds: int) -> None:
    data = course.hills(folds=folds)
    rows = np.concatenate(data.folds)
    assert len(data.folds) == folds
    assert sorted(rows.tolist()) == list(range(1600))
    sizes = [len(fold) for fold in data.folds]
    assert max(sizes) - min(sizes) <= 1


def test_split_has_other_sizes_than_promised() -> None:
    split = course.hills().split(0)
    assert split.x_train.shape == (960, 2)
    assert split.x_valid.shape == split.x_test.shape == (320, 2)
    assert split.t_train.shape == (960, 1)
    assert split.t_valid.shape == split.t_test.shape == (320, 1)


@pytest.mark.parametrize("fold", range(5))
def test_split_shares_or_loses_samples(fold: int) -> None:
    data = course.hills()
    split = data.split(fold)
    parts = np.concatenate([split.x_train, split.x_valid, split.x_test])
    assert {tuple(place) for place in parts} == {tuple(place) for place in data.x}
    assert len(parts) == len(data.x)


def test_split_pairs_inputs_with_targets_of_others() -> None:
    split = course.hills(noise=0).split(2)
    data = course.hills(noise=0)
    for x, t in [(split.x_train, split.t_train), (split.x_valid, split.t_valid)]:
        assert np.array_equal(t, data.height(x))


def test_a_sample_validates_or_tests_other_than_once() -> None:
    data = course.hills()
    for part in ("x_valid", "x_test"):
        places = np.concatenate([getattr(data.split(fold), part) for fold in range(5)])
        assert len({tuple(place) for place in places}) == len(places) == 1600


def test_a_fold_covers_only_a_corner() -> None:
    data = course.hills()
    for fold in data.folds:
        quarter = (data.x[fold] > 5).astype(int) @ np.array([1, 2])
        assert np.bincount(quarter, minlength=4).min() > 50


@pytest.mark.parametrize("fold", [-1, 5, 1.5, "0", None])
def test_unknown_fold_is_taken(fold: object) -> None:
    with pytest.raises(ValueError, match=r"no fold .*0 to 4"):
        course.hills().split(fold)  # type: ignore[arg-type]


@pytest.mark.parametrize(("folds", "noise"), [(2, 0.1), (0, 0.1), (1601, 0.1), (5, -1.0)])
def test_hills_take_impossible_sizes(folds: int, noise: float) -> None:
    with pytest.raises(ValueError, match=r"folds is|noise is"):
        course.hills(folds=folds, noise=noise)


def test_hills_are_not_4_and_5_high() -> None:
    data = course.hills(noise=0)
    tops = data.height(data.centres)[:, 0]
    assert sorted(np.round(tops)) == [4, 4, 5, 5, 5]
    assert tops == pytest.approx(data.peaks, rel=0.02)
    assert data.height(grid(201)).max() < 5.1


def test_height_takes_a_flat_list_of_coordinates() -> None:
    with pytest.raises(ValueError, match=r"\(samples, 2\)"):
        course.hills().height([1.0, 2.0])


def test_samples_lie_off_the_grid() -> None:
    data = course.hills()
    assert data.x.shape == (1600, 2)
    assert len(np.unique(data.x[:, 0])) == len(np.unique(data.x[:, 1])) == 40
    assert (data.x.min(), data.x.max()) == (0.0, 10.0)
