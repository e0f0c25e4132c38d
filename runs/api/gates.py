"""Gates: what waits for a human, and deciding it."""

from collections.abc import Iterator
from contextlib import contextmanager

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.actions.edits import EditInvalid
from runs.actions.gates import UnableToDecide, decide_gate
from runs.api.door import allowed, as_value, asked_of, found, member_of, run_for
from runs.api.shapes import DecisionShape, GateShape, GatesQuery
from runs.reading.summaries import gate_in, gate_summaries_of, gate_summaries_waiting, gate_summary_of


class Gates(APIView):
    """The gates of a run."""

    @extend_schema(operation_id="gates_list", responses=GateShape(many=True))
    def get(self, request: Request, uuid: str) -> Response:
        """The gates, newest first."""
        return Response([as_value(gate) for gate in gate_summaries_of(*run_for(request, uuid))])


class Inbox(APIView):
    """The gates of a tenant that wait."""

    @extend_schema(operation_id="gates_waiting", parameters=[GatesQuery], responses=GateShape(many=True))
    def get(self, request: Request) -> Response:
        """The gates, the one due soonest first."""
        by = member_of(request, asked_of(GatesQuery, request.query_params.dict()).get("tenant"))
        return Response([as_value(gate) for gate in gate_summaries_waiting(by)])


class Decisions(APIView):
    """The verdicts on the gates of a run."""

    @extend_schema(operation_id="gates_decide", request=DecisionShape, responses=GateShape)
    def post(self, request: Request, uuid: str) -> Response:
        """Approve, reject, edit or answer; with the last one the run goes on."""
        asked = asked_of(DecisionShape, request.data)
        by, run = run_for(request, uuid)
        with found():
            gate = gate_in(by, run, asked["gate_id"])
        given = {name: asked[name] for name in ("edit", "answer") if name in asked}
        with allowed(UnableToDecide), fitting():
            decided = decide_gate(by=by, gate=gate, verdict=asked["verdict"], reason=asked["reason"], **given)
        return Response(as_value(gate_summary_of(decided)))


@contextmanager
def fitting() -> Iterator[None]:
    """What does not fit is told field by field."""
    try:
        yield
    except EditInvalid as error:
        raise ValidationError({path: [message] for path, message in error.errors}) from error
