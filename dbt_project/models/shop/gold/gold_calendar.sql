with digits as (

    select digit
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as ten (digit)

),

offsets as (

    select thousands.digit * 1000 + hundreds.digit * 100 + tens.digit * 10 + ones.digit as days
    from digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones

),

dates as (

    select cast({{ dbt.dateadd('day', 'days', "cast('2018-01-01' as date)") }} as date) as day
    from offsets

)

select day
from dates
where day < cast('2031-01-01' as date)
