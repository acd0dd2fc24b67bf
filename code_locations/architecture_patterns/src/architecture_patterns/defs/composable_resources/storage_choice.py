from enum import StrEnum

import dagster as dg
from platform_runtime.declared_schema import ResolvedModel
from platform_runtime.platform_context import PlatformContext
from pydantic import Field

from architecture_patterns import engine
from architecture_patterns.defs.composable_resources.compressed_storage import CompressedStorage
from architecture_patterns.defs.composable_resources.local_storage import LocalStorage
from architecture_patterns.defs.composable_resources.mock_storage import MockStorage
from architecture_patterns.defs.composable_resources.object_storage import ObjectStorage
from architecture_patterns.defs.composable_resources.storage import Storage
from architecture_patterns.pattern import Pattern


class StorageName(StrEnum):
    """What may stand in `defs.yaml`."""

    LOCAL = "local_storage"
    MOCK = "mock_storage"
    OBJECT = "object_storage"


class StorageChoice(dg.Model, ResolvedModel):
    """Which storage serves which engine."""

    demo: StorageName = Field(description="While demo_mode is true.", examples=["local_storage"])
    production: StorageName = Field(description="While it is false.", examples=["object_storage"])


def chosen_storage(choice: StorageChoice, compressed: bool, platform: PlatformContext) -> Storage:
    """The storage that `defs.yaml` asks for."""
    plain = _storage(choice.demo if platform.demo_mode else choice.production, platform)
    return CompressedStorage(inner=plain) if compressed else plain


def _storage(name: StorageName, platform: PlatformContext) -> Storage:
    match name:
        case StorageName.LOCAL:
            return LocalStorage(path=str(engine.local_folder(Pattern.COMPOSABLE_RESOURCES, platform)))
        case StorageName.MOCK:
            return MockStorage()
        case StorageName.OBJECT:
            return ObjectStorage(settings=engine.production_settings(Pattern.COMPOSABLE_RESOURCES, platform))
