select
    id,
    booked_at,
    amount,
    {{ load_columns() }}
from {{ source('__domain__', 'entries') }}
{{ only_new_files() }}
