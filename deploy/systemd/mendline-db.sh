#!/bin/sh
# `python -m db` with the user, the settings and the folder of the services. Put it into
# /usr/local/sbin/mendline-db and call it as root:
#
#   mendline-db check
#   RELEASE=/opt/mendline/releases/2027-01 mendline-db check     with a version that does not serve yet
set -eu
# By the folder's own name, so that a link set anew meanwhile changes nothing for what runs.
release=$(cd -P "${RELEASE:-/opt/mendline/current}" && pwd)
exec systemd-run --quiet --collect --wait --pty --pipe \
  --uid=mendline --gid=mendline \
  --working-directory="$release" \
  --property=EnvironmentFile=/etc/mendline/mendline.env \
  --setenv=MENDLINE_SECRET_FILE=/etc/mendline/secret.key \
  --setenv=HOME=/var/lib/mendline \
  "$release/.venv/bin/python" -m db "$@"
