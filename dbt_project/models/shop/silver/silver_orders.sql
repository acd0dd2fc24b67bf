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

-- What is here is the latest readable version of all files before, so the files of which no row is here are all that there
-- is to weigh: new ones, and those whose rows have all been replaced, which lose again. A version that cannot be read
-- replaces nothing.
with arrived as (

    select *
    from {{ ref('bronze_orders') }}
    {{ only_new_files() }}

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
    from arrived
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
        and not {{ is_later('latest', 'present') }}
)
{%- endif %}
