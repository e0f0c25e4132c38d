"""A purchase that a human must approve: a plan waits at a gate, and an order follows from it."""

import json
from typing import Any


def laptops() -> dict[str, Any]:
    """The formation document."""
    return {
        "schema": "organism.formation/v1",
        "label": "Laptops for the new team",
        "description": "A planner proposes what to buy; nothing is ordered before somebody approves it.",
        "budget": {"max_cycles": 20, "max_facts": 100},
        "team": [
            _rule(
                "market-watch",
                "Seeds",
                ["Seeds", "request"],
                ("Signals", "offer-a", "Offer A: twelve at 1 490 euros, delivered in three weeks, three years of repairs."),
                ("Signals", "offer-b", "Offer B: twelve at 1 310 euros, delivered in nine weeks, one year of repairs."),
            ),
            _rule(
                "planner",
                "Signals",
                ["Signals", "offer-a"],
                ("Strategies", "plan-buy-a", "Buy offer A: 17 880 euros. The team starts in four weeks, and B would come too late."),
                confidence=0.72,
            ),
            _rule(
                "buyer",
                "Strategies",
                ["Strategies", "plan-buy-a"],
                ("Proposals", "order-1", "Order of twelve laptops, offer A, 17 880 euros, to be delivered to the second floor."),
            ),
            _rule(
                "bookkeeper",
                "Proposals",
                ["Proposals", "order-1"],
                ("Evaluations", "booked-1", "17 880 euros are booked on the equipment budget; 4 120 euros are left of it this year."),
            ),
        ],
        "seeds": [
            {"key": "Seeds", "id": "request", "text": "Twelve laptops for the team that starts in January", "provenance": "head of IT"}
        ],
        "gates": {"keys": ["Strategies"], "self_approval": True, "timeout": {"seconds": 31_536_000, "action": "reject"}},
    }


def _rule(name: str, wakes: str, after: list[str], *says: tuple[str, str, str], confidence: float = 0.9) -> dict[str, Any]:
    proposes = [{"key": key, "id": id, "text": text, "provenance": name, "confidence": confidence} for key, id, text in says]
    accepts = [{"has_fact": after}, {"lacks_fact": list(says[0][:2])}]
    return {"kind": "rule", "name": name, "with": {"dependencies": [wakes], "accepts": accepts, "proposes": proposes}}


def document() -> str:
    """The formation document as JSON text."""
    return json.dumps(laptops(), ensure_ascii=False)
