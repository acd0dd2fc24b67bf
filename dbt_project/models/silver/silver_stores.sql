select
    {{ trimmed('id') }} as store_id,
    {{ trimmed('name') }} as store_name,
    cast(trim(opened_at) as timestamp) as opened_at,
    cast(trim(tax_rate) as numeric(6, 4)) as tax_rate,
    {{ load_columns() }}
from {{ ref('bronze_stores') }}
where {{ store_fault() }} is null
{{ keep_latest('store_id') }}
