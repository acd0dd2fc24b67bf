-- Judge first, then rank: a row that cannot be read never supersedes one that can.
with judged as (
    select
        o.*,
        try_cast(o.ordered_at as datetime) as ordered_timestamp,
        try_cast(o.subtotal as decimal(18, 4)) as subtotal_cents,
        try_cast(o.tax_paid as decimal(18, 4)) as tax_cents,
        s.id as known_store
    from $raw_orders as o
    left join (select distinct id from $raw_stores) as s on s.id = o.store_id
),

explained as (
    select
        *,
        case
            when coalesce(id, '') = '' then 'id is empty'
            when ordered_timestamp is null
                then 'ordered_at is not a timestamp: ' || coalesce(ordered_at, '')
            when known_store is null then 'store_id is not a known store: ' || coalesce(store_id, '')
            when subtotal_cents is null or subtotal_cents <> floor(subtotal_cents)
                then 'subtotal is not a number of cents: ' || coalesce(subtotal, '')
            when tax_cents is null or tax_cents <> floor(tax_cents)
                then 'tax_paid is not a number of cents: ' || coalesce(tax_paid, '')
        end as rejected_because
    from judged
)

select
    id as order_id,
    customer as customer_id,
    ordered_timestamp as ordered_at,
    store_id,
    cast(subtotal_cents / 100 as decimal(12, 2)) as subtotal,
    cast(tax_cents / 100 as decimal(12, 2)) as tax,
    rejected_because,
    row_number() over (
        partition by id, case when rejected_because is null then 1 else 0 end
        order by _source_file desc, _source_line desc
    ) > 1 as superseded,
    _source_file,
    _source_line
from explained
