import pytest
from platform_contract.layer import Layer
from platform_contract.snowflake_names import Access
from platform_infra.snowflake.access_privileges import access_privileges
from platform_infra.snowflake.privilege import ObjectPrivileges, ObjectType, Privilege, PrivilegeError


@pytest.mark.parametrize("forbidden", ["ALL", "ALL PRIVILEGES", "OWNERSHIP", "MANAGE GRANTS", "APPLY TAG"])
def test_what_nobody_gets_is_no_privilege_of_the_platform(forbidden: str) -> None:
    assert forbidden not in set(Privilege)


def test_a_privilege_is_refused_where_it_does_not_exist() -> None:
    with pytest.raises(PrivilegeError, match="INSERT cannot be granted on VIEW: grant of SELECT"):
        ObjectPrivileges(ObjectType.VIEW, (Privilege.SELECT, Privilege.INSERT))
    with pytest.raises(PrivilegeError, match="nothing cannot be granted on SCHEMA"):
        ObjectPrivileges(ObjectType.SCHEMA, ())


def test_writing_to_a_stage_takes_reading_it() -> None:
    with pytest.raises(PrivilegeError, match="WRITE on a stage needs READ"):
        ObjectPrivileges(ObjectType.STAGE, (Privilege.WRITE,))


@pytest.mark.parametrize("layer", list(Layer))
def test_reading_changes_nothing_and_writing_includes_it(layer: Layer) -> None:
    read = {(row.on, p) for row in access_privileges(layer, Access.READ) for p in row.privileges}
    write = {(row.on, p) for row in access_privileges(layer, Access.WRITE) for p in row.privileges}
    assert {privilege for _, privilege in read} == {Privilege.USAGE, Privilege.SELECT}
    assert read < write
