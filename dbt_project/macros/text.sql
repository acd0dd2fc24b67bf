{# Text without the space around it, null where nothing is left. #}
{% macro trimmed(column) -%}
    nullif(trim({{ column }}), '')
{%- endmacro %}

{# Whether the whole text is digits, with or without a sign. A cast alone would round `12.5` to a number of cents. #}
{% macro is_whole_number(column) -%}
    {{ return(adapter.dispatch('is_whole_number')(column)) }}
{%- endmacro %}

{% macro default__is_whole_number(column) -%}
    regexp_like(trim({{ column }}), '[+-]?[0-9]+')
{%- endmacro %}

{% macro duckdb__is_whole_number(column) -%}
    regexp_full_match(trim({{ column }}), '[+-]?[0-9]+')
{%- endmacro %}

{# The columns of a row as one JSON text, in their order. #}
{% macro row_as_json(columns) -%}
    {{ return(adapter.dispatch('row_as_json')(columns)) }}
{%- endmacro %}

{% macro default__row_as_json(columns) -%}
    to_json(object_construct_keep_null({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{% macro duckdb__row_as_json(columns) -%}
    cast(json_object({% for column in columns %}'{{ column }}', {{ column }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}
