-- Readings more than 3 standard deviations from what the station had at that UTC hour in the 30 days before.
WITH compared AS (
  SELECT
    station,
    observed_at,
    temp_c,
    count(temp_c) OVER month_before AS compared_with,
    avg(temp_c) OVER month_before AS expected_temp_c,
    stddev_samp(temp_c) OVER month_before AS standard_deviation,
    _month
  FROM silver.weather_readings
  WHERE _month BETWEEN date_format(date_sub(to_date(concat(:first_month, '-01')), 30), 'yyyy-MM') AND :last_month
  WINDOW month_before AS (
    PARTITION BY station, hour(observed_at)
    ORDER BY observed_at
    -- Instants are whole seconds, so this ends just before the reading itself. It begins 30 days before, in seconds as
    -- well: Spark takes no frame whose bounds are of two units.
    RANGE BETWEEN INTERVAL 2592000 SECONDS PRECEDING AND INTERVAL 1 SECOND PRECEDING
  )
)

SELECT
  station,
  observed_at,
  temp_c,
  expected_temp_c,
  standard_deviation,
  (temp_c - expected_temp_c) / standard_deviation AS deviation_sigmas,
  _month
FROM compared
WHERE
  _month BETWEEN :first_month AND :last_month
  AND compared_with >= 20
  AND standard_deviation > 0
  AND abs(temp_c - expected_temp_c) > 3 * standard_deviation
