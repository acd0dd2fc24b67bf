{# The day that ages are counted to: the var `as_of`, else the day of the latest order. #}
{% macro as_of() -%}
    {%- if var('as_of', none) -%}
        cast('{{ var("as_of") }}' as date)
    {%- else -%}
        (select cast(max(ordered_at) as date) from {{ ref('silver_orders') }})
    {%- endif -%}
{%- endmacro %}
