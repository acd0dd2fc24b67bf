{#- Raw holds the latest version of each month's file and no other: what is gone there is gone here. -#}
{{ config(materialized='table') }}

select
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
    {{ load_columns() }}
from {{ source('flights', 'weather_readings') }}
