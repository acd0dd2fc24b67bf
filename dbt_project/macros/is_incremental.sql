{# dbt's own asks the database first whether the table is there. Under --full-refresh that decides nothing, and without
   the question a project can be compiled where there is no database: column lineage is read from what comes out. #}
{% macro is_incremental() -%}
    {%- if should_full_refresh() -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(dbt.is_incremental()) }}
{%- endmacro %}
