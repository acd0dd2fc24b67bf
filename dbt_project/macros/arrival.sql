{# What the raw load notes about each row. #}
{% macro load_columns() -%}
    _source_file,
    _source_sha256,
    _source_row,
    _source_modified_at,
    _loaded_at
{%- endmacro %}

{# Keep the version of each key that its source wrote last. #}
{% macro keep_latest(key) -%}
    qualify row_number() over (
        partition by {{ key }}
        order by _source_modified_at desc, _source_file desc, _loaded_at desc, _source_row desc
    ) = 1
{%- endmacro %}

{# In an incremental bronze model: only files whose content is not there yet. #}
{% macro only_new_files() -%}
    {%- if is_incremental() %}
where _source_sha256 not in (select _source_sha256 from {{ this }})
    {%- endif %}
{%- endmacro %}
