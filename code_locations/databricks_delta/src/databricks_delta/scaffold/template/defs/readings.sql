-- The accepted rows, one for each thing and instant: of several the latest stays.
SELECT
  id,
  instant AS measured_at,
  number AS value,
  _month
FROM readings_judged
QUALIFY _rejection_reason IS NULL AND row_number() OVER (
  PARTITION BY id, instant, _rejection_reason IS NULL
  ORDER BY _source_modified_at DESC, _source_file DESC, value DESC
) = 1
