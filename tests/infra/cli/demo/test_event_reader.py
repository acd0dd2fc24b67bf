import dagster as dg
import pytest
from platform_cli.demo.event_reader import EventReader
from platform_cli.demo.messages import CheckEvaluated, Failed, Message, StepEnded, StepStarted, TableMaterialised


def read(definitions: dg.Definitions) -> list[Message]:
    """What the reader makes of the events of a real run."""
    result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(raise_on_error=False)
    reader = EventReader("rain", definitions.resolve_asset_graph())
    return [message for event in result.all_events for message in reader.messages(event)]


def tables(messages: list[Message]) -> list[TableMaterialised]:
    return [message for message in messages if isinstance(message, TableMaterialised)]


def failures(messages: list[Message]) -> list[Failed]:
    return [message for message in messages if isinstance(message, Failed)]


def test_a_table_is_read_from_its_materialisation() -> None:
    @dg.asset(key=["rain", "silver"], group_name="silver")
    def silver() -> dg.MaterializeResult:
        return dg.MaterializeResult(
            metadata={"dagster/row_count": 26114, "rows_rejected": 1, "Execution Duration": 1.25}
        )

    messages = read(dg.Definitions(assets=[silver]))
    assert messages == [
        StepStarted("rain", "rain__silver"),
        TableMaterialised("rain", "rain/silver", "silver", None, 26114, 1, 1.25),
        StepEnded("rain", "rain__silver"),
    ]


@pytest.mark.parametrize("metadata", [{}, {"dagster/row_count": "many", "rows_rejected": 0.5}])
def test_a_count_that_is_none_is_not_shown(metadata: dict[str, str | float]) -> None:
    @dg.asset
    def silver() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata=metadata)

    (table,) = tables(read(dg.Definitions(assets=[silver])))
    assert (table.rows, table.rejected) == (None, None)
    assert 0 <= table.seconds < 10


@pytest.mark.parametrize(
    ("severity", "is_error"), [(dg.AssetCheckSeverity.ERROR, True), (dg.AssetCheckSeverity.WARN, False)]
)
def test_a_check_is_read_from_its_evaluation(severity: dg.AssetCheckSeverity, is_error: bool) -> None:
    @dg.asset(key=["rain", "silver"], group_name="silver")
    def silver() -> None: ...

    @dg.asset_check(asset=silver)
    def unique() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False, severity=severity, description="two of a kind")

    messages = read(dg.Definitions(assets=[silver], asset_checks=[unique]))
    assert [message for message in messages if isinstance(message, CheckEvaluated)] == [
        CheckEvaluated("rain", "rain/silver", "silver", "unique", None, False, is_error, "two of a kind")
    ]


def test_a_failure_gives_its_reason_without_dagsters_wrapping() -> None:
    @dg.asset
    def silver() -> None:
        raise RuntimeError("could not read the month") from FileNotFoundError("2013-02.csv.gz")

    assert failures(read(dg.Definitions(assets=[silver]))) == [
        Failed(
            "rain", "step silver", "RuntimeError: could not read the month\ncaused by FileNotFoundError: 2013-02.csv.gz"
        )
    ]


def test_a_run_that_fails_before_its_first_step_gives_its_own_reason() -> None:
    @dg.resource
    def store() -> None:
        raise OSError("the store is closed")

    @dg.asset(required_resource_keys={"store"})
    def silver() -> None: ...

    messages = read(dg.Definitions(assets=[silver], resources={"store": store}))
    (failure,) = failures(messages)
    assert "the store is closed" in failure.why
