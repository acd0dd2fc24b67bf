select
    'entries' as entity,
    {{ __domain___entry_fault() }} as reason,
    {{ row_as_json(['id', 'booked_at', 'amount']) }} as row_as_arrived,
    {{ load_columns() }}
from {{ ref('bronze___domain___entries') }}
where {{ __domain___entry_fault() }} is not null
