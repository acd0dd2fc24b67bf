from platform_infra.cost.change import describe_change
from platform_infra.programs.cloud_programs import cloud_program

from platform_cli.cost.bounds import deployed_bound, planned_bound
from platform_cli.stacks.programs import LOCAL_PROGRAM
from platform_cli.stacks.stack import Stack


def cost_notice(stack: Stack) -> str:
    """What a change of a stack does to the worst month, in one line; empty for the stack of this machine."""
    if stack.program == LOCAL_PROGRAM:
        return ""
    root, program = stack.folder.parents[1], cloud_program(stack.program)
    deployed = deployed_bound(root, program, stack.outputs().get("platform"))
    return describe_change(planned_bound(root, program, stack.deployment), deployed)
