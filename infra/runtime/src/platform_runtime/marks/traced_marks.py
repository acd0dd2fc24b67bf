"""Which columns of a SELECT hold marked values of the tables that it reads.

A mark follows a value wherever SQL takes it: through names, expressions, conditions of CASE, aggregates and
subqueries. Where it cannot be followed, all that may hold it is marked: a whole row as JSON, a table that nobody
declares, PIVOT, columns that a function makes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from platform_runtime.marks.marks import ALL_MARKED, NO_MARKS, Marks


def traced_marks(query: exp.Query, tables: Mapping[str, Marks]) -> Marks:
    """The marks of a SELECT's columns.

    Args:
        query: the parsed SELECT.
        tables: the marks of every table that may be read, by its full name in lower case. Of any other one, every
            column counts as marked, unless nothing is marked anywhere.
    """
    if not any(marks.exist for marks in tables.values()):
        return NO_MARKS
    return _Tracer(tables).selected(query, {}, None).marks


def table_name(table: exp.Table) -> str:
    """A table's full name as the marks are found by: its parts in lower case, with dots between them."""
    return ".".join(part.name.lower() for part in table.parts)


@dataclass(frozen=True, slots=True)
class _Selected:
    """The columns of a query in order, each with whether it is marked; a star leaves the order unknown."""

    columns: tuple[tuple[str, bool], ...]
    starred: Marks | None

    @property
    def marks(self) -> Marks:
        named = Marks.of(name for name, marked in self.columns if marked)
        # A column without a name gets one of the engine's own.
        if "" in named.columns or (self.starred is not None and self.starred.every):
            return ALL_MARKED
        return named if self.starred is None else named | self.starred


@dataclass(slots=True)
class _Scope:
    """What names mean inside one SELECT."""

    ctes: Mapping[str, Marks]
    outer: "_Scope | None"
    sources: dict[str, Marks] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)

    @property
    def any_marked(self) -> bool:
        return any(marks.exist for marks in self.sources.values())

    def marked(self, column: str, table: str) -> bool:
        """Whether a name may stand for a marked value; the nearest source of that name counts, else any that fits."""
        if table in self.sources:
            return self.sources[table].cover(column)
        here = column in self.aliases or any(marks.cover(column) for marks in self.sources.values())
        whole_row = column in self.sources and self.sources[column].exist
        field_of_column = bool(table) and (
            table in self.aliases or any(marks.cover(table) for marks in self.sources.values())
        )
        beyond = self.outer is not None and self.outer.marked(column, table)
        return here or whole_row or field_of_column or beyond


class _Tracer:
    def __init__(self, tables: Mapping[str, Marks]) -> None:
        self._tables = tables

    def selected(self, query: exp.Expr, ctes: Mapping[str, Marks], outer: _Scope | None) -> _Selected:
        known = self._with_ctes(query, ctes, outer)
        match query:
            case exp.Subquery():
                return self.selected(query.this, known, outer)
            case exp.SetOperation():
                return _together(self.selected(query.left, known, outer), self.selected(query.right, known, outer))
            case exp.Select():
                return self._of_select(query, _Scope(known, outer))
            case _:
                marked = self._holds_marked(query, _Scope(known, outer))
                return _Selected((), ALL_MARKED if marked else NO_MARKS)

    def _with_ctes(self, query: exp.Expr, ctes: Mapping[str, Marks], outer: _Scope | None) -> Mapping[str, Marks]:
        with_ = query.args.get("with_")
        known = dict(ctes)
        if with_ is None:
            return known
        for cte in with_.expressions:
            name = cte.alias.lower()
            if with_.args.get("recursive"):
                # What it takes from itself is what it has: whether any of it is marked shows in what else it reads.
                known[name] = NO_MARKS
                known[name] = ALL_MARKED if self._reads_marked(cte.this, known) else NO_MARKS
            else:
                known[name] = _renamed(self.selected(cte.this, known, outer).marks, cte)
        return known

    def _reads_marked(self, query: exp.Expr, ctes: Mapping[str, Marks]) -> bool:
        return any(self._of_table(table, _Scope(ctes, None)).exist for table in query.find_all(exp.Table))

    def _of_select(self, select: exp.Select, scope: _Scope) -> _Selected:
        for source in _sources(select):
            self._add_source(source, scope)
        columns: list[tuple[str, bool]] = []
        starred: Marks | None = None
        for projection in select.expressions:
            star = self._starred(projection, scope)
            if star is not None:
                starred = (
                    star if starred is None else Marks(starred.columns | star.columns, starred.every or star.every)
                )
                continue
            name, marked = projection.alias_or_name.lower(), self._holds_marked(projection, scope)
            columns.append((name, marked))
            if marked:
                scope.aliases.add(name)
        return _Selected(tuple(columns), starred)

    def _starred(self, projection: exp.Expr, scope: _Scope) -> Marks | None:
        """What `*` or `t.*` brings; None for any other projection."""
        star = projection.this if isinstance(projection, exp.Column) else projection
        if not isinstance(star, exp.Star):
            return None
        table = projection.table.lower() if isinstance(projection, exp.Column) else ""
        found = [scope.sources.get(table, ALL_MARKED)] if table else list(scope.sources.values())
        changed = any(star.args.get(change) for change in ("replace", "rename"))
        every = any(marks.every for marks in found) or (changed and scope.any_marked)
        return Marks(frozenset(name for marks in found for name in marks.columns), every)

    def _add_source(self, source: exp.Expr, scope: _Scope) -> None:
        marks = _renamed(self._of_source(source, scope), source)
        name = source.alias_or_name.lower()
        previous = scope.sources.get(name, NO_MARKS)
        scope.sources[name] = marks | previous

    def _of_source(self, source: exp.Expr, scope: _Scope) -> Marks:
        if isinstance(source, exp.Table):
            marks = self._of_table(source, scope)
        elif isinstance(source, exp.Subquery) and isinstance(source.this, exp.Query):
            marks = self.selected(source.this, scope.ctes, scope).marks
        else:
            marks = ALL_MARKED if self._holds_marked(source, scope) else NO_MARKS
        return ALL_MARKED if source.args.get("pivots") and marks.exist else marks

    def _of_table(self, table: exp.Table, scope: _Scope) -> Marks:
        if not isinstance(table.this, exp.Identifier):
            return ALL_MARKED if self._holds_marked(table.this, scope) else NO_MARKS
        name = table_name(table)
        return scope.ctes[name] if name in scope.ctes else self._tables.get(name, ALL_MARKED)

    def _holds_marked(self, node: exp.Expr, scope: _Scope) -> bool:
        """Whether anything within an expression may be a marked value."""
        if isinstance(node, exp.Query):
            return self.selected(node, scope.ctes, scope).marks.exist
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            return scope.marked(node.name.lower(), node.table.lower())
        if isinstance(node, (exp.Star, exp.Parameter, exp.Columns)) and not isinstance(node.parent, exp.Count):
            return scope.any_marked
        return any(self._holds_marked(child, scope) for child in node.iter_expressions())


def _sources(select: exp.Select) -> Iterator[exp.Expr]:
    """What a SELECT reads, in order, joins within parentheses included."""
    from_ = select.args.get("from_")
    first = [] if from_ is None else [from_.this]
    joined = [join.this for join in select.args.get("joins") or ()]
    for source in [*first, *joined, *(select.args.get("laterals") or ())]:
        yield from _unfolded(source)


def _unfolded(source: exp.Expr) -> Iterator[exp.Expr]:
    inner = source.this if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table) else source
    yield inner
    for join in [*(inner.args.get("joins") or ()), *((source.args.get("joins") or ()) if inner is not source else ())]:
        yield from _unfolded(join.this)
    for lateral in inner.args.get("laterals") or ():
        yield from _unfolded(lateral)


def _renamed(marks: Marks, source: exp.Expr) -> Marks:
    """The marks under the names that an alias gives to columns; which one is which is not looked into."""
    alias = source.args.get("alias")
    renamed = isinstance(alias, exp.TableAlias) and alias.args.get("columns")
    return ALL_MARKED if renamed and marks.exist else marks


def _together(left: _Selected, right: _Selected) -> _Selected:
    """The columns of a UNION: named by the left side, marked by either, told apart by position."""
    if left.starred is None and right.starred is None and len(left.columns) == len(right.columns):
        pairs = zip(left.columns, right.columns, strict=True)
        return _Selected(tuple((name, marked or other) for (name, marked), (_, other) in pairs), None)
    # What a star brings has no order here, and a mark may come in at any place.
    return _Selected((), ALL_MARKED if left.marks.exist or right.marks.exist else NO_MARKS)
