-- Every bronze row with its types in SI units and, where it cannot be believed, the first reason.
with typed as (
    select
        *,
        try_cast(time_hour as timestamptz) as observed_at,
        try_cast(nullif(temp, 'NA') as double) as temp_fahrenheit,
        try_cast(nullif(humid, 'NA') as double) as humidity_pct,
        try_cast(nullif(wind_speed, 'NA') as double) as wind_mph,
        try_cast(nullif(precip, 'NA') as double) as precip_inches,
        try_cast(nullif(pressure, 'NA') as double) as pressure_hpa
    from bronze_readings
),

explained as (
    select
        *,
        case
            when origin = '' then 'origin is empty'
            when observed_at is null then 'time_hour is not a timestamp: ' || time_hour
            when temp <> 'NA' and not coalesce(isfinite(temp_fahrenheit), false) then 'temp is not a number: ' || temp
            when humid <> 'NA' and not coalesce(isfinite(humidity_pct), false) then 'humid is not a number: ' || humid
            when wind_speed <> 'NA' and not coalesce(isfinite(wind_mph), false)
                then 'wind_speed is not a number: ' || wind_speed
            when precip <> 'NA' and not coalesce(isfinite(precip_inches), false)
                then 'precip is not a number: ' || precip
            when pressure <> 'NA' and not coalesce(isfinite(pressure_hpa), false)
                then 'pressure is not a number: ' || pressure
            when wind_mph * 0.44704 > getvariable('max_wind_speed_ms')
                then format('wind_speed is above {} m/s: {} mph', getvariable('max_wind_speed_ms'), wind_speed)
        end as rejected_because
    from typed
)

select
    *,
    -- A row that cannot be believed never supersedes one that can.
    row_number() over (
        partition by origin, observed_at, rejected_because is null
        order by _loaded_at desc, _source_file desc, _source_line desc
    ) > 1 as superseded
from explained
