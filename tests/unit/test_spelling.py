"""Pain as signs: every score and a day without a report, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.spelling import NOT_LOGGED, pain_of, sign_of


@given(pain=st.none() | st.integers(0, 10))
def test_what_is_spelled_is_read_back(pain: int | None) -> None:
    """One sign each, so that a place in the text is a day."""
    sign = sign_of(pain)

    assert len(sign) == 1
    assert (sign == NOT_LOGGED) is (pain is None)
    assert pain_of(sign) == pain


@pytest.mark.parametrize("sign", ["x", "-", " "])
def test_another_sign_is_none(sign: str) -> None:
    """It is refused and not read as a score."""
    with pytest.raises(ValueError, match="not found"):
        pain_of(sign)


def test_a_score_above_ten_has_no_sign() -> None:
    """No sign is made up for it."""
    with pytest.raises(IndexError):
        sign_of(11)
