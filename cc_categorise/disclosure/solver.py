"""Linear and integer programs, solved by HiGHS.

Takes columns with bounds and costs and rows of coefficients, returns a vector of values.  One thread and one seed, so
that the same program gives the same answer.  Knows nothing of tables or cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

INFINITY = float("inf")
SHARP = 1e-6
"""Values closer than this are the same."""


class GaveUpError(Exception):
    """The solver reached its time limit."""


class Program:
    """A program that is solved again and again with other costs and bounds."""

    def __init__(
        self,
        *,
        is_integer: bool,
        time_limit: float,
        node_limit: int = 20_000,
        gap: float = 0.0,
        costs_change: bool = False,
    ) -> None:
        import highspy  # noqa: PLC0415 - loads the solver and numpy

        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._status = highspy.HighsModelStatus
        self._kind = highspy.HighsVarType.kInteger
        self._is_integer = is_integer
        self._time_limit = time_limit
        self._n_columns = 0
        options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": gap}
        # The last solution still fits where only costs change, and then the primal method goes on from it.
        options["simplex_strategy"] = 4 if costs_change and not is_integer else 1
        if is_integer:
            options["mip_max_nodes"] = node_limit
        for name, value in options.items():
            self._highs.setOptionValue(name, value)

    def add_column(self, low: float, high: float, cost: float = 0.0) -> int:
        """Add a column; give its number."""
        self._highs.addCol(cost, low, high, 0, [], [])
        if self._is_integer:
            self._highs.changeColIntegrality(self._n_columns, self._kind)
        self._n_columns += 1
        return self._n_columns - 1

    def add_row(self, low: float, high: float, weights: Mapping[int, float]) -> None:
        """Add a row: the weighted sum of columns lies from ``low`` to ``high``."""
        self._highs.addRow(low, high, len(weights), [*weights], [*map(float, weights.values())])

    def set_bounds(self, column: int, low: float, high: float) -> None:
        """Change the bounds of a column."""
        self._highs.changeColBounds(column, low, high)

    def set_costs(self, costs: Iterable[tuple[int, float]]) -> None:
        """Change the costs of columns."""
        for column, cost in costs:
            self._highs.changeColCost(column, cost)

    def solve(self) -> Sequence[float] | None:
        """Give the values of the columns at the least cost, or None where nothing fits.

        Raises:
            GaveUpError: The time or node limit was reached first.
        """
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + self._time_limit)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in (self._status.kUnknown, self._status.kSolveError):
            self._highs.clearSolver()  # it lost its way from the last solution; once more, from the start
            self._highs.run()
            status = self._highs.getModelStatus()
        if status in (self._status.kInfeasible, self._status.kUnboundedOrInfeasible):
            return None
        if status != self._status.kOptimal:
            raise GaveUpError(str(status))
        values: Sequence[float] = self._highs.getSolution().col_value
        return values

    @property
    def reduced_costs(self) -> Sequence[float]:
        """What a unit more of each column would cost at the last solution of a linear program."""
        values: Sequence[float] = self._highs.getSolution().col_dual
        return values

    @property
    def bound(self) -> float:
        """The least cost that the last search could not rule out."""
        return float(self._highs.getInfo().mip_dual_bound)


def whole(values: Sequence[float]) -> list[int] | None:
    """Give values as whole numbers, or None where one is not."""
    rounded = [round(value) for value in values]
    near = all(abs(value - number) <= SHARP for value, number in zip(values, rounded, strict=True))
    return rounded if near else None
