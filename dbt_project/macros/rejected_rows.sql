{# The rows of a domain's bronze tables that cannot be read, with the reason, as they arrived.

   entities: by the name of a bronze table without its layer, `fault`, the SQL of why a row of it cannot be read, and
   `columns`, those that its files have. #}
{% macro rejected_rows(entities) -%}
{% for entity, rules in entities.items() %}
select
    '{{ entity }}' as entity,
    {{ rules.fault }} as reason,
    {{ row_as_json(rules.columns) }} as row_as_arrived,
    {{ load_columns() }}
from {{ ref('bronze_' ~ entity) }}
where {{ rules.fault }} is not null
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}
