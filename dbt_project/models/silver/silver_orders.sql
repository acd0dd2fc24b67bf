{#- The one table that grows for ever. Orders arrive in order of their day, so keeping it in that order costs next to
    nothing, and whoever asks for some days, or merges a correction, reads those alone. The others are small. -#}
{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='order_id',
        on_schema_change='append_new_columns',
        cluster_by=['to_date(ordered_at)'],
    )
}}

-- Every version of an order that a new file mentions is weighed again, so an old version that arrives late loses to the
-- newer one that is here already, and a version that cannot be read replaces nothing.
with versions as (

    select *
    from {{ ref('bronze_orders') }}
    {%- if is_incremental() %}
    where trim(id) in (
        select trim(id)
        from {{ ref('bronze_orders') }}
        where _loaded_at >= (select coalesce(max(_loaded_at), '1970-01-01') from {{ this }})
    )
    {%- endif %}

),

latest as (

    select
        {{ trimmed('id') }} as order_id,
        {{ trimmed('customer') }} as customer_id,
        {{ trimmed('store_id') }} as store_id,
        {{ as_timestamp('ordered_at') }} as ordered_at,
        {{ dollars('subtotal') }} as subtotal,
        {{ dollars('tax_paid') }} as tax_paid,
        {{ dollars('order_total') }} as order_total,
        {{ load_columns() }}
    from versions
    where {{ order_fault() }} is null
    {{ keep_latest('order_id') }}

)

select *
from latest
{%- if is_incremental() %}
where not exists (
    select 1
    from {{ this }} as present
    where
        present.order_id = latest.order_id
        and present._source_sha256 = latest._source_sha256
        and present._source_row = latest._source_row
)
{%- endif %}
