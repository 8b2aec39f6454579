"""The rules of recovery follow-up; standard library only, no clock, no files."""
