import os
import sys
from pathlib import Path

import click
from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout, local_root
from platform_infra.permissions.clouds import databricks_access, snowflake_access
from platform_infra.permissions.proof import prove

from platform_cli.console import make_console
from platform_cli.permissions.dbt_manifest import dbt_manifest
from platform_cli.permissions.review_table import print_proof, print_review
from platform_cli.stacks.stack_option import stack_option


@click.command()
@stack_option
def permissions(*, stack: Deployment) -> None:
    """Print who may do what where in a stack, and why; and prove that every need is met and every grant needed.

    Read from what the programs declare, so it takes no account and no credential. Exits with 1 when the proof fails.
    """
    if stack.has(Trait.LAPTOP):
        raise ContractError(
            f"stack {stack} has no cloud, so nobody is granted anything: name {deployments().clouds_named()}"
        )
    here = Path.cwd()
    root = checkout(here)
    manifest = dbt_manifest(root, local_root(os.environ, here))
    clouds = (snowflake_access(root, stack, manifest), databricks_access(root, stack))
    proofs = [prove(access.graph, stack.name, access.justified) for access in clouds]
    console = make_console()
    for access in clouds:
        print_review(console, access, stack.name)
    for access, proof in zip(clouds, proofs, strict=True):
        print_proof(console, access.cloud, proof)
    sys.exit(0 if all(proof.holds for proof in proofs) else 1)
