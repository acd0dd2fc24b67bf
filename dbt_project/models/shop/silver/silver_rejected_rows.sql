{%- set entities = {
    'customers': {'fault': customer_fault(), 'columns': ['id', 'name']},
    'stores': {'fault': store_fault(), 'columns': ['id', 'name', 'opened_at', 'tax_rate']},
    'orders': {
        'fault': order_fault(),
        'columns': ['id', 'customer', 'ordered_at', 'store_id', 'subtotal', 'tax_paid', 'order_total'],
    },
} -%}

{{ rejected_rows(entities) }}
