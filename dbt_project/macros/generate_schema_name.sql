{# A schema is a layer, by its own name and with no prefix: the deployment is in the database's name. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
