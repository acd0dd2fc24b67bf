with days as (
    {{ dbt.date_spine('day', "cast('2018-01-01' as date)", "cast('2031-01-01' as date)") }}
)

select cast(date_day as date) as day
from days
