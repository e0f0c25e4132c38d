"""Bulk statements: a few for each table and flush, of many rows on SQLite and COPY on PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models

Model = type[models.Model]
Values = Mapping[str, Any]
Row = tuple[Any, ...]

#: Rows that one statement of SQLite takes: to begin a statement costs more than to add a row.
STRETCHES = (100, 10, 1)
#: What SQLite is given for NULL, and makes NULL of: its driver would look for an adapter of every single None.
NOTHING = bytearray()


def moment(at: datetime) -> str:
    """A time as both databases take it without a word about its zone: their sessions count in UTC."""
    return at.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def insert(model: Model, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Add rows, in the fastest way that the database has."""
    if not rows:
        return
    if connection.vendor != "postgresql":
        _add(model, columns, (), rows)
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {_name(model)} ({_names(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(_without_nul(row))


def put(model: Model, key: tuple[str, ...], rows: Mapping[Row, Values], **fixed: Any) -> None:
    """Add rows, or complete those whose key is there: None says nothing, every other value wins."""
    if not rows:
        return
    columns = (*fixed, *key, *next(iter(rows.values())))
    places = (*fixed.values(),)
    values = [(*places, *place, *row.values()) for place, row in rows.items()]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            arrays = [list(column) for column in zip(*map(_without_nul, values), strict=True)]
            cursor.execute(_completion(model, columns, key, _unnested(model, columns)), arrays)
    else:
        _add(model, columns, key, values)


def change(model: Model, values: Values, where: Values, returning: str) -> list[Any]:
    """Change the rows for which all of `where` holds (None is null); returns one column of each, as it is afterwards.

    Django's `update` builds and compiles a query each time, which costs more than a flush of a few rows.
    """
    known = {column: value for column, value in where.items() if value is not None}
    sql = _change(model, (*values,), (*known,), (*(where.keys() - known.keys()),), returning)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*map(_plain, values.values()), *known.values()])
        return [row[0] for row in cursor.fetchall()]


def column(model: Model, name: str, **where: Any) -> list[Any]:
    """One column of the rows for which all of `where` holds: a question that every short run asks, and Django takes long to put."""
    with connection.cursor() as cursor:
        cursor.execute(_question(model, name, (*where,)), [*where.values()])
        return [row[0] for row in cursor.fetchall()]


def patch(model: Model, key: str, rows: Mapping[Any, Values], *, run_id: int) -> None:
    """Change columns of rows that are there."""
    shapes: dict[tuple[str, ...], list[Row]] = {}
    for place, row in rows.items():
        shapes.setdefault(tuple(row), []).append((*row.values(), run_id, place))
    for columns, values in shapes.items():
        changes = ", ".join(f'"{column}" = %s' for column in columns)
        _many(f'UPDATE {_name(model)} SET {changes} WHERE "run_id" = %s AND "{key}" = %s', values)


def _many(sql: str, rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows if connection.vendor == "sqlite" else [_without_nul(row) for row in rows])


def _add(model: Model, columns: tuple[str, ...], key: tuple[str, ...], rows: Sequence[Row]) -> None:
    """SQLite's own `execute`, for Django's looks at every value on the way; rows whose `key` is there are completed."""
    connection.ensure_connection()
    done = 0
    with connection.wrap_database_errors:
        for size in STRETCHES:
            while len(rows) - done >= size:
                values = chain.from_iterable(rows[done : done + size])
                connection.connection.execute(
                    _addition(model, columns, key, size), [NOTHING if value is None else value for value in values]
                )
                done += size


@lru_cache
def _addition(model: Model, columns: tuple[str, ...], key: tuple[str, ...], size: int) -> str:
    nullable = {field.attname for field in model._meta.concrete_fields if field.null}
    row = ", ".join("NULLIF(?, x'')" if column in nullable else "?" for column in columns)
    source = f"VALUES {', '.join([f'({row})'] * size)}"
    return _completion(model, columns, key, source) if key else _insertion(model, columns, source)


@lru_cache
def _change(model: Model, columns: tuple[str, ...], known: tuple[str, ...], null: tuple[str, ...], returning: str) -> str:
    changes = ", ".join(f'"{column}" = %s' for column in columns)
    conditions = [*(f'"{column}" = %s' for column in known), *(f'"{column}" IS NULL' for column in null)]
    return f'UPDATE {_name(model)} SET {changes} WHERE {" AND ".join(conditions)} RETURNING "{returning}"'


@lru_cache
def _question(model: Model, name: str, known: tuple[str, ...]) -> str:
    conditions = " AND ".join(f'"{column}" = %s' for column in known)
    return f'SELECT "{name}" FROM {_name(model)} WHERE {conditions}'


def _plain(value: Any) -> Any:
    return moment(value) if isinstance(value, datetime) and connection.vendor == "sqlite" else value


def _insertion(model: Model, columns: tuple[str, ...], source: str) -> str:
    return f"INSERT INTO {_name(model)} ({_names(columns)}) {source}"


def _completion(model: Model, columns: tuple[str, ...], key: tuple[str, ...], source: str) -> str:
    table, place = _name(model), ("run_id", *key)
    changes = ", ".join(f'"{each}" = COALESCE(excluded."{each}", {table}."{each}")' for each in columns if each not in place)
    return f"{_insertion(model, columns, source)} ON CONFLICT ({_names(place)}) DO UPDATE SET {changes}"


@lru_cache
def _unnested(model: Model, columns: tuple[str, ...]) -> str:
    """PostgreSQL: one array for each column, whatever the number of rows."""
    types = {field.attname: field.db_type(connection) for field in model._meta.concrete_fields}
    return f"SELECT * FROM unnest({', '.join(f'%s::{types[column]}[]' for column in columns)})"


def _name(model: Model) -> str:
    return f'"{model._meta.db_table}"'


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _without_nul(row: Row) -> Row:
    """PostgreSQL's text cannot hold U+0000; the envelope's JSON, where it is escaped, keeps the truth."""
    return tuple(item.replace("\0", "\ufffd") if type(item) is str and "\0" in item else item for item in row)
