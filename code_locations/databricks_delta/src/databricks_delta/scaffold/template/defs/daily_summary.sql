-- A thing's UTC day in one row.
SELECT
  id,
  to_date(measured_at) AS day,
  count(*) AS readings,
  avg(value) AS mean_value,
  _month
FROM silver.readings
WHERE _month BETWEEN :first_month AND :last_month
GROUP BY id, to_date(measured_at), _month
