-- raw = accepted + rejected + superseded
with counts as (
    select
        (select count(*) from $raw_orders) as raw_rows,
        (select count(*) from $accepted_orders) as accepted,
        (select count(*) from $rejected_orders) as rejected,
        (select count(*) from $typed_orders where rejected_because is null and superseded) as superseded
)

select *
from counts
where raw_rows <> accepted + rejected + superseded
