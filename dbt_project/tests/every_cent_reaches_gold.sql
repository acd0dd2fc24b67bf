{{ config(meta={'dagster': {'ref': {'name': 'gold_customer_summary'}}}) }}

-- Fails when customers or store days do not add up to the orders, to the cent.
with totals as (
    select
        (select coalesce(sum(order_total), 0) from {{ ref('silver_orders') }}) as ordered,
        (select coalesce(sum(lifetime_value), 0) from {{ ref('gold_customer_summary') }}) as by_customer,
        (select coalesce(sum(revenue + tax), 0) from {{ ref('gold_store_daily_sales') }}) as by_store_day
)

select *
from totals
where ordered <> by_customer or ordered <> by_store_day
