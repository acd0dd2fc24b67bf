{# Fails when the latest value lies more than `days` before today. #}
{% test newer_than(model, column_name, days) %}

select max({{ column_name }}) as latest
from {{ model }}
having cast(max({{ column_name }}) as date) < cast({{ dbt.dateadd("day", -days, dbt.current_timestamp()) }} as date)

{% endtest %}
