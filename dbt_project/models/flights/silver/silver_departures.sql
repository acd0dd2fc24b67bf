with readable as (

    select
        {{ trimmed('carrier') }} as carrier,
        cast(flight as bigint) as flight_number,
        {{ trimmed('tailnum') }} as tail_number,
        {{ trimmed('origin') }} as origin,
        {{ trimmed('dest') }} as destination,
        {{ local_day() }} as day,
        cast(time_hour as datetime) as scheduled_hour,
        dep_delay is null as is_cancelled,
        cast(dep_delay as bigint) as departure_delay_min,
        cast(arr_delay as bigint) as arrival_delay_min,
        cast(air_time as bigint) as air_time_min,
        cast(distance as bigint) as distance_mi,
        {{ load_columns() }}
    from {{ ref('bronze_departures') }}
    where {{ departure_fault() }} is null

)

select *
from readable
{{ keep_latest('carrier, flight_number, origin, day') }}
