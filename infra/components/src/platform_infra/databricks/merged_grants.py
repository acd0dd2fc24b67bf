from collections.abc import Iterable

from platform_infra.databricks.arguments import GrantsArgs
from platform_infra.databricks.privilege import Privilege
from platform_infra.databricks.privileges_table import Grantee, PrivilegeRow
from platform_infra.databricks.securable import Securable


def merged_grants(rows: Iterable[PrivilegeRow]) -> tuple[GrantsArgs, ...]:
    """One set of grants for each securable, in a stable order.

    A `Grants` resource says all that holds on its securable, so a second one would take back what the first gave.
    """
    merged: dict[Securable, dict[Grantee, set[Privilege]]] = {}
    for row in rows:
        merged.setdefault(row.securable, {}).setdefault(row.grantee, set()).update(row.privileges)
    return tuple(
        GrantsArgs(securable, tuple((grantee, tuple(sorted(held))) for grantee, held in sorted(by_grantee.items())))
        for securable, by_grantee in sorted(merged.items())
    )
