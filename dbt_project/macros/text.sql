{# Text without the space around it, null where nothing is left. #}
{% macro trimmed(column) -%}
    nullif(trim({{ column }}), '')
{%- endmacro %}

{# Whether the whole text, without the space around it, is as the regular expression says. #}
{% macro matches(column, pattern) -%}
    {{ return(adapter.dispatch('matches')(column, pattern)) }}
{%- endmacro %}

{% macro default__matches(column, pattern) -%}
    regexp_like(trim({{ column }}), '{{ pattern }}')
{%- endmacro %}

{% macro duckdb__matches(column, pattern) -%}
    regexp_full_match(trim({{ column }}), '{{ pattern }}')
{%- endmacro %}

{# A day, with or without a time of it and without a zone; null where the text is another. What the engines make of more
   differs: Snowflake reads `12345` as seconds, DuckDB a last word as a zone. #}
{% macro as_timestamp(column) -%}
    {%- set pattern = '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?' -%}
    case
        -- `datetime` is a time without zone in Snowflake and in DuckDB, whatever `timestamp` is set to mean.
        when {{ matches(column, pattern) }} then try_cast(trim({{ column }}) as datetime)
    end
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
