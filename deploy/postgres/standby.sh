#!/usr/bin/env bash
# Start the standby: copy the primary when its own folder is empty, then follow it.
# After it was promoted it starts as what it is then; empty its folder to make it a standby again.
set -euo pipefail

secrets=${SECRETS:-/run/secrets}
port=${PRIMARY_PORT:-5432}
# As synchronous_standby_names of the primary and a slot there call it; one for each standby.
name=${STANDBY_NAME:-standby}
# It would be taken before either name that is given below.
unset PGAPPNAME

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Begun and not finished, as far as there is anything.
  find "$PGDATA" -mindepth 1 -delete
  # Under its program's name: one that is called as the standby is would count as the standby, and
  # people be told that a report is safe which a half copy alone holds.
  PGPASSWORD=$(<"$secrets/replication_password") pg_basebackup --pgdata="$PGDATA/copying" \
    --wal-method=stream --checkpoint=fast --slot="$name" --write-recovery-conf \
    --dbname="host=$PRIMARY_HOST port=$port user=replicator"
  # What a standby without another name is called by.
  echo "cluster_name = '$name'" >>"$PGDATA/copying/postgresql.auto.conf"
  # What tells that the copy is whole is put in place last.
  find "$PGDATA/copying" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv --target-directory="$PGDATA" {} +
  mv "$PGDATA/copying/PG_VERSION" "$PGDATA"
  rmdir "$PGDATA/copying"
  chmod 700 "$PGDATA"
fi
exec postgres "$@"
