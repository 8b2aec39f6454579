#!/usr/bin/env bash
# Start the standby: copy the primary when its own folder is empty, then follow it.
# After it was promoted it starts as what it is then; empty its folder to make it a standby again.
set -euo pipefail

secrets=${SECRETS:-/run/secrets}
port=${PRIMARY_PORT:-5432}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Begun and not finished, as far as there is anything.
  find "$PGDATA" -mindepth 1 -delete
  PGPASSWORD=$(<"$secrets/replication_password") pg_basebackup --pgdata="$PGDATA/copying" \
    --wal-method=stream --checkpoint=fast --slot=standby --write-recovery-conf \
    --dbname="host=$PRIMARY_HOST port=$port user=replicator application_name=standby"
  # What tells that the copy is whole is put in place last.
  find "$PGDATA/copying" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv --target-directory="$PGDATA" {} +
  mv "$PGDATA/copying/PG_VERSION" "$PGDATA"
  rmdir "$PGDATA/copying"
  chmod 700 "$PGDATA"
fi
exec postgres "$@"
