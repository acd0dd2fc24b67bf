-- In whole cents: an engine may add decimals up as floating-point numbers.
with totals as (
    select
        (select cast(round(coalesce(sum(revenue + tax), 0) * 100) as bigint) from $monthly_store_revenue) as in_gold,
        (select cast(round(coalesce(sum(subtotal + tax), 0) * 100) as bigint) from $accepted_orders) as in_silver
)

select *
from totals
where in_gold <> in_silver
