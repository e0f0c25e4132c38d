"""A kind of import contract that import-linter lacks: what may be imported by these rooms only, whether they are built yet or not."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class KnownTo(Contract):
    """Of the house, only `rooms` and what lies in them import `modules` directly.

    Unlike import-linter's own `protected`, names of rooms and packages that nobody has made or imported yet are no error.
    """

    type_name = "known_to"
    modules = fields.ListField(subfield=fields.StringField())
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        strangers = [
            f"{importer} imports {module}"
            for module in sorted(graph.modules)
            if _within(module, self.modules)
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not _within(importer, [*self.rooms, *self.modules])
        ]
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for stranger in check.metadata["strangers"]:
            output.print_error(f"- {stranger}")
        output.new_line()


def _within(module: str, packages: list[str]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)
