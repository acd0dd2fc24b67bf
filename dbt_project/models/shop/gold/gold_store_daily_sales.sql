select
    coalesce(stores.store_name, orders.store_id) as store,
    cast(orders.ordered_at as date) as day,
    cast(count(*) as bigint) as orders,
    cast(sum(orders.subtotal) as numeric(12, 2)) as revenue,
    cast(sum(orders.tax_paid) as numeric(12, 2)) as tax
from {{ ref('silver_orders') }} as orders
left join {{ ref('silver_stores') }} as stores on orders.store_id = stores.store_id
group by 1, 2
