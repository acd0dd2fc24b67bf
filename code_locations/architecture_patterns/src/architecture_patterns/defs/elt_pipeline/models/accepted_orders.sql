select order_id, customer_id, ordered_at, store_id, subtotal, tax
from $typed_orders
where rejected_because is null and not superseded
