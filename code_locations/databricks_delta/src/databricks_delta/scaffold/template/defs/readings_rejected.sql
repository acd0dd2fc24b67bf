-- The rows that cannot be readings, whole, with the reason.
SELECT
  id,
  measured_at,
  value,
  _source_file,
  _source_sha256,
  _source_modified_at,
  _ingested_at,
  _rejection_reason,
  _month
FROM readings_judged
WHERE _rejection_reason IS NOT NULL
