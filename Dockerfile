# The image of one code location: what the location runs on, as uv.lock has it, and nothing else. `platform images`
# builds it, once for all that stand together or for one pull request. There is no secret in it and none is needed to build
# it: the agent hands settings and credentials over when a container starts (dagster_cloud.yaml), and Dagster+ says which
# deployment it belongs to.

# Both by digest, which Dependabot brings up to date (.github/dependabot.yml); it reads FROM alone.
FROM ghcr.io/astral-sh/uv:0.13.0@sha256:cdc6093146eb3ff6a40107b38f008b789e050e77ad87865e381d9917da55a168 AS uv
FROM python:3.13-slim-bookworm@sha256:67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8 AS base

FROM base AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
ARG LOCATION
ARG DEPLOYMENTS
RUN --mount=type=bind,target=/workspace \
    --mount=type=cache,target=/root/.cache/uv \
    /workspace/.ci/closure "${LOCATION}" /app ${DEPLOYMENTS}

FROM base
RUN useradd --uid 10001 --no-create-home platform
# All of it belongs to root. Where containers write, a volume is mounted: nothing else takes a write in Kubernetes.
COPY --from=build /app /app
RUN install --directory --owner=platform /scratch
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PLATFORM_DEMO_MODE=false \
    PLATFORM_MANIFESTS=/app/manifests \
    PLATFORM_LOCAL_ROOT=/scratch \
    HOME=/scratch \
    TMPDIR=/scratch \
    DAGSTER_DISABLE_TELEMETRY=yes \
    DO_NOT_TRACK=1
WORKDIR /app
USER 10001
# No command: the agent starts `dagster api grpc` for the code server and `dagster api execute_run` for a run.
