{{ config(meta={'dagster': {'ref': {'name': 'gold_customer_summary'}}}) }}

-- Fails when customers or store days do not add up to the orders, to the cent.
with totals as (
    select
        (select cast(coalesce(sum(order_total), 0) as numeric(18, 2)) from {{ ref('silver_orders') }}) as ordered,
        (select cast(coalesce(sum(lifetime_value), 0) as numeric(18, 2)) from {{ ref('gold_customer_summary') }}) as by_customer,
        (select cast(coalesce(sum(revenue + tax), 0) as numeric(18, 2)) from {{ ref('gold_store_daily_sales') }}) as by_store_day
)

select *
from totals
where ordered <> by_customer or ordered <> by_store_day
