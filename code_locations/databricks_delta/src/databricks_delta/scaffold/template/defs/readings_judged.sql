-- Every bronze row of the months, with its types and the rule that it breaks, null where it breaks none.
WITH typed AS (
  SELECT
    *,
    CASE WHEN measured_at RLIKE :utc_instant THEN try_cast(measured_at AS TIMESTAMP) END AS instant,
    CASE WHEN value RLIKE :number THEN CAST(value AS DOUBLE) END AS number
  FROM bronze.readings
  WHERE _month BETWEEN :first_month AND :last_month OR _month = 'unreadable'
)

SELECT
  *,
  CASE
    WHEN id IS NULL OR trim(BOTH ' ' FROM id) = '' THEN 'id is empty'
    WHEN instant IS NULL THEN 'measured_at is no instant in UTC'
    WHEN number IS NULL THEN 'value is no number'
    WHEN number > :max_value THEN 'value is too high'
  END AS _rejection_reason
FROM typed
