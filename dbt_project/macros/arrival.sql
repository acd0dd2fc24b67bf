{# What the raw load notes about each row. #}
{% macro load_columns() -%}
    _source_file,
    _source_sha256,
    _source_row,
    _source_modified_at,
    _loaded_at
{%- endmacro %}

{# What tells of two versions of the same thing which one its source wrote later, the weightiest first. #}
{% macro version_columns() -%}
    {{ return(['_source_modified_at', '_source_file', '_loaded_at', '_source_row']) }}
{%- endmacro %}

{# Keep the version of each key that its source wrote last. #}
{% macro keep_latest(key) -%}
    qualify row_number() over (
        partition by {{ key }}
        order by {% for column in version_columns() %}{{ column }} desc{{ ', ' if not loop.last }}{% endfor %}
    ) = 1
{%- endmacro %}

{# Whether the version `one` is later than `other`, both names of tables. #}
{% macro is_later(one, other) -%}
    (
        {%- for column in version_columns() %}
        {{ 'or ' if not loop.first }}(
            {%- for before in version_columns()[:loop.index0] %}{{ one }}.{{ before }} = {{ other }}.{{ before }} and {% endfor -%}
            {{ one }}.{{ column }} > {{ other }}.{{ column }})
        {%- endfor %}
    )
{%- endmacro %}

{# In an incremental model that adds rows: only files of which it holds no row yet. Never told by the time of a load: one
   that began earlier may be committed later, and a clock may go back. #}
{% macro only_new_files() -%}
    {%- if is_incremental() %}
where _source_sha256 not in (select _source_sha256 from {{ this }})
    {%- endif %}
{%- endmacro %}
