{# What Snowflake's query history notes of each statement, as JSON: which model, snapshot or test, in which Dagster run.
   `parse_json(query_tag):run_id` finds what a run cost. The adapter's own macros would only take a fixed text. #}

{% macro snowflake__set_query_tag() -%}
    {%- set domain = model.fqn[1] -%}
    {%- set tag = {
        'pipeline': domain,
        'asset': domain ~ '/' ~ model.name,
        'run_id': env_var('PLATFORM_RUN_ID', '') or 'none',
    } -%}
    {% do run_query("alter session set query_tag = '" ~ tojson(tag) ~ "'") %}
{%- endmacro %}

{# The session goes back to the tag of the profile, and is not asked for the one it had. #}
{% macro snowflake__unset_query_tag(original_query_tag) -%}
    {% do run_query("alter session set query_tag = '" ~ target.query_tag ~ "'") %}
{%- endmacro %}
