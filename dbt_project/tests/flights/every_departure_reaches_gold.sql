{{ config(meta={'dagster': {'ref': {'name': 'gold_departures_by_weather'}}}) }}

-- Fails when departures by weather, or by carrier and day, do not add up to those of silver.
with totals as (
    select
        (select count(*) from {{ ref('silver_departures') }}) as departures,
        (select coalesce(sum(flights), 0) from {{ ref('gold_departures_by_weather') }}) as by_weather,
        (select coalesce(sum(flights), 0) from {{ ref('gold_carrier_daily') }}) as by_carrier
)

select *
from totals
where departures <> by_weather or departures <> by_carrier
