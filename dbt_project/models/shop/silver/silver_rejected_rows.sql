{%- set entities = {
    'customers': {'fault': customer_fault(), 'columns': ['id', 'name']},
    'stores': {'fault': store_fault(), 'columns': ['id', 'name', 'opened_at', 'tax_rate']},
    'orders': {
        'fault': order_fault(),
        'columns': ['id', 'customer', 'ordered_at', 'store_id', 'subtotal', 'tax_paid', 'order_total'],
    },
} -%}

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
