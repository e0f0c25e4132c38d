"""`manage.py token make|list|revoke`: keys to the API."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import BaseCommand, CommandError, CommandParser

from runs.actions.tokens import SCOPES, UnableToMakeToken, UnableToRevokeToken, make_token, revoke_token
from runs.management.console import add_tenant, at_console
from runs.reading.tokens import member_named, token_numbered, tokens_for


class Command(BaseCommand):
    """A token stands for a member; only its digest is kept."""

    requires_system_checks: list[str] = []  # they load every page and the API
    help = "Make, list and revoke API tokens; a secret is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        make = deeds.add_parser("make", help="make one and print its secret")
        make.add_argument("email", metavar="EMAIL", help="the member that it stands for")
        make.add_argument("name", metavar="NAME")
        make.add_argument("--scope", action="append", default=[], choices=SCOPES, help="what it may do beside looking; may be repeated")
        make.add_argument("--days", type=int, default=90, metavar="N", help="how long it lasts")
        revoke = deeds.add_parser("revoke", help="take one back")
        revoke.add_argument("number", type=int, metavar="NUMBER")
        for deed in (make, revoke, deeds.add_parser("list", help="show those that are good")):
            add_tenant(deed)

    def handle(self, *args: Any, **options: Any) -> None:
        by = at_console(options["tenant"])
        try:
            getattr(self, f"_{options['deed']}")(by, options)
        except (UnableToMakeToken, UnableToRevokeToken) as error:
            raise CommandError(f"{error}.", returncode=2) from error
        except ObjectDoesNotExist as error:
            sought = f"member '{options['email']}'" if options["deed"] == "make" else f"token {options['number']}"
            raise CommandError(f"There is no {sought}.", returncode=2) from error

    def _make(self, by: Any, options: dict[str, Any]) -> None:
        member = member_named(by, options["email"])
        self.stdout.write(make_token(by=by, member=member, name=options["name"], scopes=options["scope"], days=options["days"]).secret)

    def _list(self, by: Any, options: dict[str, Any]) -> None:
        for token in tokens_for(by):
            used = f"used {token.last_used_at:%Y-%m-%d}" if token.last_used_at else "never used"
            self.stdout.write(f"{token.pk}  {token}  {token.label}  {','.join(token.scopes)}  until {token.expires_at:%Y-%m-%d}  {used}")

    def _revoke(self, by: Any, options: dict[str, Any]) -> None:
        token = token_numbered(by, options["number"])
        revoke_token(by=by, token=token)
        self.stdout.write(f"{token} opens nothing any more.")
