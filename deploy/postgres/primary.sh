#!/usr/bin/env bash
# Run once by the image of PostgreSQL when the primary's folder is empty: the app's database and
# user, the standby's user, and that what is committed waits for the standby's disk.
set -euo pipefail

secrets=${SECRETS:-/run/secrets}

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
  --set=app_password="$(<"$secrets/app_password")" \
  --set=replication_password="$(<"$secrets/replication_password")" <<'SQL'
CREATE ROLE mendline LOGIN PASSWORD :'app_password';
CREATE DATABASE mendline OWNER mendline;
REVOKE CONNECT ON DATABASE mendline FROM public;
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication_password';
SELECT pg_create_physical_replication_slot('standby');
-- Counts from the next start on, which is the one that serves.
ALTER SYSTEM SET synchronous_standby_names = 'standby';
SQL

# Passwords alone open it, and only from the network that the containers share.
cat >>"$PGDATA/pg_hba.conf" <<'HBA'
host replication replicator samenet scram-sha-256
HBA
