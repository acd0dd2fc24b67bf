{# US cents, as text, in US dollars. #}
{% macro dollars(cents) -%}
    cast(try_cast(trim({{ cents }}) as numeric(12, 0)) * 0.01 as numeric(12, 2))
{%- endmacro %}

{# An amount of at least zero shared by `count`, to the cent, half a cent up. #}
{% macro average_amount(amount, count) -%}
    {{ return(adapter.dispatch('average_amount')(amount, count)) }}
{%- endmacro %}

{% macro default__average_amount(amount, count) -%}
    cast(round({{ amount }} / {{ count }}, 2) as numeric(12, 2))
{%- endmacro %}

{# DuckDB divides decimals as doubles, where half a cent is often a little less than that: count in whole cents. #}
{% macro duckdb__average_amount(amount, count) -%}
    cast((cast({{ amount }} * 200 as bigint) + {{ count }}) // (2 * {{ count }}) * 0.01 as numeric(12, 2))
{%- endmacro %}
