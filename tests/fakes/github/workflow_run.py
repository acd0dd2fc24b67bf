"""Runs of workflows: what GitHub makes of a file and an event, job by job, every `run:` line by a real shell."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.github.events import Event, is_triggered, job_runs
from tests.fakes.github.expressions import evaluate, interpolate
from tests.fakes.github.job_run import FUNCTIONS, Ended, JobRun
from tests.fakes.github.runner import Runner


@dataclass(slots=True)
class WorkflowRun:
    """A run that has ended: how each job did, with what was run in it, in order."""

    results: dict[str, str] = field(default_factory=dict)
    ended: list[Ended] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Every `run:` line that a shell has run."""
        return [one.what for one in self.ended if one.by_shell]

    def output(self) -> str:
        """What all of it printed."""
        return "\n".join(f"$ {one.what}\n{one.output}" for one in self.ended)

    def seconds_until(self, step: str) -> float:
        """How long it took, one job after the other, to the end of the step with that id."""
        last = max(index for index, one in enumerate(self.ended) if one.step == step)
        return sum(one.seconds for one in self.ended[: last + 1])


def run_workflow(workflow: dict[str, Any], event: Event, runner: Runner, lost_after: str | None) -> WorkflowRun:
    """Run a workflow on an event, one job after the other; those of a matrix in its order, none after one that failed.

    GitHub makes the jobs of a matrix in order, and cancels those that wait once one fails, unless `fail-fast` is false
    (docs.github.com, Workflow syntax, jobs.<job_id>.strategy).

    Args:
        workflow: its content.
        event: what happened.
        runner: where its jobs run.
        lost_after: id of the step after which the machine of its job is gone, with nothing run any more.
    """
    run = WorkflowRun()
    assert is_triggered(workflow, event), event.name
    outputs: dict[str, dict[str, str]] = {}
    while len(run.results) < len(workflow["jobs"]):
        name = next(one for one, job in workflow["jobs"].items() if _is_next(one, job, run.results))
        job = workflow["jobs"][name]
        if not job_runs(job, event, run.results, outputs):
            run.results[name] = "skipped"
            continue
        needs = {need: {"result": run.results[need], "outputs": outputs.get(need, {})} for need in job.get("needs", [])}
        contexts = {**event.contexts, "needs": needs}
        instances = [JobRun(runner, job, {**contexts, "matrix": row}, lost_after) for row in _matrix(job, contexts)]
        goes_on = job.get("strategy", {}).get("fail-fast", True) is False
        for instance in instances:
            if goes_on or all(one.result != "failure" for one in instances):
                instance.run()
            else:
                instance.result = "cancelled"
            run.ended += instance.ended
            runner.note(interpolate(job.get("name", name), instance.contexts, FUNCTIONS), instance.result)
        results = {instance.result for instance in instances}
        run.results[name] = next(iter(results)) if len(results) == 1 else "failure"
        outputs[name] = instances[-1].outputs() if instances else {}
    return run


def _is_next(name: str, job: dict[str, Any], results: Mapping[str, str]) -> bool:
    return name not in results and all(need in results for need in job.get("needs", []))


def _matrix(job: dict[str, Any], contexts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The values for which a job is repeated: once without any where it has no matrix."""
    axes = job.get("strategy", {}).get("matrix", {})
    values = [evaluate(rows, contexts, FUNCTIONS) if isinstance(rows, str) else rows for rows in axes.values()]
    for combination in itertools.product(*values):
        yield dict(zip(axes, combination, strict=True))
