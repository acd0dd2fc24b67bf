select
    id,
    name,
    {{ load_columns() }}
from {{ source('shop', 'customers') }}
{{ only_new_files() }}
