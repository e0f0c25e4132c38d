"""Seriation: putting things in a row so that those that are alike stand together. Whole numbers only, so it always comes out the same."""

import itertools

Distances = list[list[int]]
MOST_ROUNDS = 40


def seriated(distances: Distances) -> list[int]:
    """The places of the things in their new order, a permutation.

    The two that are farthest apart stand at the ends, everything else between them by which end it is nearer to; then stretches of
    the row are turned round for as long as that brings neighbours closer together.
    """
    count = len(distances)
    if count < 3:
        return list(range(count))
    first, last = _ends(distances)
    between = sorted(
        (place for place in range(count) if place not in (first, last)), key=lambda at: (distances[at][first] - distances[at][last], at)
    )
    return _improved([first, *between, last], distances)


def length_of(row: list[int], distances: Distances) -> int:
    """How far it is along the row from neighbour to neighbour."""
    return sum(distances[one][other] for one, other in itertools.pairwise(row))


def _ends(distances: Distances) -> tuple[int, int]:
    pairs = ((-distances[one][other], one, other) for one in range(len(distances)) for other in range(one + 1, len(distances)))
    _, first, last = min(pairs)
    return first, last


def _improved(row: list[int], distances: Distances) -> list[int]:
    for _ in range(MOST_ROUNDS):
        if not _turn_stretches(row, distances):
            break
    return row


def _turn_stretches(row: list[int], distances: Distances) -> bool:
    """Turn round every stretch between the ends that is better the other way; tell whether there was one."""
    turned = False
    for start in range(1, len(row) - 2):
        before = distances[row[start - 1]]
        for end in range(start + 1, len(row) - 1):
            head, tail, after = row[start], row[end], row[end + 1]
            if before[tail] + distances[head][after] < before[head] + distances[tail][after]:
                row[start : end + 1] = row[start : end + 1][::-1]
                turned = True
    return turned
