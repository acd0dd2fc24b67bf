with stores as (
    -- The last landed row of a store names it.
    select id, trim(name) as name
    from $raw_stores
    qualify row_number() over (partition by id order by _source_file desc, _source_line desc) = 1
)

select
    cast(date_trunc('month', o.ordered_at) as date) as month,
    o.store_id,
    s.name as store,
    count(*) as orders,
    cast(sum(o.subtotal) as decimal(12, 2)) as revenue,
    cast(sum(o.tax) as decimal(12, 2)) as tax
from $accepted_orders as o
inner join stores as s on s.id = o.store_id
group by 1, 2, 3
