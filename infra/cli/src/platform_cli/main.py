import click

from platform_cli.command_group import CommandEntry, LazyCommandGroup

_COMMANDS = (
    CommandEntry("provision", "make the local stores and the Dagster home of a deployment"),
    CommandEntry("land", "land the sample input, on this machine or in the clouds"),
    CommandEntry("demo", "land the sample input and build every table of all code locations"),
    CommandEntry("materialise", "build every table from what has landed, in the clouds too"),
    CommandEntry("dev", "serve the Dagster UI on this machine"),
    CommandEntry("doctor", "say what is right and what is missing on this machine"),
    CommandEntry("environment", "print what dbt and Dagster read, as shell exports"),
    CommandEntry("clean", "remove a deployment's tables, files and runs from this machine"),
    CommandEntry("clone", "copy production's tables, or its stand-in's, into a pull request"),
    CommandEntry("build", "build what a pull request changes, and all that depends on it"),
    CommandEntry("diff", "say what a pull request does to the data"),
    CommandEntry("preview", "say what `up` would do to a stack"),
    CommandEntry("up", "bring a stack up: preview, ask, apply"),
    CommandEntry("destroy", "take a stack away; never one that protects its data"),
    CommandEntry("adopt", "write an import file for what the cloud has already"),
    CommandEntry("permissions", "say who may do what where in a stack, and why"),
    CommandEntry("cost", "say what a stack can cost in its worst month"),
    CommandEntry("images", "build and push the image of every code location"),
    CommandEntry("deploy", "serve all code locations in Dagster+ from their images"),
    CommandEntry("launch", "run a job in Dagster+ and wait for its end"),
    CommandEntry("launch-domains", "run a job of every domain in Dagster+ and wait for each"),
    CommandEntry("close", "close and delete a pull request's branch deployment"),
    CommandEntry("remove", "remove all that a pull request has, everywhere"),
    CommandEntry("settings", "apply a Dagster+ deployment's settings and alert policies"),
    CommandEntry("organisation-settings", "apply what all branch deployments of Dagster+ run by"),
    CommandEntry("infra-diff", "say what the code declares for what stands that a commit does not"),
    CommandEntry("drift", "report what is not as a stack declares it, as an issue"),
    CommandEntry("comment", "report on a pull request what it changes, as a comment"),
    CommandEntry("manifest", "write what later changes of a deployment are compared with"),
    CommandEntry("fetch-manifest", "fetch what production published, to compare with"),
    CommandEntry("require-open", "fail unless a pull request is open"),
    CommandEntry("require-released", "fail unless a release has been to a deployment"),
    CommandEntry("as-job", "run a command signed in as a workflow's job"),
    CommandEntry("ci-matrix", "hand on what a workflow's job is repeated for"),
    CommandEntry("ci-engine", "hand on where Pulumi is"),
    CommandEntry("ci-variables", "hand on what a workflow's job signs in by"),
    CommandEntry("bench", "measure the commands, medians of three"),
)


@click.group(name="platform", cls=LazyCommandGroup, entries=_COMMANDS)
def main() -> None:
    """Run the data platform. PLATFORM_DEPLOYMENT says which deployment: one of platform.toml, or pr-<n>."""
