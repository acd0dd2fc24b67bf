select
    rejected_because,
    origin as station,
    observed_at,
    time_hour,
    temp,
    humid,
    wind_speed,
    precip,
    pressure,
    _source_file,
    _source_line,
    _source_sha256
from judged_readings
where rejected_because is not null
order by _source_file, _source_line
