select
    departures.carrier,
    coalesce(carriers.carrier_name, departures.carrier) as carrier_name,
    departures.day,
    cast(count(*) as bigint) as flights,
    cast(count_if(departures.is_cancelled) as bigint) as cancelled,
    cast(sum(departures.departure_delay_min) as double)
    / nullif(count(departures.departure_delay_min), 0) as mean_departure_delay_min,
    cast(sum(departures.arrival_delay_min) as double)
    / nullif(count(departures.arrival_delay_min), 0) as mean_arrival_delay_min,
    -- Less than 15 minutes late at the destination, of those of which the arrival is known.
    cast(count_if(departures.arrival_delay_min < 15) as double)
    / nullif(count(departures.arrival_delay_min), 0) as on_time_share
from {{ ref('silver_departures') }} as departures
left join {{ ref('silver_carriers') }} as carriers on departures.carrier = carriers.carrier
group by 1, 2, 3
