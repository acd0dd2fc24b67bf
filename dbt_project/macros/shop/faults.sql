{# Why a row of bronze cannot be read, null where it can. Such a row never replaces a readable one. #}

{% macro customer_fault() -%}
    case
        when {{ trimmed('id') }} is null then 'id is empty'
        when {{ trimmed('name') }} is null then 'name is empty'
    end
{%- endmacro %}

{% macro store_fault() -%}
    case
        when {{ trimmed('id') }} is null then 'id is empty'
        when {{ trimmed('name') }} is null then 'name is empty'
        when {{ as_timestamp('opened_at') }} is null then 'opened_at is not a timestamp'
        when coalesce(try_cast(trim(tax_rate) as numeric(6, 4)), -1) not between 0 and 1 then 'tax_rate is not between 0 and 1'
    end
{%- endmacro %}

{% macro order_fault() -%}
    case
        when {{ trimmed('id') }} is null then 'id is empty'
        when {{ trimmed('customer') }} is null then 'customer is empty'
        when {{ trimmed('store_id') }} is null then 'store_id is empty'
        when {{ as_timestamp('ordered_at') }} is null then 'ordered_at is not a timestamp'
        {%- for amount in ['subtotal', 'tax_paid', 'order_total'] %}
        {#- A cast alone would round 12.5 to a whole number. #}
        when coalesce(not {{ matches(amount, '[+-]?[0-9]+') }}, true) then '{{ amount }} is not a whole number of cents'
        when try_cast(trim({{ amount }}) as numeric(12, 0)) is null then '{{ amount }} is too large'
        when try_cast(trim({{ amount }}) as numeric(12, 0)) < 0 then '{{ amount }} is below zero'
        {%- endfor %}
    end
{%- endmacro %}
