"""Codes: level and unit above come from the digits, wrong ones are explained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from divisions.codes import (
    CodeError,
    Level,
    VillageKind,
    code_range,
    read_code,
    village_kind,
)

part2, part3 = st.integers(1, 99), st.integers(1, 999)


@st.composite
def codes(draw):
    """A code that can exist, with its level and the unit above, built from the rule."""
    province, city = draw(st.integers(10, 99)), draw(part2)
    county = draw(st.integers(0, 99))
    township, village = draw(part3), draw(part3)
    stem = f"{province}{city:02}{county:02}{township:03}{village:03}"
    above_township = stem[:6] if county else stem[:4]
    tree = [
        (stem[:2], Level.PROVINCE, ""),
        (stem[:4], Level.CITY, stem[:2]),
        (stem[:9], Level.TOWNSHIP, above_township),
        (stem, Level.VILLAGE, stem[:9]),
    ]
    if county:
        tree.append((stem[:6], Level.COUNTY, stem[:4]))
    code, level, parent = draw(st.sampled_from(tree))
    return code.ljust(12, "0"), level, parent and parent.ljust(12, "0")


@given(codes())
def test_level_and_unit_above_follow_from_the_code(known):
    code, level, parent = known
    info = read_code(code)
    assert (info.code, info.level, info.parent) == (code, level, parent)


@given(codes())
def test_each_unit_above_is_a_code_of_a_higher_level_that_covers_it(known):
    info = read_code(known[0])
    while info.parent:
        above = read_code(info.parent)
        first, last = code_range(above.code)
        assert above.level < info.level
        assert first <= info.code <= last
        info = above
    assert info.level == Level.PROVINCE


@given(st.text(alphabet="0123456789.eE+ 村", max_size=14))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        info = read_code(text)
    except CodeError as error:
        assert "代码" in str(error)
    else:
        assert info.code == text
        assert len(text) == 12


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("1101160010", "有 10 位"),
        ("1.10116E+11", "Excel"),
        ("11011600100x", "数字以外"),
        ("１１０１１６００１００１", "数字以外"),
        ("010116001001", "0 开头"),
        ("110116000001", "没有乡级"),
        ("110016000000", "没有市级"),
        ("110000001001", "没有市级"),
        ("000000000000", "0 开头"),
    ],
)
def test_a_wrong_code_is_explained(code, word):
    with pytest.raises(CodeError, match=word):
        read_code(code)


@pytest.mark.parametrize(
    ("code", "parent"), [("441900003000", "441900000000"), ("460400100000", "460400000000")]
)
def test_a_town_may_hang_on_a_city_without_counties(code, parent):
    assert read_code(code).parent == parent


@pytest.mark.parametrize(
    ("serial", "kind"),
    [
        ("001", VillageKind.COMMUNITY),
        ("199", VillageKind.COMMUNITY),
        ("200", VillageKind.VILLAGE),
        ("399", VillageKind.VILLAGE),
        ("498", VillageKind.COMMUNITY),
        ("598", VillageKind.VILLAGE),
    ],
)
def test_the_last_three_digits_tell_village_from_community(serial, kind):
    assert village_kind(f"990101001{serial}") == kind
