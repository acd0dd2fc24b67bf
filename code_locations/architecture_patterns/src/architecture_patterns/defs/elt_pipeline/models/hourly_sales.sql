select
    hour(ordered_at) as hour_of_day,
    count(*) as orders,
    cast(sum(subtotal) as decimal(12, 2)) as revenue
from $accepted_orders
group by 1
