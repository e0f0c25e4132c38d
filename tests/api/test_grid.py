"""The grid, for members only."""

import pytest

from tests.api.callers import signed_in
from tests.conducted import HUDDLE, conducted
from tests.house import a_member

pytestmark = pytest.mark.django_db


def grid(member, run, **query):
    return signed_in(member).get(f"/api/v1/runs/{run.uuid}/grid/", query)


def test_the_grid_is_told_from_a_cycle_on():
    owner = a_member()
    run = conducted(owner, HUDDLE)
    whole, rest = grid(owner, run).json(), grid(owner, run, after=1, until=2).json()
    assert whole["lines"][0] == {"name": "everybody"}
    assert rest["lines"] is None
    assert set(rest["cells"][::9]) == {2}
    assert rest["to"] == 2


def test_a_colleague_may_look_and_a_stranger_finds_nothing():
    owner = a_member()
    run = conducted(owner, HUDDLE)
    assert grid(a_member("viewer"), run).status_code == 200
    assert grid(a_member(of="elsewhere"), run).status_code == 404


@pytest.mark.parametrize("query", [{"after": -2}, {"after": "x"}, {"until": -1}])
def test_a_cycle_that_is_none_is_refused(query):
    owner = a_member()
    assert grid(owner, conducted(owner, HUDDLE), **query).status_code == 400
