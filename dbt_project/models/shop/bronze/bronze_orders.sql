select
    id,
    customer,
    ordered_at,
    store_id,
    subtotal,
    tax_paid,
    order_total,
    {{ load_columns() }}
from {{ source('shop', 'orders') }}
{{ only_new_files() }}
