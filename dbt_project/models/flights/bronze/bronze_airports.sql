select
    faa,
    name,
    lat,
    lon,
    alt,
    tz,
    dst,
    tzone,
    {{ load_columns() }}
from {{ source('flights', 'airports') }}
{{ only_new_files() }}
