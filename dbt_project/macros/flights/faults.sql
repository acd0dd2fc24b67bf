{# Why a row of bronze cannot be read, null where it can. Such a row never replaces a readable one. #}

{% macro departure_fault() -%}
    case
        {%- for column in ['carrier', 'origin', 'dest'] %}
        when {{ trimmed(column) }} is null then '{{ column }} is empty'
        {%- endfor %}
        {%- for column in ['flight', 'time_hour'] %}
        when {{ column }} is null then '{{ column }} is empty'
        {%- endfor %}
        when {{ local_day() }} is null then 'year, month and day are no day'
        when (dep_time is null) <> (dep_delay is null) then 'one of dep_time and dep_delay is empty'
    end
{%- endmacro %}

{% macro carrier_fault() -%}
    case
        when {{ trimmed('carrier') }} is null then 'carrier is empty'
        when {{ trimmed('name') }} is null then 'name is empty'
    end
{%- endmacro %}

{% macro airport_fault() -%}
    case
        when {{ trimmed('faa') }} is null then 'faa is empty'
        when {{ trimmed('name') }} is null then 'name is empty'
    end
{%- endmacro %}

{% macro plane_fault() -%}
    case
        when {{ trimmed('tailnum') }} is null then 'tailnum is empty'
        {%- for number in ['year', 'seats'] %}
        when {{ number }} is not null and try_cast(trim({{ number }}) as integer) is null then '{{ number }} is no whole number'
        {%- endfor %}
    end
{%- endmacro %}

{# The day of a departure, New York time, by its three numbers; null where they are no day. #}
{% macro local_day() -%}
    try_cast(
        lpad(cast(year as varchar), 4, '0')
        || '-' || lpad(cast(month as varchar), 2, '0')
        || '-' || lpad(cast(day as varchar), 2, '0') as date
    )
{%- endmacro %}
