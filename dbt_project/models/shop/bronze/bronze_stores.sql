select
    id,
    name,
    opened_at,
    tax_rate,
    {{ load_columns() }}
from {{ source('shop', 'stores') }}
{{ only_new_files() }}
