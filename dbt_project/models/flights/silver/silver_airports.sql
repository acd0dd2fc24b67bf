select
    {{ trimmed('faa') }} as airport,
    {{ trimmed('name') }} as airport_name,
    try_cast(trim(lat) as double) as latitude_deg,
    try_cast(trim(lon) as double) as longitude_deg,
    {{ trimmed('tzone') }} as time_zone,
    {{ load_columns() }}
from {{ ref('bronze_airports') }}
where {{ airport_fault() }} is null
{{ keep_latest('airport') }}
