-- Every bronze row of the months: its values typed and in SI units, and every rule that it breaks, null where it breaks
-- none. `NA` is a missing value; text that is neither `NA` nor a number is a fault.
WITH typed AS (
  SELECT
    *,
    -- Spaces are named: what else is white space, each engine's trim decides for itself.
    CASE WHEN trim(BOTH ' ' FROM origin) NOT IN ('', 'NA') THEN origin END AS station,
    CASE WHEN time_hour RLIKE :utc_instant THEN try_cast(time_hour AS TIMESTAMP) END AS observed_at,
    CASE WHEN temp RLIKE :number THEN CAST(temp AS DOUBLE) END AS temp_f,
    CASE WHEN dewp RLIKE :number THEN CAST(dewp AS DOUBLE) END AS dew_point_f,
    CASE WHEN humid RLIKE :number THEN CAST(humid AS DOUBLE) END AS humidity_pct,
    CASE WHEN wind_dir RLIKE :number THEN CAST(wind_dir AS DOUBLE) END AS wind_dir_deg,
    CASE WHEN wind_speed RLIKE :number THEN CAST(wind_speed AS DOUBLE) END AS wind_speed_mph,
    CASE WHEN wind_gust RLIKE :number THEN CAST(wind_gust AS DOUBLE) END AS wind_gust_mph,
    CASE WHEN precip RLIKE :number THEN CAST(precip AS DOUBLE) END AS precip_in,
    CASE WHEN pressure RLIKE :number THEN CAST(pressure AS DOUBLE) END AS pressure_hpa,
    CASE WHEN visib RLIKE :number THEN CAST(visib AS DOUBLE) END AS visibility_mi
  FROM bronze.weather_readings
  WHERE _month BETWEEN :first_month AND :last_month OR _month = 'unreadable'
),

converted AS (
  SELECT
    *,
    (temp_f - 32) * 5 / 9 AS temp_c,
    (dew_point_f - 32) * 5 / 9 AS dew_point_c,
    wind_speed_mph * 0.44704 AS wind_speed_ms,
    wind_gust_mph * 0.44704 AS wind_gust_ms,
    precip_in * 25.4 AS precip_mm,
    visibility_mi * 1.609344 AS visibility_km
  FROM typed
),

judged AS (
  SELECT
    *,
    concat_ws(
      '; ',
      CASE WHEN station IS NULL THEN concat('unreadable key: origin "', origin, '"') END,
      CASE WHEN observed_at IS NULL THEN concat('unreadable key: time_hour "', time_hour, '"') END,
      CASE WHEN temp <> 'NA' AND temp_f IS NULL THEN concat('unreadable number: temp "', temp, '"') END,
      CASE WHEN dewp <> 'NA' AND dew_point_f IS NULL THEN concat('unreadable number: dewp "', dewp, '"') END,
      CASE WHEN humid <> 'NA' AND humidity_pct IS NULL THEN concat('unreadable number: humid "', humid, '"') END,
      CASE WHEN wind_dir <> 'NA' AND wind_dir_deg IS NULL
        THEN concat('unreadable number: wind_dir "', wind_dir, '"') END,
      CASE WHEN wind_speed <> 'NA' AND wind_speed_mph IS NULL
        THEN concat('unreadable number: wind_speed "', wind_speed, '"') END,
      CASE WHEN wind_gust <> 'NA' AND wind_gust_mph IS NULL
        THEN concat('unreadable number: wind_gust "', wind_gust, '"') END,
      CASE WHEN precip <> 'NA' AND precip_in IS NULL THEN concat('unreadable number: precip "', precip, '"') END,
      CASE WHEN pressure <> 'NA' AND pressure_hpa IS NULL
        THEN concat('unreadable number: pressure "', pressure, '"') END,
      CASE WHEN visib <> 'NA' AND visibility_mi IS NULL THEN concat('unreadable number: visib "', visib, '"') END,
      CASE WHEN wind_speed_ms > :max_wind_ms
        THEN concat('wind_speed ', wind_speed, ' mph: above ', CAST(:max_wind_ms AS STRING), ' m/s') END,
      CASE WHEN wind_gust_ms > :max_wind_ms
        THEN concat('wind_gust ', wind_gust, ' mph: above ', CAST(:max_wind_ms AS STRING), ' m/s') END,
      CASE WHEN humidity_pct < :min_humidity_pct
        THEN concat('humid ', humid, ' %: below ', CAST(:min_humidity_pct AS STRING), ' %') END,
      CASE WHEN humidity_pct > :max_humidity_pct
        THEN concat('humid ', humid, ' %: above ', CAST(:max_humidity_pct AS STRING), ' %') END,
      CASE WHEN temp_c < :min_temp_c
        THEN concat('temp ', temp, ' °F: below ', CAST(:min_temp_c AS STRING), ' °C') END,
      CASE WHEN temp_c > :max_temp_c
        THEN concat('temp ', temp, ' °F: above ', CAST(:max_temp_c AS STRING), ' °C') END,
      CASE WHEN pressure_hpa < :min_pressure_hpa
        THEN concat('pressure ', pressure, ' hPa: below ', CAST(:min_pressure_hpa AS STRING), ' hPa') END,
      CASE WHEN pressure_hpa > :max_pressure_hpa
        THEN concat('pressure ', pressure, ' hPa: above ', CAST(:max_pressure_hpa AS STRING), ' hPa') END
    ) AS rules_broken
  FROM converted
)

SELECT
  *,
  nullif(rules_broken, '') AS _rejection_reason
FROM judged
