# The demonstration agent: the exporter's distribution alone, with Flask. Its context is the
# checkout's root. Versions are those of requirements.lock.
FROM python:3.11.13-slim-bookworm

WORKDIR /source
COPY requirements.lock metrics_exporter.py ./
COPY exporter exporter
RUN sed -n 's/ *\\$//; /^[a-z].*==/p' requirements.lock > /tmp/constraints.txt \
    && pip install --no-cache-dir --constraint /tmp/constraints.txt "./exporter[flask]" \
    && rm -rf /source/* /tmp/constraints.txt

WORKDIR /
USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["python", "-m", "exporter.demo"]
