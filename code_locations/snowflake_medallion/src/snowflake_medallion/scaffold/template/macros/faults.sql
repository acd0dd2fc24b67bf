{# Why a row of bronze cannot be read, null where it can. Such a row never replaces a readable one. #}

{% macro __domain___entry_fault() -%}
    case
        when {{ trimmed('id') }} is null then 'id is empty'
        when {{ as_timestamp('booked_at') }} is null then 'booked_at is not a timestamp'
        when coalesce(not {{ matches('amount', '[+-]?[0-9]{1,10}([.][0-9]{1,2})?') }}, true) then 'amount is not a number of dollars and cents'
    end
{%- endmacro %}
