# The program as one image; what a container does is its command (compose.yaml).

FROM node:22-bookworm-slim AS browser
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.12-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
WORKDIR /build
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --require-hashes --requirement requirements.txt
COPY --from=browser /build/node_modules node_modules
COPY deploy deploy
COPY static static
RUN /opt/venv/bin/python -c "from deploy.dev.vendor import build; build()"

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /srv/sacco --shell /usr/sbin/nologin sacco \
    && install --directory --owner sacco --group sacco /srv/uploads
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 XDG_CACHE_HOME=/tmp TZ=UTC HOST=0.0.0.0 PORT=8000 UPLOAD_DIR=/srv/uploads
WORKDIR /srv/sacco
COPY --from=packages /opt/venv /opt/venv
COPY config.py wsgi.py ./
COPY deploy/gunicorn.conf.py deploy/realtime.conf.py deploy/
COPY migrations migrations
COPY templates templates
COPY sacco_app sacco_app
COPY --from=packages /build/static static
RUN python -m compileall -q config.py wsgi.py sacco_app
USER sacco
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
