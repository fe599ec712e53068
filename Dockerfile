# The image of the CronJobs in generated/kubernetes/cron-jobs.yaml: the command slo, and this
# project in /project. For a project of your own, replace what is copied there by its
# slobook.toml, specifications and notebooks. Versions are those of requirements.lock.
FROM python:3.11.13-slim-bookworm

WORKDIR /source
COPY requirements.lock pyproject.toml README.md LICENSE metrics_exporter.py ./
COPY exporter exporter
COPY slo slo
RUN sed -n 's/ *\\$//; /^[a-z].*==/p' requirements.lock > /tmp/constraints.txt \
    && pip install --no-cache-dir --constraint /tmp/constraints.txt ".[report,grafana,delivery]" \
    && rm -rf /source/* /tmp/constraints.txt

WORKDIR /project
COPY slobook.toml ./
COPY slo/catalog slo/catalog
COPY notebooks notebooks

ENV HOME=/tmp NUMBA_CACHE_DIR=/tmp/numba
USER 10001:10001
ENTRYPOINT ["slo"]
CMD ["--help"]
