-- The rows that cannot be readings, whole, with the reason.
SELECT
  origin,
  year,
  month,
  day,
  hour,
  temp,
  dewp,
  humid,
  wind_dir,
  wind_speed,
  wind_gust,
  precip,
  pressure,
  visib,
  time_hour,
  _source_file,
  _source_sha256,
  _source_modified_at,
  _ingested_at,
  _rejection_reason,
  _month
FROM readings_judged
WHERE _rejection_reason IS NOT NULL
