"""Gates: what waits for a human, and deciding it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.actions.gates import UnableToDecide, decide_gate
from runs.api.door import allowed, as_value, asked_of, found, run_for
from runs.api.shapes import DecisionShape, GateShape
from runs.reading.summaries import gate_in, gate_summaries_of, gate_summary_of


class Gates(APIView):
    """The gates of a run."""

    @extend_schema(operation_id="gates_list", responses=GateShape(many=True))
    def get(self, request: Request, uuid: str) -> Response:
        """The gates, newest first."""
        return Response([as_value(gate) for gate in gate_summaries_of(*run_for(request, uuid))])


class Decisions(APIView):
    """The verdicts on the gates of a run."""

    @extend_schema(operation_id="gates_decide", request=DecisionShape, responses=GateShape)
    def post(self, request: Request, uuid: str) -> Response:
        """Approve or reject; with the last one the run goes on."""
        asked = asked_of(DecisionShape, request.data)
        by, run = run_for(request, uuid)
        with found():
            gate = gate_in(by, run, asked["gate_id"])
        with allowed(UnableToDecide):
            decided = decide_gate(by=by, gate=gate, verdict=asked["verdict"], reason=asked["reason"])
        return Response(as_value(gate_summary_of(decided)))
