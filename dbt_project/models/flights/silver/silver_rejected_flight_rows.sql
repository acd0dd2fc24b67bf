{%- set entities = {
    'departures': {
        'fault': departure_fault(),
        'columns': [
            'year', 'month', 'day', 'dep_time', 'sched_dep_time', 'dep_delay', 'arr_time', 'sched_arr_time', 'arr_delay',
            'carrier', 'flight', 'tailnum', 'origin', 'dest', 'air_time', 'distance', 'hour', 'minute', 'time_hour',
        ],
    },
    'carriers': {'fault': carrier_fault(), 'columns': ['carrier', 'name']},
    'airports': {
        'fault': airport_fault(),
        'columns': ['faa', 'name', 'lat', 'lon', 'alt', 'tz', 'dst', 'tzone'],
    },
    'planes': {
        'fault': plane_fault(),
        'columns': ['tailnum', 'year', 'type', 'manufacturer', 'model', 'engines', 'seats', 'speed', 'engine'],
    },
} -%}

{{ rejected_rows(entities) }}
