{# Fails for each row of a file that is there more than once: a file was loaded twice. #}
{% test row_of_file_once(model) %}

select _source_sha256, _source_row
from {{ model }}
group by _source_sha256, _source_row
having count(*) > 1

{% endtest %}
