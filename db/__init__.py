"""Everything that knows SQL: tables, queries, migrations, demo data."""
