"""The deployments that the platform has as shipped, by name: tests may know them, code may not."""

from platform_contract.deployment import parse_deployment

LOCAL = parse_deployment("local")
DEV = parse_deployment("dev")
PROD = parse_deployment("prod")
