import abc
import re
from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

_TYPE_TOKEN = re.compile(r"platform:[a-z]+:[A-Z][A-Za-z]+")


class PlatformComponent[Args](pulumi.ComponentResource, abc.ABC):
    """A group of resources that belong together, made from one frozen, validated `args`.

    A subclass states its `type_token` (`platform:snowflake:Warehouse`; part of every URN below it, so never renamed),
    makes its children in `declare` with `self.child(...)` as their options, keeps each as an attribute, and returns
    the outputs.
    """

    type_token: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        token = cls.__dict__.get("type_token", "")
        if "declare" in cls.__dict__ and not _TYPE_TOKEN.fullmatch(token):
            raise TypeError(f"{cls.__name__}.type_token is {token!r}: write platform:<area>:<Name>")

    def __init__(self, name: str, args: Args, parent: pulumi.Resource | None) -> None:
        super().__init__(self.type_token, name, None, pulumi.ResourceOptions(parent=parent))
        self.logical_name = name
        self.args = args
        self.register_outputs(dict(self.declare(name, args)))

    @abc.abstractmethod
    def declare(self, name: str, args: Args) -> Mapping[str, Any]:
        """Make the children and return the component's outputs, name → value."""

    def child(
        self,
        provider: pulumi.ProviderResource | None = None,
        protect: bool | None = None,
        depends_on: list[pulumi.Resource] | None = None,
    ) -> pulumi.ResourceOptions:
        """The options of one child: this component is its parent.

        Cloud names are fixed, so a replacement has to delete the old object before it can make the new one.
        """
        return pulumi.ResourceOptions(
            parent=self,
            provider=provider,
            protect=protect,
            depends_on=depends_on,
            delete_before_replace=True,
        )
