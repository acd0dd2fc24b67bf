select
    tailnum,
    year,
    type,
    manufacturer,
    model,
    engines,
    seats,
    speed,
    engine,
    {{ load_columns() }}
from {{ source('flights', 'planes') }}
{{ only_new_files() }}
