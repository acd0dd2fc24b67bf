import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, override

import dagster as dg
from dagster.components.utils.defs_state import DefsStateConfig
from dagster_dbt import DbtCliResource, DbtProject, DbtProjectComponent
from dagster_dbt.asset_utils import build_dbt_specs, default_asset_check_fn
from dagster_dbt.components.dbt_component_utils import _set_resolution_context, build_op_spec
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType
from dagster_dbt.dbt_manifest import validate_manifest
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from dagster_shared.record import replace
from platform_contract.domain import Domain, Engine
from platform_contract.domains import domain_named
from platform_contract.errors import ContractError
from platform_contract.resolution import inside_dagster_plus
from platform_runtime.declared_components import declared_components
from platform_runtime.declared_schema import JsonSchema, ResolvedModel, domain_of
from platform_runtime.demo_mode_field import DemoMode, resolve_demo_mode
from platform_runtime.location_metadata import DBT_MANIFEST
from platform_runtime.platform_context import PlatformContext, platform_context
from platform_runtime.pools import Pool

from snowflake_medallion.asset_keys import dbt_asset_key, dbt_layer
from snowflake_medallion.clone.clone_definitions import pull_request_jobs
from snowflake_medallion.components.claims import refuse_second_claim
from snowflake_medallion.components.source_table import SourceTable, raw_tables
from snowflake_medallion.dbt_command import DbtCommand
from snowflake_medallion.dbt_engine import DbtEngine, dbt_engine
from snowflake_medallion.dbt_manifest import MANIFEST, check_manifest, prepare_manifest, prepared_manifest
from snowflake_medallion.dbt_marks import check_marks
from snowflake_medallion.dbt_metadata import events_with_metadata
from snowflake_medallion.dbt_subset import tests_left_out
from snowflake_medallion.freshness_checks import freshness_checks
from snowflake_medallion.landing_sensor import landing_sensor
from snowflake_medallion.landings import landing_of
from snowflake_medallion.medallion_project import MedallionProject
from snowflake_medallion.raw_assets import raw_assets, raw_store_key
from snowflake_medallion.raw_stores import raw_store_of
from snowflake_medallion.raw_table import RawTable
from snowflake_medallion.refresh import refresh_job, refresh_schedule
from snowflake_medallion.scaffold.medallion_scaffolder import MedallionScaffolder
from snowflake_medallion.unit_test_checks import unit_test_check_specs, unit_test_results

Manifest = Mapping[str, Any]


def _resolve_domain(context: dg.ResolutionContext, name: str) -> Domain:
    domain = domain_named(context.resolve_value(name, as_type=str))
    if domain.engine is not Engine.SNOWFLAKE:
        raise ContractError(
            f"domain: {domain} is built in {domain.engine}, and this component builds in {Engine.SNOWFLAKE}: "
            "name another, or change its engine in platform.toml"
        )
    return domain


def _resolve_project(context: dg.ResolutionContext, model: Any) -> MedallionProject:  # noqa: ANN401 - made from this class
    folder = context.resolve_source_relative_path(context.resolve_value(model.project, as_type=str))
    platform = platform_context(resolve_demo_mode(context, model.demo_mode))
    return MedallionProject(Path(folder).resolve(), dbt_engine(platform))


@dg.scaffold_with(MedallionScaffolder)
@dataclass(kw_only=True)
class MedallionComponent(ResolvedModel, DbtProjectComponent):
    """A domain from landed files to gold: raw tables loaded by Dagster, bronze to gold built by dbt.

    `demo_mode` chooses the engine, DuckDB or Snowflake, and never changes the asset graph. Beside what the library's
    component makes of a dbt project, unit tests and source freshness are asset checks too. A second domain is a second
    `defs.yaml` and models in a folder of its own, and no Python.
    """

    demo_mode: DemoMode
    domain: Annotated[
        Domain,
        dg.Resolver(
            _resolve_domain,
            model_field_type=str,
            description="Domain of the platform, as platform.toml declares it: first part of every asset key and job.",
            examples=["till"],
        ),
    ]
    tables: Annotated[
        list[SourceTable],
        dg.Resolver.default(
            description="What is loaded from the files that land, table by table.",
            examples=[[{"name": "orders", "columns": ["id", "ordered_at"], "key": ["id"]}]],
        ),
    ]
    select: Annotated[  # pyright: ignore[reportGeneralTypeIssues] - to be said: the library's takes in everything
        str,
        dg.Resolver.default(
            description="The dbt selection of the domain's models, snapshots and tests; of no other domain's.",
            examples=["fqn:till"],
        ),
    ]
    project: Annotated[  # pyright: ignore[reportIncompatibleVariableOverride]
        MedallionProject,
        dg.Resolver.from_model(
            _resolve_project,
            model_field_type=str,
            description="Folder of the dbt project, beside this file's folder.",
            examples=["{{ context.project_root }}/../../dbt_project"],
        ),
    ]
    owners: Annotated[
        list[str] | None,
        dg.Resolver.default(
            description="Who answers for the raw tables; by default the domain's owners. dbt's groups own the models.",
            examples=[["team:commerce"]],
        ),
    ] = None
    refresh_cron: Annotated[
        str,
        dg.Resolver.default(
            description="When all of it is refreshed, a cron expression in UTC.", examples=["0 5 * * *"]
        ),
    ]

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        return [domain_of(Engine.SNOWFLAKE)]

    @cached_property
    def platform(self) -> PlatformContext:
        """Which deployment this is, on which engine."""
        return platform_context(self.demo_mode)

    @cached_property
    def raw_tables(self) -> list[RawTable]:
        """What is loaded.

        Raises:
            DagsterInvalidDefinitionError: when a table cannot be as it is declared.
        """
        return raw_tables(self.domain, self.tables)

    @property
    def engine(self) -> DbtEngine:
        """Where dbt runs."""
        return self.project.engine

    @property
    @override
    def defs_state_config(self) -> DefsStateConfig:
        """The library's, under a key of the domain's own: several declarations share the project."""
        config = super().defs_state_config
        return replace(config, key=f"{config.key}[{self.domain}]")

    @override
    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Raw tables, models, their checks, and what refreshes them.

        dbt parses the project only if it has changed, and never inside Dagster+: there the image brings the manifest.

        Raises:
            WrongManifestError: when the manifest is another deployment's or target's, with the fix.
            DagsterInvalidDefinitionError: when another `defs.yaml` declares the same domain, naming both.
        """
        declared = declared_components(context, MedallionComponent)
        refuse_second_claim(
            (file.relative_to(context.defs_module_path), component.domain) for file, component in declared
        )
        manifest_of_now = prepared_manifest if inside_dagster_plus(os.environ) else prepare_manifest
        manifest = manifest_of_now(self.project.folder, self.engine) / MANIFEST
        return dg.Definitions.merge(
            self._raw_definitions(),
            self.build_defs_from_state(context, None),
            self._refresh_definitions(),
            dg.Definitions(metadata={DBT_MANIFEST: dg.MetadataValue.path(manifest)}),
        )

    def _raw_definitions(self) -> dg.Definitions:
        owners = list(self.domain.owners) if self.owners is None else self.owners
        scratch, landing = self.platform.local_paths.scratch, landing_of(self.platform, self.domain)
        return dg.Definitions(
            assets=[raw_assets(landing, self.raw_tables, scratch, self.engine.target, owners)],
            resources={raw_store_key(self.domain): raw_store_of(self.platform, self.domain)},
        )

    def _refresh_definitions(self) -> dg.Definitions:
        job, automation = refresh_job(self.domain), self.platform.automation
        landing = landing_of(self.platform, self.domain)
        return dg.Definitions(
            jobs=[job],
            schedules=[refresh_schedule(job, self.refresh_cron, automation.schedules)],
            sensors=[landing_sensor(landing, self.raw_tables, job, automation.watch(self.demo_mode))],
        )

    @override
    def build_defs_from_state(self, context: dg.ComponentLoadContext, state_path: Path | None) -> dg.Definitions:
        """The models as one op, which runs dbt once for whatever is selected, and the freshness checks as another.

        In a pull request there are the jobs that clone tables into it and build what it changes, too.

        Raises:
            MarkedColumnShownError: when a model's `meta` asks for a chart or a count by a marked column.
        """
        project = self.project.get_project(state_path)
        manifest = validate_manifest(project.manifest_path)
        check_manifest(manifest, self.engine, project.manifest_path.parent)
        check_marks(manifest)
        dbt = DbtCommand.of(self.project)
        models = self._models(manifest, project, dbt, context.resolution_context)
        freshness = freshness_checks(self.domain, manifest, self.engine, dbt, only_warn=self.demo_mode)
        return dg.Definitions(
            assets=[models],
            asset_checks=[freshness],
            jobs=pull_request_jobs(
                self.platform, self.domain, self.raw_tables, manifest=manifest, dbt=dbt, models=models
            ),
        )

    def _models(
        self, manifest: Manifest, project: DbtProject, dbt: DbtCommand, resolution: dg.ResolutionContext
    ) -> dg.AssetsDefinition:
        specs, data_tests = build_dbt_specs(
            translator=self.translator,
            manifest=manifest,
            select=self.select,
            exclude=self.exclude,
            selector=self.selector,
            io_manager_key=None,
            project=project,
        )
        op = build_op_spec(self.op, self.select, self.exclude, self.selector, op_name=f"{self.domain}_dbt_build")
        self._refuse_others(specs)
        unit_tests = [spec for spec in unit_test_check_specs(manifest).values() if self._is_own(spec.asset_key)]

        @dg.multi_asset(
            name=op.name,
            specs=specs,
            check_specs=[*data_tests, *unit_tests],
            can_subset=True,
            op_tags=op.tags,
            pool=op.pool or Pool.ANALYTICS_DUCKDB.value,
            allow_arbitrary_check_specs=True,
        )
        def dbt_build(context: dg.AssetExecutionContext) -> Iterator[DbtDagsterEventType]:
            with _set_resolution_context(resolution):
                yield from self.execute(context, dbt)

        return dbt_build

    def _is_own(self, key: dg.AssetKey) -> bool:
        return key.path[0] == self.domain.name

    def _refuse_others(self, specs: Iterable[dg.AssetSpec]) -> None:
        others = [spec.key.to_user_string() for spec in specs if not self._is_own(spec.key)]
        if others:
            raise dg.DagsterInvalidDefinitionError(
                f"select: {self.select!r} takes in {', '.join(others)}, which are not of domain {self.domain}: "
                f"select the models under models/{self.domain} alone"
            )

    @override
    def get_cli_args(self, context: dg.AssetExecutionContext) -> list[str]:
        """`build`, or `test` where only checks are selected: build runs a unit test on its way to the model alone."""
        command, *options = super().get_cli_args(context)
        if command == "build" and not context.selected_asset_keys:
            return ["test", *options]
        left_out = tests_left_out(context)
        return [command, *options, *(["--exclude", " ".join(left_out)] if left_out else [])]

    @override
    def execute(self, context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[DbtDagsterEventType]:
        """Run dbt once, and report what it built and tested.

        Raises:
            MissingSettingsError: on Snowflake, naming every setting that the environment lacks.
            DatabaseBusyError: on DuckDB, when another process keeps a file open.
            ContractError: on Snowflake, when the private key cannot be read.
            DagsterDbtCliRuntimeError: when a model or a test of severity error fails, once all results are reported.
            dagster.Failure: on Snowflake instead, its first line the fix.
        """
        self.engine.check_ready()
        invocation = dbt.cli(self.get_cli_args(context), context=context)
        try:
            yield from events_with_metadata(invocation, self.engine, self.include_metadata)
        except DagsterDbtCliRuntimeError as error:
            yield from unit_test_results(invocation, context.selected_asset_check_keys)
            raise self.engine.explained(error) from None
        finally:
            self.engine.release()
        yield from unit_test_results(invocation, context.selected_asset_check_keys)

    @override
    def get_asset_spec(self, manifest: Manifest, unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The asset of a source, model or snapshot: its key under the domain's, its layer as group."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        layer = dbt_layer(node).value
        return spec.replace_attributes(key=dbt_asset_key(node), group_name=layer).merge_attributes(
            tags={"layer": layer}
        )

    @override
    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Manifest, unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """The check of a data test; the library would look for it under the key that it would have given the asset."""
        return default_asset_check_fn(manifest, self.translator, asset_spec.key, unique_id, project)
