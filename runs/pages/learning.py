"""What runs have taught, to be read."""

from django.http import HttpRequest, HttpResponse

from runs.pages.door import member_page, page
from runs.reading.learning import priors_of
from runs.reading.members import Member


@member_page
def learning(request: HttpRequest, member: Member) -> HttpResponse:
    """The priors of the tenant by problem class, and where they come from."""
    return page(request, "learning/list.html", member, "learning", classes=priors_of(member))
