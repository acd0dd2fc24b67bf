select
    carrier,
    name,
    {{ load_columns() }}
from {{ source('flights', 'carriers') }}
{{ only_new_files() }}
