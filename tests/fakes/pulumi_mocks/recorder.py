"""The recording engine under the name that tests know it by."""

from platform_infra.recording.recorder import RecordedResource, RecordedStack, nothing_computed, run_program

__all__ = ["RecordedResource", "RecordedStack", "nothing_computed", "run_program"]
