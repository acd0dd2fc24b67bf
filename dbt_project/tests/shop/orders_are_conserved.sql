{{ config(group='shop_engineering', meta={'dagster': {'ref': {'name': 'silver_orders'}}}) }}

-- Fails with the orders of bronze that are neither in silver nor rejected: every order has one version in silver unless
-- none of its versions can be read.
select distinct {{ trimmed('id') }} as order_id
from {{ ref('bronze_orders') }}
where
    {{ order_fault() }} is null
    and {{ trimmed('id') }} not in (select order_id from {{ ref('silver_orders') }})
