"""
Quantiles of the Beta distribution, from the standard library alone.

The cumulative distribution is the regularised incomplete beta function, summed as a
continued fraction (DLMF 8.17.22, evaluated by the modified Lentz method) with the
logarithm of the gamma function. It is inverted by Newton steps that fall back to
halving, so every quantile is found.
"""

import math

_TINY = 1e-300
_PRECISION = 1e-13
_MOST_TERMS = 10_000
_STEP_PRECISION = 1e-10
_MOST_STEPS = 200
_TRIED_STEPS = 10
"""How many steps may be long ones; most values are found in four."""


def matched_shapes(mean: float, deviation: float) -> tuple[float, float] | None:
    """
    Return the shapes of the Beta distribution with this mean and standard deviation.

    Returns:
        None where no such distribution exists: the mean is not between 0 and 1, the
        deviation is 0, or it is too wide for the mean.
    """
    most, variance = mean * (1 - mean), deviation**2
    if not 0 < variance < most:
        return None
    certainty = most / variance - 1
    return mean * certainty, (1 - mean) * certainty


def cumulative(x: float, a: float, b: float) -> float:
    """
    Return the chance that a Beta(a, b) value is at most *x*.

    Args:
        x: 0 to 1, both inclusive.
        a: First shape, above 0.
        b: Second shape, above 0.

    Raises:
        ValueError: If a shape is not above 0, or *x* lies outside 0 to 1.
    """
    _check_shapes(a, b)
    if not 0 <= x <= 1:
        raise ValueError("x must lie from 0 to 1")
    if x in (0, 1):
        return float(x)
    return _incomplete(x, a, b, _log_beta(a, b))


def quantiles(chances: tuple[float, ...], a: float, b: float) -> tuple[float, ...]:
    """
    Return the values that a Beta(a, b) variable stays under with each chance.

    Args:
        chances: Each above 0 and below 1.
        a: First shape, above 0.
        b: Second shape, above 0.

    Returns:
        One value from 0 to 1 for each chance, right to about 1e-10.

    Raises:
        ValueError: If a shape is not above 0, or a chance not between 0 and 1.
    """
    _check_shapes(a, b)
    if not all(0 < chance < 1 for chance in chances):
        raise ValueError("a chance must lie between 0 and 1")
    log_beta = _log_beta(a, b)
    return tuple(_quantile(chance, a, b, log_beta) for chance in chances)


def _quantile(chance: float, a: float, b: float, log_beta: float) -> float:
    def missed(x: float) -> float:
        return _incomplete(x, a, b, log_beta) - chance

    low, high = 0.0, 1.0
    x = _first_guess(chance, a, b, log_beta)
    for turn in range(_MOST_STEPS):
        error = missed(x)
        low, high = (low, x) if error > 0 else (x, high)
        following = _step(x, error, a, b, log_beta)
        # Far out in the tail of a narrow distribution Halley's steps only crawl.
        if turn >= _TRIED_STEPS or not low < following < high:
            following = (low + high) / 2
        if abs(following - x) < _STEP_PRECISION or high - low < _STEP_PRECISION:
            return following
        x = following
    return x


def _step(x: float, error: float, a: float, b: float, log_beta: float) -> float:
    # Newton's step with the second-order correction of Halley: about half the steps.
    log_density = (a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - log_beta
    ratio = error * math.exp(min(-log_density, 700.0))
    bend = ratio * ((a - 1) / x - (b - 1) / (1 - x)) / 2
    return x - ratio / max(1 - bend, 0.5)


def _first_guess(chance: float, a: float, b: float, log_beta: float) -> float:
    # Near either end the distribution is a power of the distance to that end.
    if chance < _share_below_mode(a, b):
        guess = math.exp(min((math.log(chance * a) + log_beta) / a, -0.01))
    else:
        guess = 1 - math.exp(min((math.log((1 - chance) * b) + log_beta) / b, -0.01))
    return min(max(guess, 1e-12), 1 - 1e-12)


def _share_below_mode(a: float, b: float) -> float:
    return b / (a + b)


def _incomplete(x: float, a: float, b: float, log_beta: float) -> float:
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta)
    # The fraction converges fast on this side of the mean; the other side mirrors it.
    if x < (a + 1) / (a + b + 2):
        return min(front * _fraction(x, a, b) / a, 1.0)
    return max(1 - front * _fraction(1 - x, b, a) / b, 0.0)


def _fraction(x: float, a: float, b: float) -> float:
    # Even and odd terms of the fraction are taken together, two per turn.
    c, d = 1.0, 1 / _apart_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        two_m = a + 2 * m
        even = m * (b - m) * x / ((two_m - 1) * two_m)
        d = 1 / _apart_from_zero(1 + even * d)
        c = _apart_from_zero(1 + even / c)
        value *= c * d
        odd = -(a + m) * (a + b + m) * x / (two_m * (two_m + 1))
        d = 1 / _apart_from_zero(1 + odd * d)
        c = _apart_from_zero(1 + odd / c)
        value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _apart_from_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _check_shapes(a: float, b: float) -> None:
    if not (a > 0 and b > 0):
        raise ValueError("both shapes must be above 0")
