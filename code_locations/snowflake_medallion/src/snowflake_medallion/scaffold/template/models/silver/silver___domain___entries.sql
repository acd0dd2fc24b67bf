select
    {{ trimmed('id') }} as entry_id,
    {{ as_timestamp('booked_at') }} as booked_at,
    cast(trim(amount) as numeric(12, 2)) as amount,
    {{ load_columns() }}
from {{ ref('bronze___domain___entries') }}
where {{ __domain___entry_fault() }} is null
{{ keep_latest('entry_id') }}
