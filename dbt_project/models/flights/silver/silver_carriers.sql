select
    {{ trimmed('carrier') }} as carrier,
    {{ trimmed('name') }} as carrier_name,
    {{ load_columns() }}
from {{ ref('bronze_carriers') }}
where {{ carrier_fault() }} is null
{{ keep_latest('carrier') }}
