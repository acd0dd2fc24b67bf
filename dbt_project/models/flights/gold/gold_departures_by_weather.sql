with judged as (

    select
        departures.origin as station,
        -- The first that holds, of the reading of that station and hour.
        case
            when readings.station is null then 'unknown'
            when readings.visibility_km < 5 then 'low visibility'
            when readings.precip_mm > 0 then 'rain'
            when readings.wind_speed_ms >= 10 then 'strong wind'
            else 'calm'
        end as weather,
        departures.is_cancelled,
        departures.departure_delay_min
    from {{ ref('silver_departures') }} as departures
    left join {{ ref('silver_weather_readings') }} as readings
        on departures.origin = readings.station and departures.scheduled_hour = readings.observed_at

)

select
    station,
    weather,
    cast(count(*) as bigint) as flights,
    cast(count_if(is_cancelled) as bigint) as cancelled,
    cast(count_if(is_cancelled) as double) / count(*) as cancelled_share,
    cast(sum(departure_delay_min) as double) / nullif(count(departure_delay_min), 0) as mean_departure_delay_min,
    cast(count_if(departure_delay_min >= 15) as double) / nullif(count(departure_delay_min), 0) as delayed_share
from judged
group by 1, 2
