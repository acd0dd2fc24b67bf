# syntax=docker/dockerfile:1
# The image of one code location for one deployment of Dagster+: what the location runs on, as uv.lock has it, and
# nothing else. `platform image` builds it. There is no secret in it and none is needed to build it: the agent hands
# settings and credentials over when a container starts (dagster_cloud.yaml).

# By tag, so that a rebuild brings the fixes of the system's packages. To build the same bytes again, append the digest
# that `docker buildx imagetools inspect` prints for it: --build-arg BASE=python:3.13-slim-bookworm@sha256:<digest>
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS build
ARG UV_VERSION=0.13.9
RUN pip install --no-cache-dir "uv==${UV_VERSION}"
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
ARG LOCATION
ARG DEPLOYMENT
RUN --mount=type=bind,target=/workspace \
    --mount=type=cache,target=/root/.cache/uv \
    /workspace/.ci/closure "${LOCATION}" "${DEPLOYMENT}" /app

FROM ${BASE}
RUN useradd --uid 10001 --create-home platform
COPY --from=build /app /app
# dbt's artifacts and spill files; all else belongs to root.
RUN chown --recursive platform /app/.local
ARG DEPLOYMENT
# The contract refuses an image whose deployment is not the one that Dagster+ names.
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PLATFORM_DEPLOYMENT=${DEPLOYMENT} \
    PLATFORM_DEMO_MODE=false \
    PLATFORM_LOCAL_ROOT=/app/.local \
    DAGSTER_DISABLE_TELEMETRY=yes \
    DO_NOT_TRACK=1
WORKDIR /app
USER 10001
# No command: the agent starts `dagster api grpc` for the code server and `dagster api execute_run` for a run.
