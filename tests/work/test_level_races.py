"""Two reviewers of one level at one moment."""

from __future__ import annotations

from luoshi.orgs.refusals import Conflict
from luoshi.work.models import Review, Submission
from luoshi.work.review import accept, send_back
from tests.at_once import RACES, at_once
from tests.cast import Cast
from tests.work.test_levels import handed_in, levelled, posted

pytestmark = RACES


def test_one_passes_it_on_the_other_is_told(cast: Cast) -> None:
    one = handed_in(cast, levelled(cast, "county", "prefecture"))
    second, first, county = posted("990101"), cast.co_ordinator, cast.organisations["990101"].pk
    ends = at_once(
        lambda: accept(one, revision=1, by=first, level=county),
        lambda: accept(one, revision=1, by=second, level=county),
    )
    assert {type(end) for end in ends} == {Review, Conflict}
    level = Submission.objects.select_related("level").get().level
    assert level is not None
    assert (level.code, Review.objects.count()) == ("9901", 1)


def test_one_passes_it_on_the_other_sends_it_back(cast: Cast) -> None:
    one = handed_in(cast, levelled(cast, "county", "prefecture"))
    second, first, county = posted("990101"), cast.co_ordinator, cast.organisations["990101"].pk
    ends = at_once(
        lambda: accept(one, revision=1, by=first, level=county),
        lambda: send_back(one, "请补图片", revision=1, by=second, level=county),
    )
    assert {type(end) for end in ends} == {Review, Conflict}
    assert Review.objects.count() == 1
