from dataclasses import replace

import pytest
from platform_contract.databricks_names import Group
from platform_contract.table_upkeep import TableUpkeep
from platform_infra.databricks.argument_error import ArgumentError
from platform_infra.databricks.arguments import CatalogArgs, GrantsArgs, SchemaArgs, VolumeArgs
from platform_infra.databricks.privilege import Privilege
from platform_infra.databricks.securable import Securable, SecurableKind

CATALOG = CatalogArgs(
    name="platform_dev",
    storage_root="s3://lake/dev",
    upkeep=TableUpkeep.PREDICTIVE_OPTIMIZATION,
    comment="",
    properties={},
    schemas=(),
    shared_with=(),
    force_destroy=False,
    protect=False,
)


@pytest.mark.parametrize("root", ["", "dev", "s3://", "https://lake/dev"])
def test_a_catalog_keeps_its_data_in_a_cloud_s_storage(root: str) -> None:
    with pytest.raises(ArgumentError, match=r"catalog platform_dev: .* is no folder in a cloud's storage"):
        replace(CATALOG, storage_root=root)


def test_a_protected_catalog_is_not_destroyed_with_its_data() -> None:
    with pytest.raises(ArgumentError, match="choose one"):
        replace(CATALOG, force_destroy=True, protect=True)


@pytest.mark.parametrize("name", ["", "Platform", "platform-dev", "1st", "a b", "x" * 256])
def test_a_name_that_needs_quotes_is_refused(name: str) -> None:
    with pytest.raises(ArgumentError, match="would need quotes"):
        replace(CATALOG, name=name)
    with pytest.raises(ArgumentError, match="would need quotes"):
        SchemaArgs(name, "", ())
    with pytest.raises(ArgumentError, match="would need quotes"):
        VolumeArgs(name, "")


@pytest.mark.parametrize(
    ("kind", "name", "logical"),
    [
        (SecurableKind.CATALOG, "platform_pr_7", "catalog"),
        (SecurableKind.SCHEMA, "platform_pr_7.gold", "gold"),
        (SecurableKind.VOLUME, "platform_pr_7.ops.landing", "ops.landing"),
        (SecurableKind.EXTERNAL_LOCATION, "platform_lakehouse_dev", "external_location"),
        (SecurableKind.METASTORE, "00000000-0000-4000-8000-00000000000a", "metastore"),
    ],
)
def test_grants_are_called_the_same_in_every_stack(kind: SecurableKind, name: str, logical: str) -> None:
    grants = GrantsArgs(Securable(kind, name), ((Group.ANALYSTS, (Privilege.SELECT,)),))
    assert grants.logical_name == logical
