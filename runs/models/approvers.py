"""Whether a tenant has enough people for the gates of a formation."""

from collections.abc import Sequence

from runs.models.tenants import Actor, Membership


def count_approvers(by: Actor, names: Sequence[str], *, self_approval: bool) -> int:
    """How many may approve at the gates of a run that this actor starts; the machine's keeper is one of them."""
    members = Membership.objects.of(by).who_decide(names)
    if not self_approval:
        members = members.exclude(user__email=by.label)
    return members.count() + by.is_keeper


def shortage(by: Actor, names: Sequence[str], quorum: int, *, self_approval: bool) -> str | None:
    """Why the gates of a run that this actor starts could never be approved; None if they can."""
    there = count_approvers(by, names, self_approval=self_approval)
    if there >= quorum:
        return None
    who = " or ".join(names) if names else "members whose role may decide"
    voices = "1 approval" if quorum == 1 else f"{quorum} approvals"
    others = "" if self_approval else " besides whoever starts the run"
    return f"a gate needs {voices}, and there are {there} who may give one: {who}{others}"
