select order_id, count(*) as repeated
from $accepted_orders
group by order_id
having count(*) > 1
