{# A model's schema is its layer in its domain: the prefix of the domain whose folder it lies in, then the layer. The
   deployment is in the database's name. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- else -%}
        {{ var('schema_prefix').get(node.fqn[1], node.fqn[1] ~ '_') }}{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
