"""Money in minor units."""

import pytest

from regua_sdk import AmountByCurrency, BadConfig, Rounding, share, split, to_decimal
from regua_sdk.refusal import Misfit
from regua_sdk.testkit import SituationBuilder


def test_share_rounds_the_same_way_on_both_sides_of_zero() -> None:
    for rounding, expected in ((Rounding.DOWN, 1), (Rounding.HALF_UP, 2), (Rounding.UP, 2)):
        assert share(3, 5_000, rounding) == expected
        assert share(-3, 5_000, rounding) == -expected
    assert share(1_025, 200, Rounding.HALF_UP) == 21
    assert share(7, 10_000, Rounding.UP) == 7


def test_share_of_more_than_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="10001 basis points"):
        share(1, 10_001, Rounding.DOWN)


def test_parts_add_up_to_the_whole() -> None:
    for whole in (-7, 0, 1, 59, 60, 61, 1_000_003):
        for parts in range(1, 61):
            made = split(whole, parts)
            assert (len(made), sum(made)) == (parts, whole)
            assert max(made) - min(made) <= 1
            assert made == sorted(made, reverse=True)


def test_amounts_print_with_the_currencys_digits() -> None:
    assert to_decimal(5, 2) == "0.05"
    assert to_decimal(-1_250, 2) == "-12.50"
    assert to_decimal(500, 0) == "500"


@pytest.mark.parametrize(
    ("decimal", "digits", "minor"),
    [("20.00", 2, 2_000), ("20", 2, 2_000), ("500.00", 0, 500), ("0.5", 4, 5_000)],
)
def test_decimals_are_read_exactly(decimal: str, digits: int, minor: int) -> None:
    balance = SituationBuilder().currency("BRL", digits).build().balance
    assert AmountByCurrency({"BRL": decimal}).of(balance) == minor
    assert AmountByCurrency({"USD": decimal}).of(balance) is None


def test_amount_finer_than_the_currency_is_a_bad_config() -> None:
    balance = SituationBuilder().currency("JPY", 0).build().balance
    with pytest.raises(BadConfig, match="more digits than the currency"):
        AmountByCurrency({"JPY": "500.50"}).of(balance)


@pytest.mark.parametrize(
    "bad", ["", ".5", "5.", "-5", "+5", "5,00", "1e3", "1.00000", "1234567890123", "\u0665"]
)
def test_decimals_of_another_form_are_misfits(bad: str) -> None:
    with pytest.raises(Misfit) as misfit:
        AmountByCurrency.from_json({"BRL": bad}, "/minimum")
    assert [problem.pointer for problem in misfit.value.problems] == ["/minimum/BRL"]
