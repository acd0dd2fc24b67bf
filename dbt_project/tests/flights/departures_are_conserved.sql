{{ config(group='flight_engineering', meta={'dagster': {'ref': {'name': 'silver_departures'}}}) }}

-- Fails with the departures of bronze that are neither in silver nor rejected.
select distinct {{ trimmed('carrier') }} as carrier, flight, {{ trimmed('origin') }} as origin, {{ local_day() }} as day
from {{ ref('bronze_departures') }}
where {{ departure_fault() }} is null
except
select carrier, flight_number, origin, day
from {{ ref('silver_departures') }}
