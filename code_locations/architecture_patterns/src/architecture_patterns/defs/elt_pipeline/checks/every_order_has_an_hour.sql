with totals as (
    select
        (select coalesce(sum(orders), 0) from $hourly_sales where hour_of_day between 0 and 23) as in_gold,
        (select count(*) from $accepted_orders) as in_silver
)

select *
from totals
where in_gold <> in_silver
