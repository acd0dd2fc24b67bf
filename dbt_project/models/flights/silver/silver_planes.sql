select
    {{ trimmed('tailnum') }} as tail_number,
    try_cast(trim(year) as integer) as built_in,
    {{ trimmed('manufacturer') }} as manufacturer,
    {{ trimmed('model') }} as model,
    try_cast(trim(seats) as integer) as seats,
    {{ load_columns() }}
from {{ ref('bronze_planes') }}
where {{ plane_fault() }} is null
{{ keep_latest('tail_number') }}
