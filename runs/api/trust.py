"""Whether and why a run can be believed: verdicts and explanations."""

from django.core.exceptions import ObjectDoesNotExist
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs.actions.verifications import UnableToVerify, verify_run
from runs.api.door import allowed, asked_of, run_for
from runs.api.trust_shapes import BlockerShape, ExplanationShape, FactQuery, SleeperShape, VerificationShape
from runs.reading.provenance import NoFactName
from runs.reading.told import waiting_in, why_not_of, why_of
from runs.reading.verifications import verifications_of


class Verifications(APIView):
    """The verifications of a run."""

    @extend_schema(operation_id="verifications_list", responses=VerificationShape(many=True))
    def get(self, request: Request, uuid: str) -> Response:
        """What verifying the run came to, newest first."""
        return Response(verifications_of(*run_for(request, uuid)))

    @extend_schema(operation_id="verifications_ask", request=None, responses={202: VerificationShape})
    def post(self, request: Request, uuid: str) -> Response:
        """Ask for a verification; a worker carries it out."""
        by, run = run_for(request, uuid)
        with allowed(UnableToVerify):
            verify_run(by=by, run=run)
        return Response(verifications_of(by, run)[0], status=202)


class Why(APIView):
    """Why a fact is there."""

    @extend_schema(operation_id="runs_why", parameters=[FactQuery], responses=ExplanationShape)
    def get(self, request: Request, uuid: str) -> Response:
        """The smallest explanation that suffices, back to seeds and people."""
        asked = asked_of(FactQuery, request.query_params.dict())
        _, run = run_for(request, uuid)
        try:
            return Response(why_of(run, asked["fact"]))
        except NoFactName as error:
            raise ValidationError({"fact": str(error)}) from error
        except ObjectDoesNotExist as error:
            raise NotFound from error


class WhyNot(APIView):
    """Why a fact is not there."""

    @extend_schema(operation_id="runs_why_not", parameters=[FactQuery], responses=BlockerShape)
    def get(self, request: Request, uuid: str) -> Response:
        """What stood in its way, and what would have let it pass."""
        asked = asked_of(FactQuery, request.query_params.dict())
        _, run = run_for(request, uuid)
        try:
            return Response(why_not_of(run, asked["fact"]))
        except NoFactName as error:
            raise ValidationError({"fact": str(error)}) from error


class Waiting(APIView):
    """Suggestors that never woke."""

    @extend_schema(operation_id="runs_waiting", responses=SleeperShape(many=True))
    def get(self, request: Request, uuid: str) -> Response:
        """Who never woke, and which key or condition was missing."""
        return Response(waiting_in(run_for(request, uuid)[1]))
