"""Groups of like-minded voters, where there are too many to tell them apart one by one."""

from runs.reading.seriation import Distances

#: Up to so many people are shown one by one, without groups.
FEW = 50
MOST_GROUPS = 5
MOST_ROUNDS = 20


def grouped(distances: Distances) -> list[int]:
    """The number of each one's group, from 0; everybody is in group 0 where there are few.

    For every number of groups from 2 to 5: as many speakers are chosen, each the farthest from those before; everybody joins the
    nearest, each group's speaker becomes the one who is nearest to all of it, until nothing changes. Of these divisions the one
    with the best mean silhouette is taken: in which people are most clearly nearer to their own group than to the next.
    """
    if len(distances) <= FEW:
        return [0] * len(distances)
    divisions = [_divided(distances, count) for count in range(2, MOST_GROUPS + 1)]
    return max(divisions, key=lambda groups: (silhouette(distances, groups), -max(groups)))


def silhouette(distances: Distances, groups: list[int]) -> float:
    """The mean of (b - a) / max(a, b): a is one's mean distance within the group, b that to the nearest other group."""
    sizes = [groups.count(number) for number in range(max(groups) + 1)]
    scores = [_score(_sums(row, groups, len(sizes)), sizes, own) for row, own in zip(distances, groups, strict=True)]
    return sum(scores) / len(scores) if scores else 0.0


def _sums(row: list[int], groups: list[int], count: int) -> list[int]:
    sums = [0] * count
    for distance, group in zip(row, groups, strict=True):
        sums[group] += distance
    return sums


def _score(sums: list[int], sizes: list[int], own: int) -> float:
    others = [sums[number] / sizes[number] for number in range(len(sizes)) if number != own and sizes[number]]
    if sizes[own] < 2 or not others:
        return 0.0
    within, nearest = sums[own] / (sizes[own] - 1), min(others)
    return (nearest - within) / max(nearest, within) if max(nearest, within) else 0.0


def _divided(distances: Distances, count: int) -> list[int]:
    speakers = _far_apart(distances, count)
    groups = _joined(distances, speakers)
    for _ in range(MOST_ROUNDS):
        speakers = [_middle(distances, [place for place, group in enumerate(groups) if group == number]) for number in range(count)]
        following = _joined(distances, speakers)
        if following == groups:
            break
        groups = following
    return groups


def _far_apart(distances: Distances, count: int) -> list[int]:
    everybody = range(len(distances))
    chosen = [min(everybody, key=lambda place: (sum(distances[place]), place))]
    while len(chosen) < count:
        chosen.append(max(everybody, key=lambda place: (min(distances[place][speaker] for speaker in chosen), -place)))
    return chosen


def _joined(distances: Distances, speakers: list[int]) -> list[int]:
    """Everybody's nearest speaker; a speaker stays their own, so that no group is empty."""
    groups = [min(range(len(speakers)), key=lambda number: (row[speakers[number]], number)) for row in distances]
    for number, speaker in enumerate(speakers):
        groups[speaker] = number
    return groups


def _middle(distances: Distances, members: list[int]) -> int:
    return min(members, key=lambda place: (sum(distances[place][other] for other in members), place))
