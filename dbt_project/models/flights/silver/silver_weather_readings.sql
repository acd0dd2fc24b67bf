select
    station,
    observed_at,
    precip_mm,
    wind_speed_ms,
    visibility_km,
    {{ load_columns() }}
from {{ ref('bronze_weather_readings') }}
where station is not null and observed_at is not null
{{ keep_latest('station, observed_at') }}
