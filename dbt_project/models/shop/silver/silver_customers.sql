select
    {{ trimmed('id') }} as customer_id,
    {{ trimmed('name') }} as customer_name,
    {{ load_columns() }}
from {{ ref('bronze_customers') }}
where {{ customer_fault() }} is null
{{ keep_latest('customer_id') }}
