-- A station's UTC day in one row.
SELECT
  station,
  to_date(observed_at) AS day,
  count(*) AS readings,
  avg(temp_c) AS mean_temp_c,
  min(temp_c) AS min_temp_c,
  max(temp_c) AS max_temp_c,
  sum(precip_mm) AS total_precip_mm,
  max(wind_speed_ms) AS max_wind_speed_ms,
  avg(pressure_hpa) AS mean_pressure_hpa,
  count(*) / 24 AS completeness,
  _month
FROM silver.weather_readings
WHERE _month BETWEEN :first_month AND :last_month
GROUP BY station, to_date(observed_at), _month
