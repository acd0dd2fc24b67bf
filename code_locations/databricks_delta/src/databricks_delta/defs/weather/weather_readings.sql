-- The accepted readings, one for each station and instant: of several rows that give the same one, the latest stays.
SELECT
  station,
  observed_at,
  temp_c,
  dew_point_c,
  humidity_pct,
  wind_dir_deg,
  wind_speed_ms,
  wind_gust_ms,
  precip_mm,
  pressure_hpa,
  visibility_km,
  _month
FROM readings_judged
-- The reason is asked for after the ranking, not in a WHERE: put below it, the reason's whole expression would hold every
-- column that it judges, and Spark would work out the consequences of each of them for each other, for hours.
QUALIFY _rejection_reason IS NULL AND row_number() OVER (
  PARTITION BY station, observed_at, _rejection_reason IS NULL
  -- After file time and name, the content decides, so that the answer never depends on the order of rows.
  ORDER BY
    _source_modified_at DESC, _source_file DESC,
    temp DESC, dewp DESC, humid DESC, wind_dir DESC, wind_speed DESC, wind_gust DESC, precip DESC, pressure DESC,
    visib DESC
) = 1
