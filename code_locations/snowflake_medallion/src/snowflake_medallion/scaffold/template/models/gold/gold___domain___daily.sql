select
    cast(booked_at as date) as day,
    cast(count(*) as bigint) as entries,
    cast(sum(amount) as numeric(12, 2)) as amount
from {{ ref('silver___domain___entries') }}
group by 1
