select
    origin as station,
    observed_at,
    (temp_fahrenheit - 32) / 1.8 as temp_c,
    humidity_pct,
    wind_mph * 0.44704 as wind_speed_ms,
    precip_inches * 25.4 as precip_mm,
    pressure_hpa
from judged_readings
where rejected_because is null and not superseded
order by station, observed_at
