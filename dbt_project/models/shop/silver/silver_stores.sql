select
    {{ trimmed('id') }} as store_id,
    {{ trimmed('name') }} as store_name,
    {{ as_timestamp('opened_at') }} as opened_at,
    try_cast(trim(tax_rate) as numeric(6, 4)) as tax_rate,
    {{ load_columns() }}
from {{ ref('bronze_stores') }}
where {{ store_fault() }} is null
{{ keep_latest('store_id') }}
