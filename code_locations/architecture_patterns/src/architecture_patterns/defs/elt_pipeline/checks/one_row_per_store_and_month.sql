select month, store_id, count(*) as repeated
from $monthly_store_revenue
group by month, store_id
having count(*) > 1
